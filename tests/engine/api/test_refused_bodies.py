"""Calls that are wrong as a whole: no JSON, too long, too deep, of another type, with another method, to nowhere."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.api.bodies import BY_PATH, CALLS, IDENTIFIER, ITEM, NUMBER

MIB = 1 << 20
SUBSCRIBER = BY_PATH["/subscriptions/become_subscriber"].body


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
            SUBSCRIBER | IDENTIFIER,
            "UNKNOWN_FIELD",
            "subscription_identifier",
        ),
        ("/subscriptions/become_subscriber", SUBSCRIBER | {"number": NUMBER}, "NOT_ALLOWED", "number"),
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
    body = IDENTIFIER
    assert refused("/subscriptions/deactivate_subscription", body, content_type)["description"] == "Content-Type"


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
    call = data.draw(st.sampled_from(CALLS))
    body = dict(call.body)
    body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
    answer = client.post(call.path, json=body)
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
