import dlt
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from dlt.sources.rest_api import rest_api_source

QUERY = """
query ($after: String) {{
  films(first: 50, after: $after) {{ nodes {{ id }} pageInfo {{ endCursor hasNextPage }} }}
}}
"""

films = rest_api_source(
    {
        "client": {"base_url": "https://films.example.com"},
        "resources": [
            {
                "name": "films",
                "endpoint": {
                    "path": "graphql",
                    "method": "POST",
                    "json": {"query": QUERY, "variables": {"after": None}},
                    "data_selector": "data.films.nodes",
                    "paginator": JSONResponseCursorPaginator(
                        cursor_path="data.films.pageInfo.endCursor", cursor_body_path="variables.after"
                    ),
                },
            }
        ],
    }
)
