import dlt
from dlt.sources.rest_api import rest_api_resources


def endpoints():
    for version, names in (("v1", ["cars", "vans"]), ("v2", ["bikes"])):
        for name in names:
            yield {"name": name, "endpoint": {"path": f"{version}/{name}", "data_selector": "data", "paginator": "single_page"}}


@dlt.source(name="garage")
def garage():
    config = {"client": {"base_url": "https://garage.example.com"}, "resources": list(endpoints())}
    yield from rest_api_resources(config)
