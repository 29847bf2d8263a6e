"""Calls with every field wrong in turn: HTTP 4xx, with code, field and a sentence, and nothing has changed."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NUMBER = "S0000000001"
IDENTIFIER = {"subscription_identifier": {"number": NUMBER}}
MIB = 1 << 20
ADA = {"first_name": "Grace", "last_name": "Hopper", "email": "g@h", "phone": "1", "language": "en"}
HOME = {"street": "1 Main", "postal_code": "1", "city": "C", "region": "R", "country": "GB"}
SERVICE = {"product": "KIDS", "components": [], "distributors": ["MAIN"], "state": "EFFECTIVE"}
ITEM = {"product": "STB", "serial_number": "B-9", "distributors": ["MAIN"], "ca_ids": {"tv": "C-9"}}
WINDOW = {"start": "2999-01-01T20:00:00Z", "end": "2999-01-01T22:00:00Z"}
# fmt: off
WHOLE = {
    # call                         a body in order, with every field there is
    "become_subscriber":           {"subscriber": ADA | {"address": HOME}, "services": [SERVICE], "items": [ITEM],
                                    "state": "DRAFT", "number": "S9"},
    "terminate_subscription":      IDENTIFIER | {"mode": "regret"},
    "rest_subscription":           IDENTIFIER | {"until": "2999-12-31"},
    "short_term_deactivation":     IDENTIFIER | {"days": 3},
    "deactivate_subscription":     IDENTIFIER,
    "add_service":                 IDENTIFIER | SERVICE,
    "remove_service":              IDENTIFIER | {"service": "NEWS", "mode": "cancel"},
    "stop_service":                IDENTIFIER | {"service": "NEWS"},
    "swap_service":                IDENTIFIER | {"service": "NEWS", "product": "KIDS", "components": []},
    "add_service_usage":           IDENTIFIER | WINDOW | {"product": "MATCH", "distributors": ["MAIN"]},
    "add_installed_item":          IDENTIFIER | ITEM,
    "remove_installed_item":       IDENTIFIER | {"item": "B-1-1"},
    "swap_installed_item":         IDENTIFIER | {"item": "B-1-1", "serial_number": "B-9", "product": "STB",
                                                 "ca_ids": {"tv": "C-9"}},
    "change_distribution":         IDENTIFIER | {"services": ["NEWS"], "items": ["B-1-1"], "put_on": ["TWIN1"],
                                                 "take_off": ["MAIN"]},
}
OPTIONAL = {
    "become_subscriber": {"services", "items", "state", "number", "email", "phone", "language", "address", "components",
                          "distributors", "ca_ids", "street", "postal_code", "city", "region", "country"},
    "terminate_subscription": {"mode"},
    "short_term_deactivation": {"days"},
    "add_service":         {"components", "distributors", "state"},
    "remove_service":      {"mode"},
    "swap_service":        {"components"},
    "add_service_usage":   {"distributors"},
    "add_installed_item":  {"distributors", "ca_ids"},
    "swap_installed_item": {"product", "ca_ids"},
    "change_distribution": {"services", "items", "put_on", "take_off"},
}
# fmt: on
KEYS = {"number", "tv"}  # names that stand for a value, and not for a field
WRONG = {
    "null": None,
    "a number": 12345.5,
    "a truth": True,
    "an empty object": {},
    "an object": {"x": {"y": 1}},
    "a list of lists": [[]],
    "a long text": "x" * 201,
    "a control character": "a\u0000b",
    "half a character": "\ud83d",
    "what never was": "NO-SUCH-THING",
}
TAKEN_AT_THEIR_WORD = {
    # any text will do
    ("first_name", "what never was"),
    ("last_name", "what never was"),
    ("email", "what never was"),
    ("phone", "what never was"),
    ("language", "what never was"),
    *((name, "what never was") for name in (*HOME, "serial_number", "tv", "number")),
    # and these may be empty, or stand for nothing
    ("ca_ids", "an empty object"),
    ("address", "an empty object"),
}


def fields(body, path=()):
    """The paths of all fields of a body."""
    for name, value in body.items() if isinstance(body, dict) else enumerate(body):
        yield (*path, name)
        if isinstance(value, dict | list):
            yield from fields(value, (*path, name))


def changed(body, path, value):
    """The body with another value at the path."""
    copy = json.loads(json.dumps(body))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return copy


def without(body, path):
    copy = changed(body, path, None)
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return copy


def named(path):
    """The last name in a path that is a field's."""
    return [name for name in path if isinstance(name, str)][-1]


CASES = [
    (call, path, wrong)
    for call, body in WHOLE.items()
    for path in fields(body)
    for wrong in WRONG
    if (named(path), wrong) not in TAKEN_AT_THEIR_WORD or "subscription_identifier" in path
]
MISSING = [
    (call, path)
    for call, body in WHOLE.items()
    for path in fields(body)
    if isinstance(path[-1], str) and path[-1] not in OPTIONAL.get(call, set()) | {"tv"}
]


@pytest.fixture
def refused(engine, client, subscribe, platform, dump):
    """Call, be refused, and see that nothing has changed or been sent."""
    subscribe(engine)
    platform.messages.clear()
    before = dump(engine)

    def post(path, body, content_type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = client.post(path, data=data, content_type=content_type)
        status = answer.json["status"]
        assert 400 <= answer.status_code < 500, (answer.status_code, status)
        assert (answer.mimetype, answer.json["data"]) == ("application/json", {})
        assert status["code"]
        assert status["message"]
        assert len(answer.data) < 2000
        assert "Traceback" not in answer.text
        assert dump(engine) == before
        assert platform.messages == []
        return status

    return post


@pytest.mark.parametrize("call", WHOLE)
def test_the_bodies_are_in_order_where_nothing_is_wrong_with_them(call, client, engine, subscribe):
    subscribe(engine)
    answer = client.post(f"/subscriptions/{call}", json=WHOLE[call])
    assert answer.status_code == 200, answer.json


@pytest.mark.parametrize("call", WHOLE)
def test_a_field_that_is_wrong_is_refused_by_its_name(call, refused):
    for _call, path, wrong in (case for case in CASES if case[0] == call):
        status = refused(f"/subscriptions/{call}", changed(WHOLE[call], path, WRONG[wrong]))
        found = f"{status['description']} {status['message']}"
        if wrong == "half a character":  # which is no JSON
            assert status["description"] == "body"
        elif "subscription_identifier" in path:
            assert status["description"].partition(".")[0] in {"subscription_identifier", "subscription"}
        else:
            assert any(str(name) in found for name in path), (path, wrong, status)


@pytest.mark.parametrize(("call", "path"), MISSING)
def test_a_field_that_is_missing_is_refused_by_its_name(call, path, refused):
    status = refused(f"/subscriptions/{call}", without(WHOLE[call], path))
    parent = path[-2] if path[-1] in KEYS else path[-1]
    assert parent in status["description"]


@pytest.mark.parametrize("call", WHOLE)
@pytest.mark.parametrize("name", ["more", "self", "action", "subscription", "context", "", "x" * 10_000, "\u0000"])
def test_a_field_too_many_is_refused(name, call, refused):
    status = refused(f"/subscriptions/{call}", WHOLE[call] | {name: 1})
    assert name in status["message"] or len(name) > 200 or name == "\u0000"


IDENTIFIERS = (
    {},
    [],
    NUMBER,
    {"id": 0},
    {"id": "1"},
    {"number": 1},
    {"number": None},
    {"number": ""},
    {"number": [NUMBER]},
)
LONG, TWO = {"number": {"number": "x" * 50_000}}, {"number": NUMBER, "id": 1}
PLACES = (
    ("/subscriptions/activate_subscription", "subscription_identifier"),
    ("/provisioning/subscriptions/reset", "subscription_identifier"),
    ("/provisioning/subscriptions/reset", "provisioning_provider_identifier"),
)


@pytest.mark.parametrize("identifier", [*IDENTIFIERS, LONG, TWO], ids=lambda one: str(one)[:30])
@pytest.mark.parametrize(("path", "name"), PLACES)
def test_an_identifier_has_exactly_one_key_and_a_text(identifier, path, name, refused):
    assert refused(path, IDENTIFIER | {name: identifier})["description"].partition(".")[0] == name


@pytest.mark.parametrize(("path", "name"), PLACES[:2])
def test_an_identifier_must_be_there(path, name, refused):
    assert refused(path, {name: None})["description"] == refused(path, {})["description"] == name


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        (
            "/subscriptions/activate_subscription",
            {"subscription_identifier": {"number": "S9"}},
            "UNKNOWN_SUBSCRIPTION",
            "subscription",
        ),
        ("/subscriptions/activate_subscription", IDENTIFIER, "NOT_ALLOWED", "action"),
        ("/subscriptions/become_rich", IDENTIFIER, "NOT_FOUND", ""),
        ("/subscriptions/reset", IDENTIFIER, "NOT_FOUND", ""),
        (
            "/subscriptions/activate_subscription",
            {"subscription_identifier": {"id": 9}},
            "UNKNOWN_SUBSCRIPTION",
            "subscription",
        ),
        (
            "/provisioning/subscriptions/reset",
            IDENTIFIER | {"provisioning_provider_identifier": {"alternative_code": "x"}},
            "UNKNOWN_PROVIDER",
            "provider",
        ),
        ("/provisioning/subscriptions/reset", IDENTIFIER | {"more": 1}, "UNKNOWN_FIELD", "more"),
        (
            "/subscriptions/become_subscriber",
            WHOLE["become_subscriber"] | IDENTIFIER,
            "UNKNOWN_FIELD",
            "subscription_identifier",
        ),
        ("/subscriptions/become_subscriber", WHOLE["become_subscriber"] | {"number": NUMBER}, "NOT_ALLOWED", "number"),
        (
            "/subscriptions/add_installed_item",
            IDENTIFIER | ITEM | {"serial_number": "B-1-1"},
            "NOT_ALLOWED",
            "serial_number",
        ),
    ],
)
def test_what_is_refused_is_named(path, body, code, field, refused):
    status = refused(path, body)
    assert (status["code"], status["description"]) == (code, field)


NO_OBJECT = [b"", b"null", b"[]", b"1", b'"x"', b"{", b"{'a': 1}", b'{"a": NaN}', b"\xff\xfe", b"{}{}", b"\x00"]


@pytest.mark.parametrize("body", NO_OBJECT)
def test_what_is_no_json_object_is_refused(body, refused):
    refused("/subscriptions/activate_subscription", body)


@pytest.mark.parametrize("depth", [17, 100, 900, 950, 970, 980, 990, 1000, 5000, 100_000])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_what_is_nested_deeply_is_refused(opening, depth, refused):
    closing = b"]" if opening == b"[" else b"}"
    deep = opening * depth + b"1" + closing * depth
    for name in (b"until", b"subscription_identifier", b"more"):
        body = b'{"subscription_identifier": {"number": "S0000000001"}, "' + name + b'": ' + deep + b"}"
        assert refused("/subscriptions/rest_subscription", body)["description"] == "body"


def test_more_than_a_mebibyte_is_refused(refused):
    body = json.dumps(IDENTIFIER | {"until": "x" * MIB}).encode()
    status = refused("/subscriptions/rest_subscription", body)
    assert status["code"] == "REQUEST_ENTITY_TOO_LARGE"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_another_content_type_is_refused(content_type, refused):
    body = WHOLE["deactivate_subscription"]
    assert refused("/subscriptions/deactivate_subscription", body, content_type)["description"] == "Content-Type"


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("/subscriptions/show", "INVALID", "number"),
        ("/subscriptions/show?number=", "INVALID", "number"),
        ("/subscriptions/show?number=S9", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?number=%00", "INVALID", "number"),
        ("/subscriptions/show?number=S1&id=1", "INVALID", "number"),
        ("/subscriptions/show?number=S1&number=S1", "INVALID", "number"),
        ("/subscriptions/show?id=9", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?id=1&fields_set=", "INVALID", "fields_set"),
        ("/subscriptions/show?id=1&fields_set=number,colour", "INVALID", "fields_set"),
        ("/subscriptions/list?state=LOST", "INVALID", "state"),
        ("/subscriptions/list?product=LOST", "UNKNOWN_PRODUCT", "product"),
        ("/subscriptions/list?provider=LOST", "UNKNOWN_PROVIDER", "provider"),
        ("/subscriptions/list?provider=", "INVALID", "provider"),
        ("/provisioning/installed_items/show?serial_number=B-1-1", "INVALID", "provisioning_provider_identifier"),
        ("/provisioning/installed_items/show?provisioning_provider_identifier=tv", "INVALID", "serial_number"),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=tv&serial_number=1&ca_id=1",
            "INVALID",
            "serial_number",
        ),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=x&ca_id=1",
            "UNKNOWN_PROVIDER",
            "provider",
        ),
        (
            "/provisioning/installed_items/show?provisioning_provider_identifier=tv&ca_id=1",
            "UNKNOWN_INSTALLED_ITEM",
            "ca_id",
        ),
        ("/subscriptions/show?number=%ff%fe", "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/show?nummer=S9", "UNKNOWN_FIELD", "nummer"),
        ("/subscriptions/list?number_of_results=0", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=1001", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=-1", "INVALID", "number_of_results"),
        ("/subscriptions/list?number_of_results=%C2%B2", "INVALID", "number_of_results"),
        ("/subscriptions/list?offset=x", "INVALID", "offset"),
        ("/subscriptions/list?offset=1e3", "INVALID", "offset"),
        (f"/subscriptions/list?offset={10**30}", "INVALID", "offset"),
        ("/subscriptions/list?limit=1", "UNKNOWN_FIELD", "limit"),
        ("/provisioning/provisioning_requests/show", "INVALID", "id"),
        ("/provisioning/provisioning_requests/show?id=99", "UNKNOWN_PROVISIONING_REQUEST", "id"),
        ("/provisioning/provisioning_requests/show?id=x", "INVALID", "id"),
        (f"/provisioning/provisioning_requests/show?id={2**63}", "INVALID", "id"),
        ("/provisioning/provisioning_requests/show?id=1&colour=red", "UNKNOWN_FIELD", "colour"),
        ("/provisioning/provisioning_requests/list?process_id=abc", "INVALID", "process_id"),
        ("/provisioning/provisioning_requests/list?process_id=", "INVALID", "process_id"),
        (f"/provisioning/provisioning_requests/list?process_id={2**63}", "INVALID", "process_id"),
        ("/provisioning/provisioning_requests/list?id=-1", "INVALID", "id"),
        ("/provisioning/providers/list?effective=true", "UNKNOWN_FIELD", "effective"),
        ("/provisioning/provisioning_requests/list?limit=1", "UNKNOWN_FIELD", "limit"),
        ("/provisioning/provisioning_requests/list?offset=0&self=1", "UNKNOWN_FIELD", "self"),
        ("/provisioning/provisioning_requests/list?colour=red", "UNKNOWN_FIELD", "colour"),
        (
            "/provisioning/provisioning_requests/list?life_cycle_state=LOST",
            "INVALID",
            "life_cycle_state",
        ),
        ("/provisioning/provisioning_requests/list?provider=x", "UNKNOWN_PROVIDER", "provider"),
        ("/provisioning/provisioning_requests/list?subscription=x", "UNKNOWN_SUBSCRIPTION", "subscription"),
    ],
)
def test_a_question_that_is_wrong_is_refused_by_its_field(query, code, field, client):
    answer = client.get(query)
    assert 400 <= answer.status_code < 500
    assert (answer.json["status"]["code"], answer.json["status"]["description"]) == (code, field)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/subscriptions/", 404),
        ("POST", "/subscriptions/add/service", 404),
        ("GET", "/subscriptions/add_service", 405),
        ("POST", "/subscriptions/show", 405),
        ("DELETE", "/subscriptions/add_service", 405),
        ("GET", "/provisioning/subscriptions/reset", 405),
        ("POST", "/health", 405),
    ],
)
def test_a_path_or_a_method_that_there_is_not_is_refused_in_the_envelope(method, path, status, client):
    answer = client.open(path, method=method, json={})
    assert answer.status_code == status
    assert answer.json["status"]["code"]
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("method", "path", "options", "sentence"),
    [
        (
            "GET",
            "/subscription/list",
            {},
            "There is no call '/subscription/list', perhaps /subscriptions/list was meant",
        ),
        ("GET", "/subscriptions//list", {}, "There is no call '/subscriptions//list', perhaps /subscriptions/list was"),
        ("PUT", "/subscriptions/list", {}, "The method is PUT; GET or HEAD is wanted."),
        ("OPTIONS", "/subscriptions/add_service", {}, "The method is OPTIONS; POST is wanted."),
        ("POST", "/subscriptions/add_service", {"data": b"x"}, "Content-Type is ''; application/json is wanted."),
        (
            "POST",
            "/subscriptions/add_service",
            {"json": ["x" * MIB]},
            "The body is too long; at most 1048576 bytes are",
        ),
        ("POST", "/subscriptions/add_service?x=1", {"json": {}}, "Unknown field 'x'."),
    ],
)
def test_what_is_refused_is_said_in_our_own_sentences(method, path, options, sentence, client):
    answer = client.open(path, method=method, **options)
    assert answer.status_code in {400, 404, 405, 413, 415}
    assert answer.json["status"]["message"].startswith(sentence)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_makes_the_engine_stumble(data, client):
    call = data.draw(st.sampled_from(sorted(WHOLE)))
    body = dict(WHOLE[call])
    body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
    answer = client.post(f"/subscriptions/{call}", json=body)
    assert answer.status_code < 500, answer.json
    assert set(answer.json) == {"status", "data"}


def test_what_nobody_foresaw_is_logged_and_the_answer_says_that_what_was_executed_stands(client, caplog):
    def fail(*_arguments):
        raise RuntimeError("a secret of the engine's")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.service.show.list_subscriptions", fail)
        answer = client.get("/subscriptions/list")
    assert (answer.status_code, answer.json["status"]["code"]) == (500, "INTERNAL_ERROR")
    assert answer.json["status"]["message"].endswith("What was executed stands; look at the subscription.")
    assert "secret" not in answer.text
    assert "a secret of the engine's" in caplog.text
