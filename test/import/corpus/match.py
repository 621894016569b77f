from dlt.sources.rest_api import rest_api_source


def paginator(style):
    match style:
        case "page" | "pages":
            return {"type": "page_number", "base_page": 1, "total_path": "pages"}
        case "link":
            return "header_link"
        case _:
            return "single_page"


def resource(name, style=None):
    return {"name": name, "endpoint": {"path": name, "data_selector": "data", "paginator": paginator(style)}}


garden = rest_api_source(
    {
        "client": {"base_url": "https://garden.example.com"},
        "resources": [resource("beds", "pages"), resource("tools", style="link"), resource("seeds")],
    }
)
