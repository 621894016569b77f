"""Imports that may fail, and values from several places."""
import os
import dlt

try:
    from dlt.sources.rest_api import rest_api_source
except ImportError:
    from rest_api import rest_api_source

TOKEN = os.getenv("LIBRARY_TOKEN") or dlt.secrets["sources.library.token"]
HOST = os.environ.get("LIBRARY_HOST", "https://library.example.com")

library = rest_api_source(
    {
        "client": {"base_url": HOST, "auth": {"token": TOKEN}},
        "resources": [{"name": "loans", "endpoint": {"path": "loans", "data_selector": "loans", "paginator": "single_page"}}],
    }
)
