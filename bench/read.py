"""Reads all records of the bench's API with dlt or the Airbyte CDK, and prints what it cost as JSON.

    python bench/read.py dlt|airbyte BASE_URL PAGE_SIZE

The figures are those of `ReadFigures` in bench/read-task.ts, with `peakRss` in bytes.
"""

import json
import logging
import os
import resource
import sys
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
logging.disable(logging.WARNING)


def read_with_dlt(base_url, page_size):
    from dlt.sources.rest_api import rest_api_resources

    key = {"type": "api_key", "name": "X-Api-Key", "api_key": "any", "location": "header"}
    paginator = {"type": "page_number", "base_page": 1, "total_path": None}
    params = {"limit": page_size}
    endpoint = {"path": "records", "data_selector": "items", "paginator": paginator, "params": params}
    client = {"base_url": f"{base_url}/", "auth": key}
    (records,) = rest_api_resources({"client": client, "resources": [{"name": "records", "endpoint": endpoint}]})
    return iter(records)


def read_with_airbyte(base_url, page_size):
    from airbyte_cdk.models import (
        AirbyteStream,
        ConfiguredAirbyteCatalog,
        ConfiguredAirbyteStream,
        DestinationSyncMode,
        SyncMode,
    )
    from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

    def option(name):
        return {"type": "RequestOption", "field_name": name, "inject_into": "request_parameter"}

    strategy = {"type": "PageIncrement", "page_size": page_size, "start_from_page": 1, "inject_on_first_request": True}
    stream = {
        "type": "DeclarativeStream",
        "name": "records",
        "retriever": {
            "type": "SimpleRetriever",
            "requester": {
                "type": "HttpRequester",
                "url_base": base_url,
                "path": "/records",
                "request_headers": {"X-Api-Key": "any"},
            },
            "record_selector": {
                "type": "RecordSelector",
                "extractor": {"type": "DpathExtractor", "field_path": ["items"]},
            },
            "paginator": {
                "type": "DefaultPaginator",
                "page_token_option": option("page"),
                "page_size_option": option("limit"),
                "pagination_strategy": strategy,
            },
        },
        "schema_loader": {"type": "InlineSchemaLoader", "schema": {"type": "object", "properties": {}}},
    }
    manifest = {
        "version": "6.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["records"]},
        "streams": [stream],
    }
    chosen = ConfiguredAirbyteStream(
        stream=AirbyteStream(name="records", json_schema={}, supported_sync_modes=[SyncMode.full_refresh]),
        sync_mode=SyncMode.full_refresh,
        destination_sync_mode=DestinationSyncMode.overwrite,
    )
    catalog = ConfiguredAirbyteCatalog(streams=[chosen])
    source = ConcurrentDeclarativeSource(catalog=catalog, config={}, state=[], source_config=manifest)
    messages = source.read(logging.getLogger("airbyte"), {}, catalog, [])
    return (message.record.data for message in messages if message.record is not None)


ways = {"dlt": read_with_dlt, "airbyte": read_with_airbyte}
way, url, size = sys.argv[1], sys.argv[2], int(sys.argv[3])

stream = ways[way](url, size)
records = 0
total = 0
started = time.perf_counter()
cpu = time.process_time()
for record in stream:
    records += 1
    total += record["score"]
figures = {
    "records": records,
    "sum": total,
    "seconds": time.perf_counter() - started,
    "cpu": time.process_time() - cpu,
    "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}
print(json.dumps(figures))
