import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def zoo(api_key: str = dlt.secrets.value):
    base = {"key": api_key}

    def params(**more):
        return base | more

    def animals(kind, limit=5):
        return {"name": kind, "endpoint": {"path": f"animals/{kind}", "params": params(limit=limit), "data_selector": "data", "paginator": "single_page"}}

    make = lambda kind: animals(kind, limit=7)
    yield from rest_api_resources(
        {"client": {"base_url": "https://zoo.example.com"}, "resources": [animals("birds"), *map(make, ["fish", "bats"])]}
    )
