import dlt
import pendulum
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def repo_source(access_token=dlt.secrets.value, start="2024-01-01T00:00:00Z"):
    config = {
        "client": {"base_url": "https://code.example.com", "auth": {"type": "bearer", "token": access_token}},
        "resource_defaults": {"endpoint": {"data_selector": "data", "paginator": "single_page"}},
        "resources": [
            {
                "name": "issues",
                "endpoint": {
                    "path": "issues",
                    "params": {"state": "all", "since": dlt.sources.incremental("updated_at", initial_value=start)},
                },
            },
            {
                "name": "commits",
                "endpoint": {
                    "path": "commits",
                    "params": {"from": "{incremental.start_value}", "to": "{incremental.end_value}"},
                    "incremental": {
                        "cursor_path": "date",
                        "initial_value": start,
                        "end_value": "2024-12-31T00:00:00Z",
                        "convert": lambda value: pendulum.parse(value).format("YYYY/MM/DD"),
                        "lag": 3600,
                    },
                },
            },
            {
                "name": "builds",
                "endpoint": {
                    "path": "builds",
                    "incremental": {
                        "start_param": "after",
                        "end_param": "before",
                        "cursor_path": "started",
                        "initial_value": "2024-01-01",
                        "convert": lambda dt: dt.split("T")[0],
                    },
                },
            },
        ],
    }
    yield from rest_api_resources(config)
