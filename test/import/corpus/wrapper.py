import dlt
from dlt.sources.rest_api import rest_api_resources


def client(token, base="https://wrap.example.com"):
    return {"base_url": base, "auth": {"type": "bearer", "token": token}}


def build(resources, token=None):
    """Adds the client to the resources."""
    config = {"client": client(token), "resources": resources}
    return rest_api_resources(config)


@dlt.source(name="music")
def music(token=dlt.secrets.value):
    return build(
        [{"name": name, "endpoint": {"path": name, "data_selector": "data", "paginator": "single_page"}} for name in ["songs", "bands"]],
        token,
    )
