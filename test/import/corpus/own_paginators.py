from dlt.sources.helpers.rest_client.paginators import BasePaginator, JSONLinkPaginator, OffsetPaginator
from dlt.sources.rest_api import rest_api_source


class Skip(OffsetPaginator):
    def __init__(self, limit):
        super().__init__(limit=limit, offset_param="skip", limit_param="take", total_path="count")


class Links(JSONLinkPaginator):
    pass


class Token(BasePaginator):
    def update_state(self, response, data=None):
        self.token = response.json().get("token")


def resource(name, paginator):
    return {"name": name, "endpoint": {"path": name, "data_selector": "data", "paginator": paginator}}


forest = rest_api_source(
    {
        "client": {"base_url": "https://forest.example.com"},
        "resources": [
            resource("trees", Skip(20)),
            resource("paths", Links(next_url_path="links.next")),
            resource("owls", Token()),
            {"name": "owl", "endpoint": {"path": "owls/{resources.owls.id}", "data_selector": "data", "paginator": Token()}},
        ],
    }
)
