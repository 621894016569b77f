from company.http import BearerTokenAuth
from dlt.sources.rest_api import rest_api_source


class HeaderLinkPaginator:
    """Pages by a header of our own."""

    def __init__(self, header):
        self.header = header


intranet = rest_api_source(
    {
        "client": {
            "base_url": "https://intranet.example.com",
            "auth": BearerTokenAuth("vault://intranet"),
            "paginator": HeaderLinkPaginator("X-Next"),
        },
        "resources": [{"name": "staff", "endpoint": {"path": "staff", "data_selector": "data"}}],
    }
)
