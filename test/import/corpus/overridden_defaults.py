import json
import os

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from dlt.sources.rest_api import rest_api_source


class TokenPaginator(BasePaginator):
    def update_state(self, response, data=None):
        self._has_next_page = "token" in response.json()

    def update_request(self, request):
        request.params["token"] = self.token


def unpack(response, *args, **kwargs):
    response._content = json.dumps(response.json()["rows"]).encode()
    return response


def selector_of(name):
    with open(f"{name}.txt") as file:
        return file.read()


# What a resource sets itself never falls back to the defaults, even if it cannot be converted.
library = rest_api_source(
    {
        "client": {
            "base_url": "https://library.example.com",
            "paginator": {"type": "page_number", "base_page": 1, "total_path": None},
        },
        "resource_defaults": {
            "primary_key": "id",
            "merge_key": "shelf",
            "endpoint": {
                "data_selector": "items",
                "response_actions": [{"status_code": 404, "action": "ignore"}],
                "incremental": {"cursor_path": "changed", "start_param": "since", "initial_value": "2024-01-01"},
            },
        },
        "resources": [
            "books",
            {
                "name": "loans",
                "primary_key": "",
                "merge_key": [],
                "endpoint": {
                    "path": "loans",
                    "data_selector": selector_of("loans"),
                    "paginator": TokenPaginator(),
                    "response_actions": [unpack],
                    "incremental": make_incremental(os.environ),
                },
            },
        ],
    }
)
