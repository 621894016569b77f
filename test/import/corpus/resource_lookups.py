from dlt.sources.rest_api import rest_api_source


def only_open(row):
    return row["state"] == "open"


source = rest_api_source(
    {
        "client": {"base_url": "https://desk.example.com"},
        "resources": [
            {"name": "tickets", "endpoint": {"path": "tickets", "paginator": "single_page"}},
            {"name": "agents", "endpoint": {"path": "agents", "paginator": "single_page"}},
        ],
    },
    name="desk",
)

tickets = source.resources.get("tickets")
if tickets:
    tickets.add_filter(only_open)
source.resources["agents"].selected = False
