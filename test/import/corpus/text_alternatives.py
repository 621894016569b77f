from textwrap import dedent

import dlt
from dlt.sources.rest_api import rest_api_resources, rest_api_source

OBJECTS = """
customers
vendors   No,Name
""".strip().splitlines()


def parse(line):
    name, *columns = line.split()
    return name, (columns[0] if columns else None)


def collect(register, name, **params):
    register({"name": name, "endpoint": {"path": name, "params": params, "data_selector": "value", "paginator": "single_page"}})


config = {"client": {"base_url": "https://erp.example.com"}, "resources": []}
add = config["resources"].append
for name, columns in map(parse, OBJECTS):
    collect(add, name, **({"select": columns} if columns else {}))

erp = rest_api_source(config)


@dlt.source
def tracker(project: str = None, token: str = dlt.secrets.value):
    base = "updated >= '{incremental.start_value}'"
    jql = base if project is None else f"project = {project} AND " + base
    query = base + (f" AND project = {project}" if project else "")
    yield from rest_api_resources(
        {
            "client": {"base_url": "https://tracker.example.com", "auth": {"type": "bearer", "token": token}},
            "resources": [
                {
                    "name": "issues",
                    "endpoint": {
                        "path": "issues",
                        "params": {"jql": jql, "query": query},
                        "data_selector": "data",
                        "paginator": "single_page",
                        "incremental": {"cursor_path": "updated", "initial_value": "2024-01-01"},
                    },
                }
            ],
        }
    )


def search(field):
    # One expression, evaluated with two fields: two values.
    return {
        "name": field,
        "endpoint": {
            "path": "search",
            "method": "POST",
            "json": {"query": render("<%s>", {"field": field}), "text": dedent("<%(field)s>" % {"field": field})},
            "data_selector": "data",
            "paginator": "single_page",
        },
    }


graph = rest_api_source({"client": {"base_url": "https://graph.example.com"}, "resources": [search("issues"), search("users")]})


@dlt.source
def regional(host: str = dlt.config.value):
    for region in ("eu", "us"):
        values = ["a", "b", "c"]
        values[0:2] = [region]
        yield rest_api_resources(
            {
                "client": {"base_url": f"{host}/{region}"},
                "resources": [{"name": f"orders_{region}", "endpoint": {"path": "orders", "params": {"v": values}, "data_selector": "data", "paginator": "single_page"}}],
            }
        )
