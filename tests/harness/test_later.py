"""`headend act --at`, `headend actions`, `headend clock`: what is scheduled, listed, taken back; and the time."""

import json
from datetime import datetime, timedelta

import pytest

from harness.clients import ControlClient, EngineClient

LATER = "2999-12-31T20:00:00Z"


@pytest.fixture
def engine(stack):
    return EngineClient(stack.addresses["engine"], stack.addresses["token"])


@pytest.fixture
def scheduled(headend, subscribed):
    """The number of an action that waits, as a text."""
    result = headend("act", "STOP_SERVICE", subscribed, "service=Sport", "--at", LATER, "--json")
    return str(json.loads(result.stdout)["id"])


def times(engine, stack):
    control = ControlClient(stack.addresses["control"])
    return [datetime.fromisoformat(one["now"]) for one in (engine.look("/clock"), control.get("/clock"))]


def test_an_action_is_kept_until_its_moment_and_taken_back(headend, subscribed):
    kept = headend("act", "STOP_SERVICE", subscribed, "service=Sport", "--at", LATER)
    assert kept.exit_code == 0
    first, hint = kept.stdout.splitlines()
    assert first == f"STOP_SERVICE {subscribed}: scheduled for {LATER}."
    cancel = hint.split("`")[1].split()[1:]
    cancelled = headend(*cancel)
    assert (cancelled.exit_code, "CANCELLED" in cancelled.stdout) == (0, True)


def test_an_action_that_is_kept_is_given_in_json(headend, subscribed):
    kept = json.loads(headend("act", "STOP_SERVICE", subscribed, "service=Sport", "--at", LATER, "--json").stdout)
    assert (kept["action"], kept["state"], kept["scheduled_date"]) == ("STOP_SERVICE", "SCHEDULED", LATER)


def test_nothing_is_kept_for_who_has_ended(headend, subscribed):
    assert headend("act", "TERMINATE_SUBSCRIPTION", subscribed).exit_code == 0
    refused = headend("act", "STOP_SERVICE", subscribed, "service=Sport", "--at", LATER)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{subscribed} is CANCELLED; wanted: " in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("STOP_SERVICE", "{}", "service=Sport", "--at", "2030-01-01"),
            "'2030-01-01' has no time with an offset",
        ),
        (("STOP_SERVICE", "{}", "service=Sport", "--at", "2001-01-01T00:00:00Z"), "a moment after"),
        (
            ("STOP_SERVICE", "{}", "service=Sport", "--at", "tomorrow"),
            "'tomorrow' is no moment; wanted is one such as",
        ),
        (("STOP_SERVICE", "{}", "service=Chess", "--at", LATER), "Chess"),
        (("REMOVE_INSTALLED_ITEM", "{}", "item=X", "--at", LATER), "Unknown field 'scheduled_date'"),
        (("BECOME_SUBSCRIBER", "subscriber.first_name=Ada", "subscriber.last_name=L", "--at", LATER), "scheduled_date"),
        (("STOP_SERVICE", "{}", "service=Sport", "--at"), "requires an argument"),
    ],
)
def test_a_moment_that_is_called_wrongly_keeps_nothing(headend, engine, subscribed, arguments, sentence):
    before = engine.look("/subscriptions/actions/list")
    wrong = headend("act", *(one.replace("{}", subscribed) for one in arguments))
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert sentence in wrong.stderr
    assert engine.look("/subscriptions/actions/list") == before


def test_actions_are_listed_by_what_is_asked_for(headend, subscribed, scheduled):
    listed = headend("actions", "--subscription", subscribed)
    assert listed.exit_code == 0
    assert [line.split()[2] for line in listed.stdout.splitlines()[1:]] == ["BECOME_SUBSCRIBER", "STOP_SERVICE"]
    one = ("--subscription", subscribed, "--code", "STOP_SERVICE", "--state", "SCHEDULED", "--json")
    found = json.loads(headend("actions", *one).stdout)
    assert (found["total"], str(found["results"][0]["id"])) == (1, scheduled)
    second = json.loads(
        headend("actions", "--subscription", subscribed, "--limit", "1", "--offset", "1", "--json").stdout
    )
    assert (second["total"], [str(one["id"]) for one in second["results"]]) == (2, [scheduled])


def test_an_action_is_taken_back_once(headend, scheduled):
    assert json.loads(headend("actions", "--cancel", scheduled, "--json").stdout)["state"] == "CANCELLED"
    refused = headend("actions", "--cancel", scheduled)
    assert (refused.exit_code, refused.stderr) == (1, f"Error: Action {scheduled} is CANCELLED; wanted: SCHEDULED.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--subscription", "S9999999999"), "Unknown subscription 'S9999999999'"),
        (("--code", "FLY"), "'FLY'"),
        (("--state", "ASLEEP"), "'ASLEEP'"),
        (("--cancel", "4711"), "Unknown action '4711'"),
        (("--cancel", "soon"), "'soon' is not a valid integer range"),
        (("--limit", "0"), "0 is not in the range"),
        (("S0000000001",), "unexpected extra argument"),
    ],
)
def test_what_is_asked_wrongly_of_actions_is_a_sentence(headend, arguments, sentence):
    wrong = headend("actions", *arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert sentence in wrong.stderr


def test_the_time_is_shown_and_put_forward_on_both_sides(headend, engine, stack):
    shown = headend("clock")
    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["engine", "simulators"]
    before = times(engine, stack)
    moved = json.loads(headend("clock", "advance", "90s", "--json").stdout)
    assert set(moved) == {"engine", "simulators"}
    for earlier, later in zip(before, times(engine, stack), strict=True):
        assert later - earlier >= timedelta(seconds=90)


@pytest.mark.parametrize("only", ["engine", "simulators"])
def test_one_clock_is_put_forward_and_the_other_is_not(only, headend, engine, stack):
    before = dict(zip(("engine", "simulators"), times(engine, stack), strict=True))
    assert headend("clock", "advance", "2h", "--only", only).exit_code == 0
    after = dict(zip(("engine", "simulators"), times(engine, stack), strict=True))
    assert {name for name in after if after[name] - before[name] >= timedelta(hours=2)} == {only}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("advance",), "A span of time is wanted"),
        (("advance", "soon"), "'soon' is no span of time"),
        (("advance", "0s"), "'0s' is no span of time"),
        (("advance", "99999999d"), "advance_s"),
        (("back", "1d"), "'back' is not one of 'show', 'advance'"),
    ],
)
def test_time_that_is_put_forward_wrongly_stays(headend, engine, stack, arguments, sentence):
    before = times(engine, stack)
    wrong = headend("clock", *arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert sentence in wrong.stderr
    for earlier, later in zip(before, times(engine, stack), strict=True):
        assert later - earlier < timedelta(seconds=60)
