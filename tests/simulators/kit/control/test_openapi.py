"""The control port's description: made from the table of routes, and true."""

import json
import re

from simulators.kit.control.routes import ROUTES
from simulators.kit.faults import KINDS


def test_every_row_of_the_table_is_described(client):
    document = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in ROUTES}
    assert all(method["summary"] for methods in document["paths"].values() for method in methods.values())


def test_every_reference_in_it_leads_somewhere(client):
    document = client.get("/openapi.json").json
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)):
        assert name in document["components"]["schemas"]
    operations = [method["operationId"] for methods in document["paths"].values() for method in methods.values()]
    assert len(set(operations)) == len(operations) == len(ROUTES)


def test_bodies_and_paths_are_described_with_their_models(client):
    paths = client.get("/openapi.json").json["paths"]
    put = paths["/faults/{name}"]["put"]
    assert put["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Fault"}
    assert [parameter["name"] for parameter in put["parameters"]] == ["X-Workspace", "name"]
    assert "format" in [parameter["name"] for parameter in paths["/requests"]["get"]["parameters"]]


def test_the_page_for_people_lists_every_row_and_fetches_nothing(client):
    page = client.get("/docs")
    assert page.mimetype == "text/html"
    for route in ROUTES:
        assert f"<code>{route.path}</code>" in page.text
        assert route.summary.split("'")[0] in page.text
    for kind, row in KINDS.items():
        assert f"<td>{kind}</td><td>{row.does}</td>" in page.text
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href)="(?!openapi\.json)', page.text)


def test_every_row_is_served(client):
    rules = {(method, rule.rule) for rule in client.application.url_map.iter_rules() for method in rule.methods}
    for route in ROUTES:
        path = route.path.replace("{", "<").replace("}", ">")
        assert (route.method, path) in rules
        assert (route.method, f"/w/<workspace>{path}") in rules
