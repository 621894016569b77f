from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator, JSONResponseCursorPaginator
from dlt.sources.rest_api import rest_api_source


class GuardedCursor(JSONResponseCursorPaginator):
    def __init__(self, cursor_param="after"):
        super().__init__(cursor_path="meta.after", cursor_param=cursor_param)

    def update_state(self, response, data=None):
        super().update_state(response, data)
        if not self._next_reference:
            self._has_next_page = False


class OwnLink(JSONLinkPaginator):
    def update_state(self, response, data=None):
        self._next_reference = response.json().get("@next")


feed = rest_api_source(
    {
        "client": {"base_url": "https://feed.example.com", "paginator": "single_page"},
        "resources": [
            {"name": "posts", "endpoint": {"path": "posts", "paginator": GuardedCursor()}},
            {"name": "likes", "endpoint": {"path": "likes", "paginator": GuardedCursor(cursor_param="since")}},
            # The class finds the next page in its own way, so the paginator of the client does not apply either.
            {"name": "links", "endpoint": {"path": "links", "paginator": OwnLink()}},
        ],
    }
)
