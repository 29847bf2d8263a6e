"""Who is let in: the bearer of a token that is valid, and nobody else; and nothing else is said to others."""

import logging

import pytest

from engine.api.app import api
from engine.api.routes import ROUTES
from engine.api.site import site_of
from engine.service import tokens

OPEN = ("/health", "/ready", "/metrics", "/openapi.json")
BODY = {"subscriber": {"first_name": "Ada", "last_name": "Lovelace"}}


@pytest.fixture
def made(engine):
    """A token out of the database."""
    return tokens.create(engine.context.database, engine.context.clock, "crm")


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_call_wants_a_token_but_those_of_whoever_watches(route, stranger, engine, dump):
    before = dump(engine)
    answer = stranger.open(route.path, method=route.method)
    if route.path in OPEN:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json["status"]["code"]) == (401, "TOKEN_WANTED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert dump(engine) == before


@pytest.mark.parametrize("path", ["/", "/nowhere", "/subscriptions/show", "/subscriptions/add_service"])
def test_a_stranger_is_not_told_what_there_is(path, stranger):
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        assert stranger.open(path, method=method).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic Y3JtOmNybQ==", "bearer {}", "Token {}", "{}", "Bearer x{}", "Bearer é"]
)
def test_another_header_lets_nobody_in(header, stranger, made):
    answer = stranger.get("/subscriptions/list", headers={"Authorization": header.format(made)})
    assert answer.status_code == 401
    assert made not in answer.text


def test_a_token_is_borne_in_the_header_or_in_the_body(stranger, made):
    assert stranger.get("/subscriptions/list", headers=bearing(made)).status_code == 200
    assert stranger.post("/subscriptions/become_subscriber", json={**BODY, "token": made}).status_code == 200
    wrong = stranger.post("/subscriptions/become_subscriber", json={**BODY, "token": f"{made}x"})
    assert (wrong.status_code, wrong.json["status"]["code"]) == (401, "TOKEN_UNKNOWN")


def test_where_there_is_a_header_the_token_in_the_body_lets_nobody_in(stranger, made):
    body = {**BODY, "token": made}
    assert stranger.post("/subscriptions/become_subscriber", json=body, headers=bearing("x")).status_code == 401
    body["token"] = "x"
    assert stranger.post("/subscriptions/become_subscriber", json=body, headers=bearing(made)).status_code == 200


@pytest.mark.parametrize("token", [None, 1, "", [], {"x": "y"}, "\ud83d"])
def test_what_is_no_token_lets_nobody_in(token, stranger, made):
    assert stranger.post("/subscriptions/become_subscriber", json={**BODY, "token": token}).status_code == 401


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"x" * (1 << 21), b"[" * 2000])
def test_a_stranger_whose_body_is_wrong_is_told_of_the_token_only(data, stranger):
    answer = stranger.post("/subscriptions/become_subscriber", data=data, content_type="application/json")
    assert (answer.status_code, answer.json["status"]["code"]) == (401, "TOKEN_WANTED")


def test_a_token_that_is_revoked_is_of_no_use_after_a_second(stranger, made, engine, clock):
    assert stranger.get("/subscriptions/list", headers=bearing(made)).status_code == 200
    tokens.revoke(engine.context.database, clock, "crm")
    clock.sleep(1)
    answer = stranger.get("/subscriptions/list", headers=bearing(made))
    assert (answer.status_code, answer.json["status"]["code"]) == (401, "TOKEN_UNKNOWN")


def test_without_a_token_of_the_process_nothing_stands_for_it(engine):
    client = api(site_of(engine)).test_client()
    for header in ("Bearer", "Bearer ", "Bearer \t"):
        assert client.get("/subscriptions/list", headers={"Authorization": header}).status_code == 401


def test_a_token_stands_in_no_log_and_not_in_the_database(stranger, made, engine, dump, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("engine.service.show.list_subscriptions", lambda *_: 1 / 0)
    assert stranger.get("/subscriptions/list", headers=bearing(made)).status_code == 500
    body = {**BODY, "token": made, made: made}
    refused = stranger.post("/subscriptions/become_subscriber", json={**BODY, "token": made, "more": 1})
    assert refused.status_code == 400
    assert stranger.post("/subscriptions/become_subscriber", json=body).status_code == 400
    assert made not in caplog.text
    assert made not in refused.text
    assert made not in "\n".join(dump(engine))
