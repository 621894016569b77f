import os

from dlt.sources.rest_api import rest_api_source

if (mode := "fast") and (size := {"fast": 500, "slow": 50}[mode]):
    params = {"size": size}

if region := os.getenv("REGION"):
    params["region"] = region

stock = rest_api_source(
    {
        "client": {"base_url": "https://stock.example.com"},
        "resources": [{"name": "items", "endpoint": {"path": "items", "params": params, "data_selector": "data", "paginator": "single_page"}}],
    }
)
