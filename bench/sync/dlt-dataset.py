"""Makes the fixture in test/sync/dlt-dataset with the real dlt: a dataset after one run, and the same after a second one.

    pip install "dlt[duckdb]==1.26.0" && python bench/sync/dlt-dataset.py test/sync/dlt-dataset
"""

import json
import os
import shutil
import sys
import tempfile

import dlt
import duckdb

folder = os.path.abspath(sys.argv[1])

RUNS = [
    [
        {"id": 1, "name": "a", "lines": [{"sku": "x", "n": 1}, {"sku": "y", "n": 2}]},
        {"id": 2, "name": "b", "lines": [{"sku": "z", "n": 3}]},
        {"id": 3, "name": "c", "at": "2024-01-02T03:04:05Z"},
    ],
    [
        {"id": 2, "name": "b2", "lines": [{"sku": "z", "n": 4}, {"sku": "w", "n": 5}]},
        {"id": 4, "name": "d", "price": 1.5},
    ],
]
HINTS = {
    "merged": {"write_disposition": "merge", "primary_key": "id"},
    "upserted": {"write_disposition": {"disposition": "merge", "strategy": "upsert"}, "primary_key": "id"},
    "versions": {"write_disposition": {"disposition": "merge", "strategy": "scd2"}},
    "appended": {"write_disposition": "append"},
    "replaced": {"write_disposition": "replace"},
}

scratch = tempfile.mkdtemp()
os.chdir(scratch)
pipeline = dlt.pipeline("shop", destination=dlt.destinations.duckdb("shop.duckdb"), dataset_name="shop_data", pipelines_dir=scratch)
for number, records in enumerate(RUNS, 1):
    resources = [dlt.resource(records, name=name, **hints) for name, hints in HINTS.items()]
    pipeline.run(resources)
    target = os.path.join(folder, f"run{number}")
    shutil.rmtree(target, ignore_errors=True)
    with duckdb.connect("shop.duckdb", read_only=True) as connection:
        connection.execute(f"export database '{target}' (format csv)")
    # The paths of the export are absolute.
    path = os.path.join(target, "load.sql")
    with open(path) as file:
        text = file.read().replace(target, "{folder}")
    with open(path, "w") as file:
        file.write(text)
with open(os.path.join(folder, "records.json"), "w") as file:
    json.dump(RUNS, file, indent=2)
    file.write("\n")
