import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.resource(name="totals", write_disposition="replace")
def totals():
    yield fetch_totals()


@dlt.source
def clinic(token=dlt.secrets.value):
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    yield from rest_api_resources(
        {
            "client": {"base_url": "https://clinic.example.com", "headers": headers},
            "resources": [{"name": "visits", "endpoint": {"path": "visits", "data_selector": "data", "paginator": "single_page"}}],
        }
    )
    yield totals
