import os

import dlt
from dlt.sources.rest_api import rest_api_source

HOST = "https://store.example.com/"


def load_settings():
    return open("settings.yaml").read()


def shop(host=None, key=None, user=None, password=None, tenant=None):
    base = (host or HOST).rstrip("/")
    key = key or os.environ.get("SHOP_KEY")
    tenant = tenant or dlt.config["shop.tenant"]
    return rest_api_source(
        {
            "client": {
                "base_url": f"{base}/v1",
                "headers": {"X-Api-Key": key},
                "auth": {"type": "http_basic", "username": user, "password": password} if user and password else None,
            },
            "resources": [
                {
                    "name": "orders",
                    "endpoint": {"path": "orders", "paginator": "single_page", "params": {"tenant": tenant}},
                }
            ],
        },
        name="shop",
    )


tokens = rest_api_source(
    {
        "client": {
            "base_url": "https://tokens.example.com",
            "auth": {
                "type": "oauth2_client_credentials",
                "access_token_url": "https://tokens.example.com/token",
                "client_id": os.environ["TOKENS_ID"],
                "client_secret": os.environ["TOKENS_SECRET"],
                "access_token_request_data": load_settings()["request"],
            },
        },
        "resources": [{"name": "rows", "endpoint": {"path": "rows", "paginator": "single_page"}}],
    }
)
