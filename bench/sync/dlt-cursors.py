"""Makes the fixture in test/sync/dlt-cursors with the real dlt: a dataset of incremental resources after one run, and after two.

    pip install "dlt[duckdb]==1.26.0" && python bench/sync/dlt-cursors.py test/sync/dlt-cursors
"""

import json
import os
import shutil
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlparse

import dlt
import duckdb
from dlt.sources.rest_api import rest_api_source

folder = os.path.abspath(sys.argv[1])

# The records of the API at each run. Some occur again at the cursor's last value.
RUNS = [
    {
        "events": [
            {"id": 1, "at": "2024-01-01T10:00:00Z", "name": "a"},
            {"id": 2, "at": "2024-01-02T10:00:00Z", "name": "b"},
            {"id": 3, "at": "2024-01-02T10:00:00Z", "name": "ü", "price": 1.5, "lines": [{"n": 1}]},
        ],
        "orders": [{"id": 1, "version": 5, "name": "a"}, {"id": 2, "version": 7, "name": "b"}],
        "visits": [{"id": 1, "meta": {"day": "2024-01-01"}}, {"id": 2, "meta": {"day": "2024-01-03"}}],
    },
    {
        "events": [
            {"id": 2, "at": "2024-01-02T10:00:00Z", "name": "b"},
            {"id": 3, "at": "2024-01-02T10:00:00Z", "name": "ü", "price": 1.5, "lines": [{"n": 1}]},
            {"id": 4, "at": "2024-01-02T10:00:00Z", "name": "late"},
            {"id": 5, "at": "2024-01-04T10:00:00Z", "name": "new"},
        ],
        "orders": [{"id": 2, "version": 7, "name": "b"}, {"id": 1, "version": 8, "name": "changed"}],
        "visits": [{"id": 2, "meta": {"day": "2024-01-03"}}, {"id": 3, "meta": {"day": "2024-01-03"}}],
    },
]
run = 0
asked = []


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlparse(self.path)
        name = url.path.strip("/")
        asked.append([run, name, parse_qs(url.query).get("since", [""])[0]])
        body = json.dumps({"items": RUNS[run][name]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()


def resource(name, cursor_path, initial_value, **hints):
    incremental = {"start_param": "since", "cursor_path": cursor_path, "initial_value": initial_value}
    return {"name": name, **hints, "endpoint": {"path": name, "data_selector": "items", "incremental": incremental}}


RESOURCES = [
    resource("events", "at", "2024-01-01T00:00:00Z"),
    resource("orders", "version", 1, primary_key="id", write_disposition="merge"),
    resource("visits", "meta.day", "2024-01-01", primary_key="id", write_disposition="append"),
]
config = {
    "client": {"base_url": f"http://127.0.0.1:{server.server_port}/", "paginator": "single_page"},
    "resources": RESOURCES,
}

scratch = tempfile.mkdtemp()
os.chdir(scratch)
pipeline = dlt.pipeline("shop", destination=dlt.destinations.duckdb("shop.duckdb"), dataset_name="shop_data", pipelines_dir=scratch)
for run in range(len(RUNS)):
    pipeline.run(rest_api_source(config, name="shop"))
    target = os.path.join(folder, f"run{run + 1}")
    shutil.rmtree(target, ignore_errors=True)
    with duckdb.connect("shop.duckdb", read_only=True) as connection:
        connection.execute(f"export database '{target}' (format csv)")
    # The paths of the export are absolute.
    path = os.path.join(target, "load.sql")
    with open(path) as file:
        text = file.read().replace(target, "{folder}")
    with open(path, "w") as file:
        file.write(text)
with open(os.path.join(folder, "requests.json"), "w") as file:
    json.dump({"resources": RESOURCES, "runs": RUNS, "asked": asked}, file, indent=2, ensure_ascii=False)
    file.write("\n")
