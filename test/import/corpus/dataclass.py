import os
from dataclasses import dataclass, field
from enum import Enum

from dlt.sources.rest_api import rest_api_source


class Area(str, Enum):
    NORTH = "n"
    SOUTH = "s"


@dataclass
class Settings:
    base_url: str
    token: str = os.environ["METER_TOKEN"]
    areas: list = field(default_factory=lambda: [Area.NORTH, Area.SOUTH])
    page: int = field(default=10)


settings = Settings("https://meters.example.com")
meters = rest_api_source(
    {
        "client": {"base_url": settings.base_url, "auth": {"type": "bearer", "token": settings.token}},
        "resources": [
            {
                "name": "meters_" + area.name.lower(),
                "endpoint": {
                    "path": "meters",
                    "params": {"area": area.value, "size": settings.page},
                    "data_selector": "data",
                    "paginator": "single_page",
                },
            }
            for area in settings.areas
        ],
    }
)
