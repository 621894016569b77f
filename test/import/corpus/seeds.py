import dlt
from dlt.sources.rest_api import rest_api_source

cities = [{"city": name} for name in ("Rome", "Bonn")]


@dlt.resource(name="places", selected=False)
def seed():
    yield [{"id": number} for number in range(1, 3)]


weather = rest_api_source(
    {
        "client": {"base_url": "https://weather.example.com"},
        "resources": [
            {"name": "alerts", "endpoint": {"path": "alerts", "data_selector": "alerts", "paginator": "single_page"}},
            seed(),
            dlt.resource(cities, name="cities"),
        ],
    }
)
