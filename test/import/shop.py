"""Pipelines of the shop."""
import os
from datetime import datetime, timedelta

import dlt
import pendulum
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth, OAuth2ClientCredentials as OAuth
from dlt.sources.helpers.rest_client.paginators import OffsetPaginator, JSONLinkPaginator
from dlt.sources.rest_api import RESTAPIConfig, rest_api_resources
from settings import PAGE_SIZE

HOST = "shop.example.com"
VERSION = "v2"
BASE_URL = f"https://{HOST}/api/{VERSION}"
DEFAULTS = {"per_page": 50, "state": "open"}
TOKEN = "sk_live_1234567890"


def is_paid(record):
    return record["paid"]


class ShopPaginator(OffsetPaginator):
    def update_state(self, response, data=None):
        self._has_next_page = False


@dlt.source(name="shop")
def shop_source(year, api_key: str = dlt.secrets.value, region: str = dlt.config.value, page_size: int = 20):
    """Orders and customers of the shop.

    Args:
        year: which year to read
    """
    config: RESTAPIConfig = {
        "client": {
            "base_url": BASE_URL,
            "auth": BearerTokenAuth(token=api_key),
            "headers": {"X-Region": region, "X-Api-Key": os.environ["SHOP_KEY"], "X-Trace": f"trace-{make_trace()}", "X-N": 5},
            "paginator": ShopPaginator(limit=100),
        },
        "resource_defaults": {
            "primary_key": "id",
            "write_disposition": "merge",
            "endpoint": {"params": {**DEFAULTS, "limit": page_size}},
        },
        "resources": [
            # All orders of one year,
            # drafts included.
            {
                "name": "orders",
                "endpoint": {
                    "path": f"orders/{year}",
                    "params": {
                        "since": (datetime.now() - timedelta(days=30)).isoformat(),
                        "per_page": PAGE_SIZE,
                        "sort": "asc" if year > 2020 else "desc",
                        "key": TOKEN,
                        "updated": dlt.sources.incremental("updated_at", initial_value=pendulum.datetime(2024, 1, 1)),
                    },
                    "paginator": OffsetPaginator(PAGE_SIZE, total_path=None),
                },
                "processing_steps": [
                    {"filter": lambda r: r["total"] > 10},
                    {"map": is_paid, "filter": is_paid},
                    {"yield_map": lambda r: r["lines"]},
                ],
            },
            {
                "name": "customers",  # Everybody who ever bought something.
                "endpoint": {
                    "path": "customers/{resources.orders.customer_id}",
                    "auth": OAuth("", "https://shop.example.com/token", "client", "very-secret"),
                    "response_actions": [
                        {"status_code": 404, "action": "ignore"},
                        lambda response, *args, **kwargs: response,
                        {"status_code": 500, "action": print},
                    ],
                    "json": {"query": "{{ a }}", "password": "hunter22"},
                    "paginator": JSONLinkPaginator("links.next"),
                    "incremental": {
                        "cursor_path": "updated_at",
                        "initial_value": pendulum.parse("2024-01-01T00:00:00Z"),
                        "convert": lambda d: d.timestamp(),
                        "last_value_func": max,
                    },
                },
            },
            "events",
            dlt.resource([1, 2], name="numbers"),
            *extra_resources,
        ],
    }
    config["resources"].append({"name": "refunds", "endpoint": f"refunds/{VERSION}"})
    if year > 2000:
        config["resources"].append({"name": "late"})
    yield from rest_api_resources(config)
