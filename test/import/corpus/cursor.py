from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from dlt.sources.rest_api import rest_api_source

chat = rest_api_source(
    {
        "client": {
            "base_url": "https://chat.example.com/api/",
            "paginator": JSONResponseCursorPaginator(cursor_path="meta.next", cursor_param="cursor"),
        },
        "resource_defaults": {"write_disposition": {"disposition": "merge", "strategy": "scd2"}, "primary_key": "id"},
        "resources": [
            {"name": "channels", "endpoint": {"path": "channels", "params": {"limit": 200}, "data_selector": "channels"}},
            {
                "name": "messages",
                "write_disposition": {"disposition": "merge", "strategy": "upsert"},
                "columns": {"text": {"data_type": "text", "nullable": True}},
                "endpoint": {"path": "history", "params": {"channel": "{resources.channels.id}"}, "data_selector": "messages"},
            },
        ],
    },
    name="chat",
)
