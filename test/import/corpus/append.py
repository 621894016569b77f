import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def museum_source(api_key=dlt.secrets.value):
    resources = []
    resources.append({"name": "rooms", "endpoint": {"path": "rooms", "data_selector": "data"}})
    resources += [{"name": "guides", "endpoint": {"path": "guides", "data_selector": "data"}}]
    resources.extend(
        {"name": kind, "endpoint": {"path": f"objects/{kind}", "data_selector": "data"}} for kind in ("coins", "maps")
    )
    resources.insert(0, "halls")
    resources[0] = {"name": "halls", "endpoint": {"path": "halls", "data_selector": "data"}}
    config = {"client": {"base_url": "https://museum.example.com"}}
    config["resources"] = resources
    config["client"].update(auth={"type": "api_key", "name": "X-Key", "api_key": api_key})
    for resource in resources:
        resource["endpoint"]["paginator"] = {"type": "offset", "limit": 50, "total_path": None}
    yield from rest_api_resources(config)
