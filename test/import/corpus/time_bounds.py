from typing import Optional

import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def measurements(start: str, end: Optional[str] = None):
    endpoint = {
        "path": "values",
        "params": {"from": "{incremental.start_value}", "unit": "m"},
        "paginator": "single_page",
        "incremental": {
            "cursor_path": "day",
            "start_param": "from",
            "end_param": "until",
            "initial_value": start,
            "end_value": end,
        },
    }
    if end is not None:
        endpoint["params"]["until"] = end
    bounded = {
        "name": "bounded",
        "endpoint": {
            "path": "values",
            "paginator": "single_page",
            # The parameters of the incremental block win.
            "params": {"from": "ignored", "until": "ignored", "unit": "km"},
            "incremental": {
                "cursor_path": "day",
                "start_param": "from",
                "end_param": "until",
                "initial_value": "2024-01-01",
                "end_value": "2024-02-01",
            },
        },
    }
    config = {
        "client": {"base_url": "https://meters.example.com"},
        "resources": [{"name": "values", "endpoint": endpoint}, bounded],
    }
    yield from rest_api_resources(config)
