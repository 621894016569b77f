from dlt.sources.rest_api import rest_api_source


class Base:
    host = "https://base.example.com"
    names = ()

    def resources(self):
        return [{"name": name, "endpoint": self.endpoint(name)} for name in self.names]

    def endpoint(self, name):
        return {"path": name, "data_selector": "data", "paginator": "single_page"}

    def build(self):
        return rest_api_source({"client": {"base_url": self.host}, "resources": self.resources()})


class Bakery(Base):
    host = "https://bakery.example.com"
    names = ("breads", "cakes")

    def endpoint(self, name):
        return {**super().endpoint(name), "params": {"fresh": "yes"}}


bakery = Bakery().build()
