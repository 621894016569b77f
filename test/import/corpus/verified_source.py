from typing import Iterable

import dlt
from rest_api import RESTAPIConfig, check_connection, rest_api_resources, rest_api_source


@dlt.source
def ledger_source(access_token: str = dlt.secrets.value) -> Iterable:
    """Accounts and entries of the ledger.

    Args:
        access_token: the token
    """
    config: RESTAPIConfig = {
        "client": {
            "base_url": "https://ledger.example.com/",
            "auth": {"type": "bearer", "token": access_token},
            "paginator": {"type": "json_response", "next_url_path": "links.next"},
        },
        "resources": [
            # The accounts, closed ones included.
            {"name": "accounts", "endpoint": {"path": "accounts", "data_selector": "data"}},
            {
                "name": "entries",  # <-- the child
                "endpoint": {
                    "path": "entries",
                    "data_selector": "data",
                    "params": {"since": {"type": "incremental", "cursor_path": "booked", "initial_value": "2024-01-01"}},
                },
            },
        ],
    }
    yield from rest_api_resources(config)


def load() -> None:
    pipeline = dlt.pipeline(pipeline_name="ledger", destination="duckdb", dataset_name="ledger")
    print(pipeline.run(ledger_source()))


if __name__ == "__main__":
    load()
