"""The calls about actions for later, runs and the engine's time: as they should be, and what they refuse."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.clock import MovableClock
from engine.domain.run import RunKind
from engine.service import runs
from tests.engine.api.bodies import IDENTIFIER, NUMBER

MAINTENANCE = {"definition_identifier": {"alternative_code": "MAINTENANCE"}}
LATER = "2030-06-16T12:00:00Z"


@pytest.fixture
def scheduled(client, engine, subscribe):
    """What the engine says of an action that waits for tomorrow."""
    subscribe(engine)
    body = IDENTIFIER | {"service": "NEWS", "scheduled_date": LATER}
    return client.post("/subscriptions/stop_service", json=body).json["data"]


@pytest.fixture
def over(client, engine, define, clock, scheduled):
    """What the engine says of a run that has executed the action."""
    define()
    clock.at += timedelta(days=2)
    submitted = client.post("/definitions/submit", json=MAINTENANCE)
    assert submitted.status_code == 202
    return client.get(f"/runs/show?id={submitted.json['data']['id']}&within_s=20").json["data"]


@pytest.fixture
def draft(engine, define):
    """What names a run that was never begun."""
    define()
    return {"run_identifier": {"id": runs.create(engine.context, "MAINTENANCE").id}}


def said(answer):
    return answer.status_code, answer.json["status"]["code"], answer.json["status"]["description"]


def test_actions_are_listed_by_what_is_asked_for(client, scheduled):
    path = "/subscriptions/actions/list"
    whole = client.get(path).json["data"]
    assert (whole["total"], whole["results"][1]) == (2, scheduled)
    for query in (f"subscription={NUMBER}&offset=1", "code=STOP_SERVICE", "state=SCHEDULED", "id=2"):
        assert client.get(f"{path}?{query}").json["data"]["results"] == [scheduled], query
    page = client.get(f"{path}?number_of_results=1&fields_set=id,state").json["data"]
    assert page == {"total": 2, "results": [{"id": 1, "state": "EXECUTED"}]}


def test_a_scheduled_action_is_cancelled_once(client, scheduled):
    named = {"action_identifier": {"id": scheduled["id"]}}
    answer = client.post("/subscriptions/actions/cancel", json=named)
    assert (answer.status_code, answer.json["data"]["state"]) == (200, "CANCELLED")
    again = client.post("/subscriptions/actions/cancel", json=named)
    assert said(again) == (409, "NOT_ALLOWED", "action_identifier")


def test_what_is_set_up_is_listed_and_previewed(client, define, clock, scheduled):
    define(schedule="0 3 * * *")
    (found,) = client.get("/definitions/list").json["data"]
    assert (found["code"], found["schedule"], found["effective"]) == ("MAINTENANCE", "0 3 * * *", True)
    path = "/definitions/preview?alternative_code=MAINTENANCE"
    assert client.get(path).json["data"] == {"total": 0, "results": []}
    clock.at += timedelta(days=2)
    foreseen = client.get(path).json["data"]
    assert (foreseen["total"], foreseen["results"][0]["action"]) == (1, "STOP_SERVICE")


def test_a_run_is_submitted_shown_listed_and_logged(client, over):
    assert (over["state"], over["kind"], over["counts"]["changed"]) == ("COMPLETED", RunKind.MAINTENANCE, 1)
    assert client.get("/runs/list").json["data"] == {"total": 1, "results": [over]}
    assert client.get("/runs/list?definition=MAINTENANCE&offset=1").json["data"] == {"total": 1, "results": []}
    log = client.get(f"/runs/log?id={over['id']}").json["data"]
    assert (log["total"], log["results"][0]["subscription"]) == (1, NUMBER)
    assert client.get("/subscriptions/actions/list?id=2").json["data"]["results"][0]["state"] == "EXECUTED"


def test_a_draft_is_deleted_and_is_no_more(client, draft):
    assert client.post("/runs/delete", json=draft).json["data"] == draft
    assert said(client.post("/runs/delete", json=draft)) == (404, "UNKNOWN_RUN", "run_identifier")


def test_a_draft_is_gone_on_with(client, draft):
    resumed = client.post("/runs/resume", json=draft)
    assert resumed.status_code == 202
    over = client.get(f"/runs/show?id={draft['run_identifier']['id']}&within_s=20").json["data"]
    assert over["state"] == "COMPLETED"


@pytest.mark.parametrize("deed", ["interrupt", "resume", "delete"])
def test_a_run_that_is_over_stays_as_it_is(client, over, deed):
    refused = client.post(f"/runs/{deed}", json={"run_identifier": {"id": over["id"]}})
    assert said(refused) == (409, "NOT_ALLOWED", "run_identifier")
    assert client.get(f"/runs/show?id={over['id']}").json["data"] == over


def test_a_definition_that_is_not_effective_is_not_run(client, define):
    define(effective=False)
    refused = client.post("/definitions/submit", json=MAINTENANCE)
    assert said(refused) == (409, "NOT_ALLOWED", "definition_identifier")
    assert client.get("/runs/list").json["data"]["total"] == 0


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("/subscriptions/actions/list?state=ASLEEP", 400, "INVALID", "state"),
        ("/subscriptions/actions/list?code=FLY", 400, "INVALID", "code"),
        ("/subscriptions/actions/list?subscription=S9", 404, "UNKNOWN_SUBSCRIPTION", "subscription"),
        ("/subscriptions/actions/list?action=FLY", 400, "UNKNOWN_FIELD", "action"),
        ("/subscriptions/actions/list?id=x", 400, "INVALID", "id"),
        ("/definitions/list?code=NONE", 400, "UNKNOWN_FIELD", "code"),
        ("/definitions/preview", 400, "INVALID", "alternative_code"),
        ("/definitions/preview?alternative_code=NONE", 404, "UNKNOWN_DEFINITION", "definition"),
        ("/runs/list?definition=NONE", 404, "UNKNOWN_DEFINITION", "definition"),
        ("/runs/list?number_of_results=0", 400, "INVALID", "number_of_results"),
        ("/runs/show", 400, "INVALID", "id"),
        ("/runs/show?id=9", 404, "UNKNOWN_RUN", "run_identifier"),
        ("/runs/show?id=9&within_s=61", 400, "INVALID", "within_s"),
        ("/runs/log?id=9", 404, "UNKNOWN_RUN", "run_identifier"),
        ("/runs/log?id=9&fields_set=colour", 400, "INVALID", "fields_set"),
        ("/clock?now=1", 400, "UNKNOWN_FIELD", "now"),
    ],
)
def test_a_question_that_is_wrong_is_refused_by_its_field(client, query, status, code, field):
    assert said(client.get(query)) == (status, code, field)


def test_time_is_put_forward_where_the_clock_can_be_moved(client, engine):
    assert client.get("/clock").json["data"] == {"now": "2030-06-15T12:00:00Z", "movable": False}
    refused = client.post("/clock/advance", json={"advance_s": 60})
    assert said(refused) == (409, "NOT_ALLOWED", "")
    engine.context = replace(engine.context, clock=MovableClock())
    before = client.get("/clock").json["data"]
    after = client.post("/clock/advance", json={"advance_s": 3600.5}).json["data"]
    assert before["movable"] is after["movable"] is True
    moved = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert moved >= timedelta(seconds=3600.5)


@pytest.mark.parametrize("seconds", [0, -1, 100 * 366 * 86_400 + 1, "60", True, None])
def test_time_is_not_put_back_nor_out_of_the_calendar(client, engine, seconds):
    engine.context = replace(engine.context, clock=MovableClock())
    assert said(client.post("/clock/advance", json={"advance_s": seconds})) == (400, "INVALID", "advance_s")
    assert client.get("/clock").json["data"]["now"] < "2130"
