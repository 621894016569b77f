import yaml
from dlt.sources.rest_api import rest_api_source

settings = yaml.safe_load(open("settings.yaml"))
incremental = settings["incremental"]

jobs = rest_api_source(
    {
        "client": {"base_url": "https://jobs.example.com", "paginator": "single_page"},
        "resources": [
            {
                "name": "runs",
                "endpoint": {
                    "path": "runs",
                    "params": {"since": "{incremental.start_value}", "filter": "at>{incremental.start_value}"},
                    "incremental": {
                        "cursor_path": incremental["cursor_path"],
                        "initial_value": incremental["initial_value"],
                    },
                },
            },
            {
                "name": "steps",
                "endpoint": {
                    "path": "steps",
                    "method": "POST",
                    "json": {"where": {"at": "{incremental.start_value}"}},
                    "incremental": {"cursor_path": "at", "initial_value": incremental["initial_value"]},
                },
            },
            {
                "name": "logs",
                "endpoint": {
                    "path": "logs",
                    "params": {"from": {"type": "incremental", "cursor_path": incremental["cursor_path"]}},
                },
            },
        ],
    }
)
