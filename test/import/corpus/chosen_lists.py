import os

import dlt
from dlt.sources.rest_api import rest_api_resources, rest_api_source

ALL = ("products", "users")
EXTRA = ["logs"] if os.getenv("WITH_LOGS") else []


def endpoints(names=None):
    return [{"name": name, "endpoint": {"path": name, "paginator": "single_page"}} for name in names or ["carts"]]


@dlt.source
def shop(context):
    selected = ALL if context.selected is None else (context.selected,)
    config = {
        "client": {"base_url": "https://shop.example.com"},
        "resources": [
            {"name": name, "endpoint": {"path": name, "data_selector": name, "paginator": "single_page"}}
            for name in selected
        ],
    }
    yield from rest_api_resources(config)


def cities(names: list[str] | None = None):
    resources = []
    for name in names or ["oslo", "rome"]:
        resources.append(
            {"name": name, "endpoint": {"path": "weather", "paginator": "single_page", "params": {"q": name}}}
        )
    return rest_api_source({"client": {"base_url": "https://weather.example.com"}, "resources": resources}, name="cities")


carts = rest_api_source(
    {
        "client": {"base_url": "https://carts.example.com"},
        "resources": [
            *endpoints(os.environ.get("CARTS")),
            *[{"name": name, "endpoint": {"path": name, "paginator": "single_page"}} for name in EXTRA],
        ],
    }
)
