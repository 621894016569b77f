import dlt
from dlt.sources.rest_api import rest_api_resources


@dlt.source
def stations(token: str = dlt.secrets.value):
    @dlt.resource
    def places():
        yield read_places()

    config = {
        "client": {"base_url": "https://stations.example.com", "auth": {"token": token}},
        "resources": [
            places(),
            {
                "name": "nearby",
                "endpoint": {
                    "path": "nearby/{latitude}/{longitude}",
                    "paginator": "single_page",
                    "params": {
                        "latitude": {"type": "resolve", "resource": "places", "field": "lat"},
                        "longitude": {"type": "resolve", "resource": "places", "field": "lon"},
                        "radius": 5,
                    },
                },
                "include_from_parent": ["lat", "lon"],
            },
            {
                "name": "forecasts",
                "endpoint": {
                    "path": "forecast",
                    "paginator": "single_page",
                    "params": {"place": "{resources.places.id}"},
                },
            },
            {
                "name": "hours",
                "endpoint": {"path": "hours/{resources.forecasts.id}", "paginator": "single_page"},
                "include_from_parent": ["id"],
            },
        ],
    }
    yield from rest_api_resources(config)
