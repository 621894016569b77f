from dlt.sources.rest_api import rest_api_source


def endpoint(path, *selectors, paginator="single_page", **params):
    return {"path": path, "params": params, "data_selector": ".".join(selectors), "paginator": paginator}


def resource(name, *args, **kwargs):
    return {"name": name, "endpoint": endpoint(*args, **kwargs)}


common = ("api/boats", "data", "boats")
options = {"sort": "name", "paginator": "header_link"}
harbour = rest_api_source(
    {
        "client": {"base_url": "https://harbour.example.com"},
        "resources": [resource("boats", *common, **options), resource("berths", "api/berths", "data", size=3)],
    }
)
