import dlt
from dlt.sources.helpers.rest_client.auth import APIKeyAuth, BearerTokenAuth, HttpBasicAuth, OAuth2ClientCredentials
from dlt.sources.rest_api import rest_api_source


class TenantAuth(OAuth2ClientCredentials):
    def build_access_token_request(self):
        request = super().build_access_token_request()
        request["headers"]["X-Tenant"] = "a"
        return request


def resource(name, auth):
    return {"name": name, "endpoint": {"path": name, "data_selector": "data", "paginator": "single_page", "auth": auth}}


bank = rest_api_source(
    {
        "client": {"base_url": "https://bank.example.com"},
        "resources": [
            resource("a", BearerTokenAuth(dlt.secrets["bank.token"])),
            resource("b", APIKeyAuth(name="X-Api-Key", api_key=dlt.secrets["bank.key"], location="header")),
            resource("c", HttpBasicAuth("reader", dlt.secrets["bank.password"])),
            resource("d", TenantAuth("https://bank.example.com/token", "id", dlt.secrets["bank.secret"])),
            resource("e", None),
        ],
    }
)
