from dlt.sources.rest_api import rest_api_source

papers = rest_api_source(
    {
        "client": {"base_url": "https://papers.example.com", "paginator": "single_page"},
        "resources": ["papers", "authors"],
    }
)
resource = papers.resources["papers"]


@resource.add_map
def with_year(row):
    return {**row, "year": row["date"][:4]}


@papers.authors.add_filter
def known(row):
    return row["name"] is not None
