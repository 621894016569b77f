import base64
import os
from base64 import b64encode

import dlt
from dlt.sources.rest_api import rest_api_resources, rest_api_source

pair = f"{os.environ['DESK_USER']}:{os.environ['DESK_TOKEN']}"
encoded = base64.b64encode(pair.encode("utf-8")).decode("ascii")


def header(email, token):
    raw = f"{email}/token:{token}".encode()
    return "Basic " + b64encode(raw).decode()


def reader(base_url, headers):
    return {
        "client": {"base_url": base_url, "headers": headers, "paginator": "single_page"},
        "resource_defaults": {"endpoint": {"data_selector": "data"}},
        "resources": ["agents"],
    }


desk = rest_api_source(reader("https://desk.example.com", {"Authorization": f"Basic {encoded}", "Accept": "application/json"}))
mail = rest_api_source(reader("https://mail.example.com", {"authorization": header(dlt.secrets["email"], dlt.secrets["token"])}))
keys = rest_api_source(reader("https://keys.example.com", {"Authorization": "Basic " + str(b64encode(bytes(f":{dlt.secrets['key']}", "utf-8")), "utf-8")}))


@dlt.resource(selected=False, primary_key="id", spec=None)
def regions():
    yield [{"id": "eu"}, {"id": "us"}]


@dlt.source
def regional():
    yield from rest_api_resources(
        {
            "client": {"base_url": "https://regional.example.com", "paginator": "single_page"},
            "resources": [regions, {"name": "offices", "endpoint": {"path": "{resources.regions.id}/offices", "data_selector": "data"}}],
        }
    )
