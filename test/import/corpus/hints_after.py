import dlt
from dlt.sources.rest_api import rest_api_source


def clean(row):
    row.pop("secret", None)
    return row


@dlt.source
def farm_source():
    source = rest_api_source(
        {
            "client": {"base_url": "https://farm.example.com"},
            "resource_defaults": {"endpoint": {"data_selector": "data", "paginator": "single_page"}},
            "resources": ["cows", "sheep", "goats"],
        }
    )
    source.cows.add_map(clean)
    source.resources["sheep"].apply_hints(primary_key="tag", write_disposition="merge")
    source.goats.add_yield_map(lambda row: row["kids"]).add_limit(2)
    source.sheep.max_table_nesting = 0
    return source


if __name__ == "__main__":
    pipeline = dlt.pipeline("farm")
    source = farm_source()
    source.cows.add_filter(lambda row: row["alive"])
    pipeline.run(source.with_resources("cows", "sheep").parallelize())
