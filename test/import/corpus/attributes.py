import dlt
from dlt.sources.rest_api import rest_api_source


class WeatherClient:
    BASE_URL = "https://weather.example.com"
    stations = ["north", "south"]

    def __init__(self, api_key=dlt.secrets.value, units="metric"):
        self.api_key = api_key
        self.units = units
        self._params = {"units": self.units, "key": self.api_key}

    @property
    def client(self):
        return {"base_url": f"{self.BASE_URL}/v2"}

    @staticmethod
    def path(station):
        return "stations/" + station

    def _resource(self, station):
        return {
            "name": station,
            "endpoint": {"path": self.path(station), "params": self._params, "data_selector": "hours", "paginator": "single_page"},
        }

    def source(self):
        return rest_api_source({"client": self.client, "resources": [self._resource(one) for one in self.stations]})


if __name__ == "__main__":
    pipeline = dlt.pipeline("weather", destination="duckdb")
    pipeline.run(WeatherClient().source())
