import dlt
from dlt.sources.rest_api import RESTAPIConfig, rest_api_resources

ENVIRONMENT = "production"
if ENVIRONMENT == "production":
    BASE_URL = "https://orders.example.com"
else:
    BASE_URL = "https://test.example.com"


@dlt.source
def orders_source(token: str = dlt.secrets.value, with_lines: bool = True, region: str | None = None):
    if not token:
        raise ValueError("no token")
    endpoint = {"path": "orders", "data_selector": "data", "paginator": "single_page", "params": {"region": region}}
    config: RESTAPIConfig = {
        "client": {"base_url": BASE_URL, "auth": {"type": "bearer", "token": token}},
        "resources": [{"name": "orders", "endpoint": endpoint}],
    }
    if with_lines:
        config["resources"].append(
            {"name": "lines", "endpoint": {"path": "orders/{resources.orders.id}/lines", "data_selector": "data"}}
        )
    if region is not None:
        endpoint["params"]["area"] = region
    yield from rest_api_resources(config)
