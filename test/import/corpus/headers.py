import dlt
from dlt.sources.rest_api import rest_api_source

USER = "reader"
headers = {"X-User": USER}
headers["X-Version"] = str(2)
headers |= {"Accept-Language": "en"}

news = rest_api_source(
    {
        "client": {"base_url": "https://news.example.com", "headers": headers},
        "resources": [
            {
                "name": "articles",
                "endpoint": {
                    "path": "articles",
                    "headers": {"X-Api-Key": dlt.secrets["news_key"], "X-Page": "10"},
                    "data_selector": "articles",
                    "paginator": "header_link",
                },
            }
        ],
    }
)
