from urllib.parse import urljoin

from dlt.sources.rest_api import rest_api_source

ROOT = " https://Text.example.com/ ".strip().lower().removesuffix("/")
FIELDS = ("id", "name", "created at")

texts = rest_api_source(
    {
        "client": {"base_url": urljoin(ROOT, "/v1")},
        "resources": [
            {
                "name": "%s_%02d" % ("part", 7) if False else "%s_%d" % ("part", 7),
                "endpoint": {
                    "path": "/".join(["parts", "{}".format(3), f"{4:03d}"]),
                    "params": {"fields": ",".join(f.replace(" ", "_") for f in FIELDS), "n": "x" * 3, "tail": "abcdef"[2:]},
                    "data_selector": "data",
                    "paginator": "single_page",
                },
            }
        ],
    }
)
