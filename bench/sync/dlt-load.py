"""Loads the same records with the real dlt, and prints the seconds that it took.

    python bench/sync/dlt-load.py append|merge duckdb:FILE|postgres://… TOTAL
"""

import os
import sys
import tempfile
import time

import dlt

way, to, total = sys.argv[1], sys.argv[2], int(sys.argv[3])


def item_of(index):
    number = 1_000_000 + index
    return {
        "id": number,
        "name": f"Customer number {number}",
        "email": f"customer.{number}@example.com",
        "price": number + 0.25,
        "isActive": number % 4 == 0,
        "createdAt": "2024-01-02T03:04:05Z",
        "text": (f"A text that fills the record up to its size {number} " * 3)[:130],
    }


@dlt.resource(name="items", write_disposition=way, primary_key="id")
def items():
    for first in range(0, total, 1000):
        yield [item_of(number) for number in range(first, min(first + 1000, total))]


os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
kind, _, rest = to.partition(":")
destination = dlt.destinations.duckdb(rest) if kind == "duckdb" else dlt.destinations.postgres(to)
with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline("bench", destination=destination, dataset_name="bench_dlt", pipelines_dir=folder)
    started = time.perf_counter()
    pipeline.run(items())
    print(time.perf_counter() - started)
