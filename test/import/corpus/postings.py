from dlt.sources.rest_api import rest_api_source

body = {"filters": [{"field": "state", "op": "in", "values": ["open", "won"]}], "size": 100}
body["sort"] = [{"by": "id"}]

deals = rest_api_source(
    {
        "client": {"base_url": "https://deals.example.com"},
        "resources": [
            {
                "name": "search",
                "endpoint": {
                    "path": "search",
                    "method": "POST",
                    "json": body,
                    "data_selector": "hits",
                    "paginator": {"type": "offset", "limit": 100, "offset_body_path": "from", "limit_body_path": "size", "total_path": "total"},
                },
            },
            {"name": "form", "endpoint": {"path": "form", "method": "POST", "data": {"a": "1"}, "data_selector": "hits", "paginator": "single_page"}},
        ],
    }
)
