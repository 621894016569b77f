from typing import Optional

from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator
from dlt.sources.rest_api import rest_api_source


def documents(start: Optional[str], end: Optional[str]):
    if start and end:
        return {"name": "documents", "endpoint": {"path": "documents", "params": {"from": start, "to": end}}}
    return {"name": "documents", "endpoint": {"path": "documents", "params": {"sort": "date"}}}


def archive(start: str | None = None, end: str | None = None, day: str | None = None):
    # Without arguments, the parameters are None: the second branch of each condition applies.
    config = {
        "client": {"base_url": "https://archive.example.com"},
        "resources": [documents(start, end)],
    }
    paginator = JSONLinkPaginator(next_url_path="next")
    if paginator:
        config["client"]["paginator"] = paginator
    if day is not None:
        params = {"day": day}
    else:
        params = {"days": "all"}
    config["resources"].append({"name": "days", "endpoint": {"path": "days", "params": params}})
    return rest_api_source(config, name="archive")
