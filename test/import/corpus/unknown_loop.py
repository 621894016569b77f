import dlt
from dlt.sources.rest_api import rest_api_source


def tables():
    return open("tables.txt").read().split()


resources = [{"name": "users", "endpoint": {"path": "users", "data_selector": "data", "paginator": "single_page"}}]
for table in tables():
    resources.append({"name": table, "endpoint": {"path": table}})

records = rest_api_source({"client": {"base_url": "https://records.example.com"}, "resources": resources})
