import dlt
from dlt.sources.rest_api import rest_api_source

keyed = rest_api_source(
    {
        "client": {
            "base_url": "https://homes.example.com/v3/",
            "headers": {"X-Homes-Key": dlt.secrets["homes.key"]},
            "paginator": "single_page",
        },
        "resources": [
            "homes",
            {"name": "rooms", "endpoint": {"path": "https://homes.example.com/v4/rooms"}},
            {"name": "settings", "endpoint": {"path": "https://admin.example.com/homes/{resources.homes.id}/settings"}},
            {
                "name": "prices",
                "endpoint": {"path": "https://prices.example.com/all", "auth": {"token": dlt.secrets["prices.token"]}},
            },
        ],
    },
    name="keyed",
)

# Without credentials, nothing is lost.
public = rest_api_source(
    {
        "client": {"base_url": "https://open.example.com", "paginator": "single_page"},
        "resources": ["places", {"name": "maps", "endpoint": {"path": "https://maps.example.com/all"}}],
    },
    name="public",
)

# The origin of an unknown base URL may be another one.
tenant = rest_api_source(
    {
        "client": {
            "base_url": dlt.config["tenant.url"],
            "auth": {"token": dlt.secrets["tenant.token"]},
            "paginator": "single_page",
        },
        "resources": [{"name": "logs", "endpoint": {"path": "https://logs.example.com/all"}}],
    },
    name="tenant",
)
