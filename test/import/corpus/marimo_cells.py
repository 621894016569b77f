import marimo

app = marimo.App()


@app.cell
def _(BASE, rest_api_source):
    ports = rest_api_source(
        {"client": {"base_url": BASE}, "resources": [{"name": "ships", "endpoint": {"path": "ships", "data_selector": "data", "paginator": "single_page"}}]}
    )
    return (ports,)


@app.cell
def _():
    from dlt.sources.rest_api import rest_api_source

    BASE = "https://ports.example.com"
    return BASE, rest_api_source


if __name__ == "__main__":
    app.run()
