from dlt.sources.rest_api import rest_api_source

DEFAULTS = dict(
    primary_key="id",
    write_disposition="merge",
    endpoint=dict(params=dict(per_page=100), data_selector="results", paginator=dict(type="json_link", next_url_path="paging.next")),
)

wiki = rest_api_source(
    {
        "client": {"base_url": "https://wiki.example.com"},
        "resource_defaults": {**DEFAULTS, "max_table_nesting": 2},
        "resources": [
            "pages",
            {"name": "revisions", "endpoint": {"path": "revisions", "params": {"per_page": 10, "sort": "-id"}}},
            {"name": "users", "primary_key": ["org", "id"], "selected": False},
        ],
    },
    max_table_nesting=1,
    parallelized=True,
)
