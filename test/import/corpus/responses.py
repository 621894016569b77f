import json

from dlt.sources.rest_api import rest_api_source


def wrap(response, *args, **kwargs):
    response._content = json.dumps({"rows": response.json()}).encode("utf8")


def log(response, *args, **kwargs):
    print(response.status_code)


library = rest_api_source(
    {
        "client": {"base_url": "https://library.example.com"},
        "resources": [
            {
                "name": "books",
                "endpoint": {
                    "path": "books",
                    "data_selector": "rows",
                    "paginator": "single_page",
                    "response_actions": [{"status_code": 404, "action": "ignore"}, {"status_code": 200, "action": wrap}, log],
                },
            }
        ],
    }
)
