import dlt
from dlt.sources.rest_api import rest_api_source

cities = [{"city": name} for name in ("Rome", "Bonn")]


@dlt.resource(name="places", selected=False)
def seed():
    yield [{"id": number, "lat": number / 2} for number in range(1, 3)]


weather = rest_api_source(
    {
        "client": {"base_url": "https://weather.example.com"},
        "resource_defaults": {"endpoint": {"data_selector": "alerts", "paginator": "single_page"}},
        "resources": [
            {"name": "alerts", "endpoint": {"path": "alerts/{resources.cities.city}"}},
            {"name": "hours", "endpoint": {"path": "hours", "params": {"at": "{resources.places.id},{resources.places.lat}"}}},
            seed(),
            dlt.resource(cities, name="cities"),
        ],
    }
)
