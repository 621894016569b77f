import dlt
from dlt.sources.rest_api import rest_api_source


def lower(row):
    return {key.lower(): value for key, value in row.items()}


shop = rest_api_source(
    {
        "client": {"base_url": "https://shop.example.com"},
        "resources": [
            {
                "name": "orders",
                "endpoint": {"path": "orders", "data_selector": "data", "paginator": "single_page"},
                "processing_steps": [{"filter": lambda row: row["id"] > 0}, {"map": lower}],
            },
            {
                "name": "lines",
                "endpoint": {"path": "lines", "data_selector": "data", "paginator": "single_page"},
                "processing_steps": [{"yield_map": lambda row: row["parts"]}],
            },
        ],
    }
)
