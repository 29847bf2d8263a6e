"""The published description: made from the table that requests are read by, and true of every answer."""

import json
import re

import jsonschema_rs
import pytest

from simulators.icareus.codes import Action, Code
from simulators.icareus.contract import EXACTLY_ONE, TAKES
from simulators.icareus.openapi import DONE, SUMMARIES
from tests.simulators.icareus.conftest import USER
from tests.simulators.icareus.signed import ADA, form

ANSWERED = ("Done", "UserAdded", "UserShown", "Error")


@pytest.fixture
def document(client) -> dict:
    return client.session.get(f"{client.url}?openapi").json()


def held(document: dict, schema: dict) -> jsonschema_rs.Validator:
    """What holds a value against a schema of the document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def body_of(document: dict) -> dict:
    return document["paths"]["/delegate/account"]["post"]["requestBody"]["content"][
        "application/x-www-form-urlencoded"
    ]["schema"]


def test_every_action_is_described_with_all_that_it_takes(document):
    forms = document["components"]["schemas"]
    assert [alternative["$ref"].rsplit("/", 1)[1] for alternative in body_of(document)["oneOf"]] == list(Action)
    for action in Action:
        assert list(forms[action]["properties"]) == ["action", *(each.name for each in TAKES[action])]
        needed = [each.name for each in TAKES[action] if each.needed]
        assert forms[action]["required"] == ["action", *needed]
        assert forms[action]["title"] == SUMMARIES[action]
        assert ("oneOf" in forms[action]) is (action in EXACTLY_ONE)


def test_every_reference_leads_somewhere_and_every_code_is_named(document):
    schemas = document["components"]["schemas"]
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert found == set(schemas)
    assert schemas["Error"]["properties"]["code"]["enum"] == list(Code)
    assert set(DONE) < set(schemas)


def test_the_description_says_where_the_calls_go_in_every_workspace(document, client):
    origin = client.url.removesuffix("/delegate/account")
    assert document["servers"] == [{"url": origin}]
    inside = client.session.get(f"{origin}/w/x/delegate/account?openapi=").json()
    assert inside == {**document, "servers": [{"url": f"{origin}/w/x"}]}
    assert {path: list(methods) for path, methods in document["paths"].items()} == {
        "/delegate/account": ["post", "get"]
    }


def test_a_form_that_is_taken_keeps_the_description_and_one_that_is_not_breaks_it(document):
    body = held(document, body_of(document))
    good = form("addUser", **ADA)
    assert body.is_valid(good)
    assert body.is_valid(form("getUser", userId=USER))
    assert body.is_valid(form("getUser", screenName="S1"))
    for wrong in (
        {**good, "action": "getUser"},
        {**good, "userId": USER},
        {**good, "token": good["token"].upper()},
        {**good, "token": good["token"] + "\n"},
        {**good, "screenName": "12"},
        {**good, "countryId": "1\n"},
        {name: value for name, value in good.items() if name != "cityName"},
        form("getUser"),
        form("getUser", userId=USER, screenName="S1"),
        form("activateProducts", userId=USER, productIds=""),
    ):
        assert not body.is_valid(wrong)


def test_every_answer_there_is_keeps_the_description_and_is_of_one_kind(document, client, workspace):
    workspace.seed({"devices": ["STB-1"]})
    client.add()
    client.add()
    client.add("S2")
    client.activate("SVOD_SPORT")
    client.activate("SVOD_X")
    client.add_device()
    client.add_device(user="200002")
    client.add_device("STB-2")
    client.show()
    client.send("addUser", **{name: value for name, value in ADA.items() if name != "screenName"})
    client.show("200003")
    client.remove()
    client.remove()
    client.post({"action": "x"})
    client.post({"action": "getUser"})
    client.post({**form("getUser", userId=USER), "x": "1"})
    client.post({**form("getUser", userId=USER), "organizationId": "1"})
    client.post({**form("getUser", userId=USER), "userId": "1"})
    client.post(form("getUser", 0, userId=USER))
    answers = [json.loads(entry.response) for entry in workspace.journal.find()]
    assert {answer.get("code") for answer in answers} == {None, *Code}
    schema = document["paths"]["/delegate/account"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    every = held(document, schema)
    kinds = [held(document, {"$ref": f"#/components/schemas/{name}"}) for name in ANSWERED]
    for answer in answers:
        every.validate(answer)
        assert sum(kind.is_valid(answer) for kind in kinds) == 1
