import os

from dlt.sources.rest_api import rest_api_source


def telephony(account, token=None, key=None, key_secret=None):
    # Both halves of the pair depend on the same condition, but they are two values.
    if key and key_secret:
        user, secret = key, key_secret
    elif token:
        user, secret = account, token
    else:
        raise ValueError("no credentials")
    prefix = account if account.startswith("AC") else f"AC{account}"
    return rest_api_source(
        {
            "client": {
                "base_url": "https://voice.example.com",
                "auth": {"type": "http_basic", "username": user, "password": secret},
            },
            "resources": [
                {"name": "account", "endpoint": {"path": prefix, "paginator": "single_page"}},
                {"name": "calls", "endpoint": {"path": f"{prefix}/calls", "paginator": "single_page"}},
                {"name": "texts", "endpoint": {"path": f"{prefix}/texts", "paginator": "single_page"}},
            ],
        },
        name="telephony",
    )


def region(name):
    # One function, called with two names: two values.
    return lookup(name)


def setting(settings):
    return settings["value"]


def content(name):
    with open(name) as file:
        return file.read()


def after(day):
    return day + step


regional = rest_api_source(
    {
        "client": {"base_url": "https://regions.example.com"},
        "resources": [
            {
                "name": "sites",
                "endpoint": {
                    "path": "sites",
                    "paginator": "single_page",
                    "params": {
                        "from": region("west"),
                        "to": region("south"),
                        "again": region("west"),
                        "first": setting(load("first")),
                        "second": setting(load("second")),
                        "head": content("head.txt"),
                        "foot": content("foot.txt"),
                        "low": after(low),
                        "high": after(high),
                        "east": "east" if os.name == "nt" else region("west"),
                        "north": "north" if os.name == "nt" else region("west"),
                    },
                },
            }
        ],
    }
)
