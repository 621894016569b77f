import dlt
from dlt.sources.rest_api import rest_api_source

log = rest_api_source(
    {
        "client": {"base_url": "https://log.example.com", "paginator": "single_page"},
        "resources": [
            {
                "name": "events",
                "endpoint": {
                    "path": "events",
                    "incremental": {
                        "cursor_path": "at",
                        "start_param": "from",
                        "end_param": "to",
                        "initial_value": "2024-01-01",
                        "end_value": "2024-02-01",
                    },
                },
            },
            {"name": "alarms", "endpoint": {"path": "alarms", "incremental": {"cursor_path": "at"}}},
        ],
    }
)

# The block of the configuration still says which parameters are sent.
log.events.apply_hints(incremental=dlt.sources.incremental("at", initial_value="2025-01-01", end_value="2025-03-01"))
log.alarms.apply_hints(incremental=make_incremental())
