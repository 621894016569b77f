import dlt
from dlt.sources.rest_api import rest_api_source
from settings import API_TOKEN, BASE_URL, PAGE_SIZE
import constants

shipping = rest_api_source(
    {
        "client": {"base_url": BASE_URL, "auth": {"type": "bearer", "token": API_TOKEN}},
        "resources": [
            {
                "name": "parcels",
                "endpoint": {
                    "path": "parcels",
                    "params": {"size": PAGE_SIZE, "zone": constants.ZONE},
                    "data_selector": "data",
                    "paginator": "single_page",
                },
            }
        ],
    }
)
