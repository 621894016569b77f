from datetime import date, datetime, timedelta, timezone

import pendulum
from dlt.sources.rest_api import rest_api_source

START = datetime(2024, 1, 1, tzinfo=timezone.utc)

sales = rest_api_source(
    {
        "client": {"base_url": "https://sales.example.com"},
        "resource_defaults": {"endpoint": {"data_selector": "data", "paginator": "single_page"}},
        "resources": [
            {
                "name": "invoices",
                "endpoint": {
                    "path": "invoices",
                    "params": {"since": "{incremental.start_value}", "until": pendulum.now().to_date_string()},
                    "incremental": {"cursor_path": "changed", "initial_value": START.strftime("%Y-%m-%d")},
                },
            },
            {
                "name": "refunds",
                "endpoint": {
                    "path": "refunds",
                    "params": {"from": START.isoformat(), "day": date(2024, 2, 1).isoformat(), "epoch": int(START.timestamp())},
                },
            },
            {
                "name": "drafts",
                "endpoint": {
                    "path": "drafts",
                    "params": {"after": (datetime.now() - timedelta(days=7)).strftime("%Y-%m-%d")},
                },
            },
        ],
    }
)
