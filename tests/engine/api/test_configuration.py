"""The calls that change the configuration and the life of providers."""

import pytest

PRODUCT = '[[products]]\ncode = "OPERA"\nname = "Opera"\n'
TV = {"provisioning_provider_identifier": {"alternative_code": "tv"}}
PROVIDERS, CONFIGURATION = "/provisioning/providers", "/provisioning/configuration"


@pytest.fixture
def text(configuration):
    return configuration.read_text(encoding="utf-8")


def test_files_are_previewed_and_loaded(client, engine, dump):
    before, files = dump(engine), {"files": {"new.toml": PRODUCT + "#" * 100_000}}
    shown = client.post(f"{CONFIGURATION}/preview", json=files)
    assert (shown.status_code, dump(engine)) == (200, before)
    (added,) = shown.json["data"]["differences"]
    assert shown.json["data"]["warnings"] == []
    assert (added["path"], added["change"], added["found"]) == ("products[OPERA]", "added", None)
    assert added["wanted"]["name"] == "Opera"
    assert client.post(f"{CONFIGURATION}/load", json=files).json == shown.json
    assert "OPERA" in engine.context.catalogue.products
    assert client.post(f"{CONFIGURATION}/load", json=files).json["data"] == {"differences": [], "warnings": []}


def test_secrets_are_masked(client, text, password):
    changed = text.replace("sw0rd", "swan")
    answer = client.post(f"{CONFIGURATION}/preview", json={"files": {"x": changed}})
    path = "providers[tv].connection.password"
    masked = {"path": path, "change": "changed", "found": "***", "wanted": "***"}
    assert answer.json["data"]["differences"] == [masked]


@pytest.mark.parametrize("call", ["preview", "load"])
@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "files is wanted."),
        ({"files": {"": PRODUCT}}, 400, "Expected `str` of length >= 1"),
        ({"files": {"x" * 201: PRODUCT}}, 400, "at most 200 are wanted"),
        ({"files": {"x": 1}}, 400, "Expected `str`, got `int`"),
        ({"files": [PRODUCT]}, 400, "Expected `object`, got `array`"),
        ({"files": {"x": "no"}}, 400, "x: not TOML"),
        ({"files": {"x": PRODUCT + "tier = 'x'"}}, 400, "x: products[0].tier: Expected `int | null`, got `str`"),
        ({"files": {}, "paths": ["/"]}, 400, "Unknown field 'paths'; known: files"),
    ],
)
def test_what_can_not_be_loaded_is_refused(client, engine, dump, call, body, status, message):
    before = dump(engine)
    answer = client.post(f"{CONFIGURATION}/{call}", json=body)
    assert answer.status_code == status
    assert message in answer.json["status"]["message"]
    assert dump(engine) == before


def test_a_distributor_in_use_is_a_conflict(client, engine, subscribe, text):
    subscribe(engine)
    without = text.replace('{ code = "MAIN", name = "Main" }, ', "")
    answer = client.post(f"{CONFIGURATION}/load", json={"files": {"x": without}})
    assert (answer.status_code, answer.json["status"]["code"]) == (409, "NOT_ALLOWED")
    assert answer.json["status"]["description"] == "providers[tv].distributors"


def test_a_provider_is_set_as_not_effective_and_effective(client, engine):
    for call, effective in (("set_as_not_effective", False), ("set_as_effective", True)):
        answer = client.post(f"{PROVIDERS}/{call}", json=TV)
        assert (answer.status_code, answer.json["data"]["effective"]) == (200, effective)
        assert engine.context.provider("tv").effective is effective


def test_a_connection_is_tested(client, platform, answers):
    platform.answer_with(answers["unknown account"])
    assert client.post(f"{PROVIDERS}/test_connection", json=TV).json["data"] == {
        "provider": "tv",
        "reachable": True,
        "credentials_hold": True,
        "code": "UNKNOWN_ACCOUNT",
        "description": "T1",
        "milliseconds": 0,
        "field": "",
    }


@pytest.mark.parametrize("call", ["set_as_effective", "set_as_not_effective", "test_connection"])
def test_a_provider_that_there_is_not_is_refused(client, call):
    radio = {"provisioning_provider_identifier": {"alternative_code": "radio"}}
    answer = client.post(f"{PROVIDERS}/{call}", json=radio)
    assert (answer.status_code, answer.json["status"]["code"]) == (404, "UNKNOWN_PROVIDER")
    assert client.post(f"{PROVIDERS}/{call}", json={}).status_code == 400


def test_what_a_provider_lacks_is_a_conflict(client, engine, text):
    radio = text[text.index("[[providers]]") :].replace('"tv"', '"radio"').replace("effective = true", "")
    bare = "\n".join(line for line in radio.splitlines() if not line.startswith("distributors"))
    assert client.post(f"{CONFIGURATION}/load", json={"files": {"x": bare}}).status_code == 200
    named = {"provisioning_provider_identifier": {"alternative_code": "radio"}}
    answer = client.post(f"{PROVIDERS}/set_as_effective", json=named)
    assert answer.status_code == 409
    assert answer.json["status"]["message"].startswith(
        "Provider radio can't be set as effective: found no distributor;"
    )
