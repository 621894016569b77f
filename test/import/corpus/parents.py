import dlt
from dlt.sources.rest_api import rest_api_source

school = rest_api_source(
    {
        "client": {"base_url": "https://school.example.com/api"},
        "resource_defaults": {"endpoint": {"paginator": "single_page"}},
        "resources": [
            {"name": "classes", "endpoint": {"path": "classes", "data_selector": "classes"}},
            {
                "name": "pupils",
                "include_from_parent": ["id"],
                "endpoint": {
                    "path": "classes/{class_id}/pupils",
                    "params": {"class_id": {"type": "resolve", "resource": "classes", "field": "id"}, "active": "true"},
                    "data_selector": "pupils",
                },
            },
            {
                "name": "marks",
                "endpoint": {"path": "marks", "params": {"pupil": "{resources.pupils.id}"}, "data_selector": "marks"},
            },
        ],
    }
)
