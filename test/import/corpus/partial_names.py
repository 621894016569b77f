import os

import dlt
from dlt.sources.rest_api import rest_api_source


def tenant_source(tenant: str):
    tenant = tenant.lower()
    key = os.getenv(f"DESK__{tenant.upper()}__API_KEY")
    project = os.environ.get(f"DESK__{tenant.upper()}__PROJECT")
    if not all([key, project]):
        raise ValueError("not configured")
    return rest_api_source(
        {
            "client": {"base_url": "https://desk.example.com", "headers": {"x-desk": key}},
            "resources": [
                {
                    "name": f"{tenant}_tickets",
                    "endpoint": {"path": "tickets", "paginator": "single_page", "params": {"project": project}},
                },
                {
                    "name": f"{tenant}_ticket_details",
                    "endpoint": {
                        "path": "details",
                        "paginator": "single_page",
                        "params": {"id": f"{{resources.{tenant}_tickets.id}}", "depth": 2},
                    },
                    "include_from_parent": ["id"],
                },
                {
                    "name": f"{tenant}_comments",
                    "endpoint": {
                        "path": "tickets/{ticket}/comments",
                        "paginator": "single_page",
                        "params": {
                            "ticket": {"type": "resolve", "resource": f"{tenant}_tickets", "field": "id"},
                        },
                    },
                },
                {
                    # The known part is taken.
                    "name": f"{other()}_comments",
                    "endpoint": {
                        "path": "notes/{resources." + tenant + "_comments.id}",
                        "paginator": "single_page",
                    },
                },
            ],
        },
        name="desk",
    )
