import sys

from dlt.sources.rest_api import rest_api_source

is_full = len(sys.argv) > 1
params = {"state": "all"} if is_full else {"state": "open"}
resources = ["a"]
if is_full:
    resources.append("b")

tickets = rest_api_source(
    {
        "client": {"base_url": "https://tickets.example.com", "headers": {"X-Mode": "full" if is_full else "part"}},
        "resource_defaults": {"endpoint": {"params": params, "data_selector": "data", "paginator": "single_page"}},
        "resources": resources,
    }
)
