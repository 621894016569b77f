from itertools import chain, product

from dlt.sources.rest_api import rest_api_source

NAMES = ["alpha", "beta"]
PATHS = ["a", "b"]

grid = rest_api_source(
    {
        "client": {"base_url": "https://grid.example.com"},
        "resource_defaults": {"endpoint": {"data_selector": "data", "paginator": "single_page"}},
        "resources": [
            *[{"name": name, "endpoint": path} for name, path in zip(NAMES, PATHS)],
            *({"name": f"cell_{x}{y}", "endpoint": {"path": "cells", "params": {"x": x, "y": y}}} for x, y in product("ab", range(2))),
            *({"name": f"n{index}", "endpoint": word} for index, word in enumerate(sorted(chain(NAMES, ["aa"])), start=1)),
        ],
    }
)
