"""For whoever watches: whether calls are taken, what was done in numbers, and the description of it all."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from engine.api.openapi import document
from engine.api.routes import ROUTES
from engine.domain.provider import Breaker, Retry
from tests.engine.desk import ADD, Desk

NUMBER = "S0000000001"
KIDS = {"subscription_identifier": {"number": NUMBER}, "product": "KIDS", "distributors": ["MAIN"]}


@pytest.fixture
def number(client):
    """One number out of the metrics; nothing, where there is none."""

    def read(line):
        lines = client.get("/metrics").text.splitlines()
        return next((float(one.removeprefix(line)) for one in lines if one.startswith(f"{line} ")), None)

    return read


def unready(client):
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["status"]["code"]) == (503, "NOT_READY")
    return answer.json["status"]["description"]


def test_it_is_not_ready_without_a_provider(client, engine, monkeypatch):
    monkeypatch.setattr(engine.context, "configuration", type(engine.context.configuration)())
    assert unready(client) == "configuration"


def test_it_is_not_ready_when_the_database_does_not_answer(client, engine, monkeypatch):
    def fail():
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(engine.context.database, "reading", fail)
    assert unready(client) == "database"


def test_it_is_not_ready_when_it_is_stopping_and_takes_no_calls(client, site):
    assert site.gate.close(0)
    assert unready(client) == "stopping"
    assert client.get("/health").status_code == client.get("/metrics").status_code == 200
    answer = client.get("/subscriptions/list")
    assert (answer.status_code, answer.json["status"]["code"]) == (503, "STOPPING")


def test_actions_are_counted_by_how_they_go(client, engine, subscribe, number, monkeypatch):
    subscribe(engine)
    for _ in range(2):
        client.post("/subscriptions/deactivate_subscription", json={"subscription_identifier": {"number": NUMBER}})
    client.post("/provisioning/subscriptions/reset", json={"subscription_identifier": {"number": NUMBER}})
    monkeypatch.setattr("engine.service.act.record", lambda *_: 1 / 0)
    client.post("/subscriptions/activate_subscription", json={"subscription_identifier": {"number": NUMBER}})
    assert number('headend_actions_total{action="BECOME_SUBSCRIBER",outcome="executed"}') == 1
    assert number('headend_actions_total{action="DEACTIVATE_SUBSCRIPTION",outcome="executed"}') == 1
    assert number('headend_actions_total{action="DEACTIVATE_SUBSCRIPTION",outcome="refused"}') == 1
    assert number('headend_actions_total{action="ACTIVATE_SUBSCRIPTION",outcome="failed"}') == 1
    assert number('headend_actions_total{action="RESET",outcome="executed"}') == 1


def test_requests_are_counted_by_how_they_end(client, engine, subscribe, platform, answers, change, number):
    subscribe(engine)
    change(retry=Retry(attempts=1))
    for answer in ("refused", "lost", "accepted"):
        platform.answer_with(answers[answer])
        client.post("/subscriptions/add_service", json=KIDS)
        engine.act("REMOVE_SERVICE", NUMBER, service="KIDS")
    line = 'headend_provisioning_requests_total{outcome="%s",provider="tv",type="ACTIVATE_OPTIONS"}'
    assert [number(line % outcome) for outcome in ("completed", "rejected", "in_doubt")] == [2, 1, 1]


def test_what_is_pending_and_how_the_circuit_is_are_looked_up(client, engine, subscribe, platform, change, number):
    subscribe(engine)
    pending = 'headend_provisioning_requests_pending{provider="tv"}'
    circuit = 'headend_circuit{provider="tv",state="%s"}'
    assert (number(pending), number(circuit % "closed"), number(circuit % "open")) == (0, 1, 0)

    def fail(_message):
        raise RuntimeError("it never comes back")

    platform.before_answer = fail
    assert client.post("/subscriptions/add_service", json=KIDS).status_code == 500
    engine.context.breakers.note("tv", Breaker(failures=1), engine.context.clock.now(), answered=False)
    assert (number(pending), number(circuit % "closed"), number(circuit % "open")) == (1, 0, 1)


def test_calls_are_counted_by_their_row_and_status(client, number):
    for path in ("/subscriptions/list", "/subscriptions/list", "/subscriptions/list?x=1", "/nowhere", "/nothing"):
        client.get(path)
    line = 'headend_api_call_duration_seconds_count{method="%s",path="%s",status="%s"}'
    assert number(line % ("GET", "/subscriptions/list", 200)) == 2
    assert number(line % ("GET", "/subscriptions/list", 400)) == 1
    assert number(line % ("", "", 404)) == 2


def test_the_description_says_every_call_as_it_is(client):
    found = client.get("/openapi.json").json
    assert found == msgspec.json.decode(msgspec.json.encode(document(ROUTES)))
    assert found["openapi"] == "3.1.0"
    assert set(found["paths"]) == {route.path for route in ROUTES}
    names = [call["operationId"] for one in found["paths"].values() for call in one.values()]
    assert len(set(names)) == len(names) == len(ROUTES)
    assert all(call["summary"] for one in found["paths"].values() for call in one.values())


def references(value):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from [part] if name == "$ref" else references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_everything_that_the_description_refers_to_is_in_it(client):
    found = client.get("/openapi.json").json
    told = set(references(found))
    assert told
    for reference in told:
        part = found
        for name in reference.removeprefix("#/").split("/"):
            assert name in part, reference
            part = part[name]


def test_an_action_that_can_wait_may_be_given_a_moment(client, engine, subscribe):
    subscribe(engine)
    later = KIDS | {"scheduled_date": "2030-06-16T12:00:00Z"}
    answer = client.post("/subscriptions/add_service", json=later)
    assert (answer.status_code, answer.json["data"]["state"]) == (202, "SCHEDULED")
    refused = client.post("/subscriptions/add_service", json=KIDS | {"scheduled_date": "2030-06-16T12:00:00"})
    assert (refused.status_code, refused.json["status"]["description"]) == (400, "scheduled_date")


def test_files_are_counted_by_their_state_and_those_that_are_overdue(engine, number, clock, tmp_path):
    desk = Desk(engine, tmp_path)
    desk.ask(ADD, "01234567890")
    assert desk.sent() == ["ps000001"]
    there, overdue = 'headend_files{provider="conax",state="%s"}', 'headend_files_overdue{provider="conax"}'
    assert (number(there % "SENT"), number(there % "ACCEPTED"), number(overdue)) == (1, 0, 0)
    clock.at += timedelta(hours=24, minutes=1)
    assert number(overdue) == 1
