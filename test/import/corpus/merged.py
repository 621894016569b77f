import copy

from dlt.sources.rest_api import rest_api_source

BASE = {"endpoint": {"params": {"lang": "en"}, "data_selector": "data", "paginator": "single_page"}}


def derive(name, **more):
    resource = copy.deepcopy(BASE)
    resource["name"] = name
    resource["endpoint"]["path"] = f"/{name}/"
    resource["endpoint"]["params"].update(more)
    return resource


shared = BASE.copy()
opera = rest_api_source(
    {
        "client": {"base_url": "https://opera.example.com"},
        "resources": [derive("singers"), derive("plays", year=2024), {**shared, "name": "halls"} | {"primary_key": "id"}],
    }
)
