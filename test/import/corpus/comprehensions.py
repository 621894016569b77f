from dlt.sources.rest_api import rest_api_source

ENDPOINTS = {
    "users": {"key": "id", "incremental": False},
    "events": {"key": "uuid", "incremental": True},
    "internal": {"key": "id", "hidden": True},
}

config = {
    "client": {"base_url": "https://tracking.example.com"},
    "resources": [
        {
            "name": name,
            "primary_key": options["key"],
            "endpoint": {
                "path": f"v1/{name}",
                "data_selector": "items",
                "paginator": "single_page",
                **(
                    {"incremental": {"cursor_path": "at", "initial_value": "2024-01-01"}, "params": {"from": "{incremental.start_value}"}}
                    if options.get("incremental")
                    else {}
                ),
            },
        }
        for name, options in ENDPOINTS.items()
        if not options.get("hidden", False)
    ],
}
tracking = rest_api_source(config)
