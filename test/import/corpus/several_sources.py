import dlt
from dlt.sources.rest_api import rest_api_resources, rest_api_source


def simple(name, host):
    return rest_api_source(
        {"client": {"base_url": host}, "resources": [{"name": "items", "endpoint": {"path": "items", "data_selector": "data", "paginator": "single_page"}}]},
        name=name,
    )


@dlt.source
def tools_source(key=dlt.secrets.value):
    yield from rest_api_resources(
        {
            "client": {"base_url": "https://tools.example.com", "auth": {"type": "api_key", "api_key": key, "name": "k", "location": "query"}},
            "resources": [{"name": "saws", "endpoint": {"path": "saws", "data_selector": "data", "paginator": "single_page"}}],
        }
    )


pipeline = dlt.pipeline("all")
for one in ("red", "blue"):
    pipeline.run(simple(one, f"https://{one}.example.com"))
pipeline.run(tools_source())
