from typing import Any, Final

from dlt.sources.rest_api import RESTAPIConfig
from dlt.sources.rest_api.typing import ClientConfig, EndpointResource

BASE: Final[str] = "https://parks.example.com/v3"
page_size: int = 25

client: ClientConfig = {"base_url": BASE}
trails: EndpointResource = {
    "name": "trails",
    "endpoint": {
        "path": "trails",
        "params": {"per_page": page_size},
        "data_selector": "items",
        "paginator": {"type": "page_number", "base_page": 1, "total_path": None, "maximum_page": 10},
    },
}
parks_config: RESTAPIConfig = {"client": client, "resources": [trails]}
extra: dict[str, Any] = {"unused": True}
