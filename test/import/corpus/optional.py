from typing import Optional

import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def hotel_source(
    token: Optional[str] = None,
    city: Optional[str] = None,
    stars: Optional[int] = None,
    page_size: int = 50,
    since: Optional[str] = None,
):
    params = {"city": city, "page_size": page_size}
    if stars:
        params["stars"] = stars
    params = {key: value for key, value in params.items() if value is not None}
    yield from rest_api_resources(
        {
            "client": {
                "base_url": "https://hotels.example.com",
                "auth": {"type": "bearer", "token": token} if token is not None else None,
            },
            "resources": [
                {"name": "rooms", "endpoint": {"path": "rooms", "params": params, "data_selector": "data", "paginator": "single_page"}},
                {
                    "name": "stays",
                    "endpoint": {"path": "stays", "params": {"since": since or "2024-01-01"}, "data_selector": "data", "paginator": "single_page"},
                },
            ],
        }
    )
