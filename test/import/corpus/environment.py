import os

from dotenv import load_dotenv
from dlt.sources.rest_api import rest_api_source

load_dotenv()

key = os.environ["CRM_API_KEY"]
if key is None:
    raise RuntimeError("CRM_API_KEY is missing")

crm = rest_api_source(
    {
        "client": {
            "base_url": os.environ["CRM_URL"].rstrip("/") + "/api",
            "headers": {"Authorization": f"Token {key}", "Accept": "application/json"},
        },
        "resources": [
            {"name": "leads", "endpoint": {"path": "leads", "params": {"team": os.getenv("CRM_TEAM")}, "data_selector": "data", "paginator": "single_page"}}
        ],
    }
)
