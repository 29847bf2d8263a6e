"""The reset run: what is out of sync is found, and sent what is missing; nothing else, and nothing twice."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from engine.domain.errors import InvalidError
from engine.domain.provider import Breaker, Rate
from engine.ports import Failure
from engine.service.sweeping import divide
from tests.engine.at_conax import add_conax, card, subscribe_at_conax
from tests.engine.fakes import NOON, accepted

UNSENT = Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)
RESET = '[[definitions]]\ncode = "RESET"\nname = "R"\nkind = "reset_subscriptions"\neffective = true\nfilters = {%s}\n'
THREE = ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]


class GoneError(BaseException):
    """The engine is killed."""


@pytest.fixture
def setting(engine, tmp_path):
    """Set the reset up, with filters."""

    def up(filters=""):
        (tmp_path / "reset.toml").write_text(RESET % filters, encoding="utf-8")
        engine.configure(tmp_path / "reset.toml")

    return up


@pytest.fixture
def astray(engine, platform, answers, subscribe, setting):
    """So many subscriptions, of which the platform knows nothing."""
    setting()

    def made(count, **said):
        for number in range(1, count + 1):
            platform.answer_with(answers["refused"])
            subscribe(engine, f"S{number}", **said)
        platform.messages.clear()
        return [f"S{number}" for number in range(1, count + 1)]

    return made


@pytest.fixture
def at_once(monkeypatch):
    """Let chunks be small, so that there are several of few subscriptions."""
    monkeypatch.setattr(divide, "FEW", 3)


def told(engine, run):
    return [(one.subscription, one.message) for one in engine.run_log(run.id, 1000).results]


def sent(platform):
    return Counter(platform.commands)


def test_it_sends_what_the_preview_has_said_and_nothing_the_next_time(engine, platform, subscribe, astray, standing):
    subscribe(engine, "FINE")
    numbers = astray(3)
    foreseen = engine.preview("RESET")
    assert [(one.subscription, one.request) for one in foreseen.results] == [
        (n, name) for n in numbers for name in THREE
    ]
    assert (foreseen.total, platform.messages) == (3, [])
    assert engine.preview("RESET", limit=1, offset=1).results == foreseen.results[3:6]
    run = engine.run("RESET")
    assert platform.names == [one.request for one in foreseen.results]
    assert (run.state, run.total, run.counts.examined, run.counts.changed) == ("COMPLETED", 3, 3, 3)
    assert (run.counts.requests, run.counts.rejected) == (9, 0)
    assert told(engine, run) == [(number, "tv: requests: 3, rejected: 0") for number in numbers]
    assert {one.process_name for one in engine.requests(process_id=run.id, process_name="RESET_SUBSCRIPTIONS")}
    assert all(standing(engine, number).in_sync for number in numbers)
    again = engine.run("RESET")
    assert (again.total, again.counts.examined, told(engine, again)) == (0, 0, [])


def test_what_waits_goes_first_and_what_is_missing_then_is_sent_too(
    engine, platform, answers, subscribe, astray, monkeypatch
):
    astray(1)
    with monkeypatch.context() as patched:
        patched.setattr("engine.service.act.send_pending", lambda *_: None)
        engine.act("ADD_SERVICE", "S1", product="KIDS", distributors=["MAIN"])
    platform.answer_with(answers["refused"])
    run = engine.run("RESET")
    assert platform.names == ["CREATE_ACCOUNT", *THREE]
    assert told(engine, run) == [("S1", "tv: requests: 5, rejected: 2 (UNKNOWN_OPTION, NO_ACCOUNT)")]


def test_a_refusal_without_a_code_is_one(engine, platform, answers, astray):
    astray(1)
    platform.answer_with(answers["rejected"](""))
    run = engine.run("RESET")
    assert run.state == "COMPLETED_WITH_ERRORS"
    assert told(engine, run) == [("S1", "tv: requests: 3, rejected: 3 (NO_ACCOUNT)")]


def test_filters_say_whose(engine, astray, setting, clock):
    astray(1, subscription_type="PRIVATE")
    clock.at += timedelta(days=2)
    setting('created_from = "2030-06-15", created_to = "2030-06-15T12:00:01Z", subscription_types = "PRIVATE, OTHER"')
    assert engine.preview("RESET").total == 1
    setting('created_from = "2030-06-16"')
    assert engine.preview("RESET").total == 0
    setting('subscription_types = "OTHER"')
    assert engine.preview("RESET").total == 0
    with pytest.raises(InvalidError, match=r"at_once: found '0'; wanted: a number from 1 to 64"):
        setting('at_once = "0"')
    with pytest.raises(InvalidError, match="found 'color'; wanted: one of created_from, created_to"):
        setting('color = "red"')


def test_several_at_once_send_each_of_them_once(engine, platform, astray, at_once):
    numbers = astray(20)
    run = engine.run("RESET")
    assert (run.state, run.counts.examined, run.counts.requests) == ("COMPLETED", 20, 60)
    assert set(sent(platform).values()) == {1}
    assert sorted(told(engine, run)) == sorted((number, "tv: requests: 3, rejected: 0") for number in numbers)


@pytest.fixture
def failing(change):
    """Let the platform be left alone after two failures, for a minute."""
    change(breaker=Breaker(failures=2, pause_s=60.0))


@pytest.mark.parametrize("several", [False, True])
def test_it_waits_for_a_platform_that_is_back_in_time(
    several, engine, platform, astray, failing, clock, standing, request
):
    if several:
        request.getfixturevalue("at_once")
    numbers = astray(9)
    platform.before_answer = lambda _message: clock.at < NOON + timedelta(seconds=100) and platform.answer_with(UNSENT)
    run = engine.run("RESET")
    assert (run.state, run.counts.rejected) == ("COMPLETED", 0)
    assert all(standing(engine, number).in_sync for number in numbers)


def test_it_ends_when_a_platform_does_not_come_back_and_goes_on_when_it_is_resumed(
    engine, platform, astray, failing, clock, standing
):
    numbers = astray(3)
    platform.answer_with(*[accepted] * 4, *[UNSENT] * 100)
    run = engine.run("RESET")
    assert (run.state, run.counts.examined) == ("FAILED", 1)
    assert run.reason == "tv keeps failing and is left alone for a while. Resume it to go on."
    assert told(engine, run)[-1] == ("", "tv keeps failing and is left alone for a while. What is left stays PENDING.")
    assert sum(one.life_cycle_state == "PENDING" for one in engine.requests(subscription="S3")) == 3
    platform.answers.clear()
    clock.at += timedelta(minutes=2)
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert (over.state, over.total, over.counts.examined, over.counts.requests) == ("COMPLETED", 3, 3, 9)
    assert [number for number, _said in told(engine, over) if number] == numbers
    assert all(standing(engine, number).in_sync for number in numbers)


@pytest.mark.parametrize("what", ["provider", "definition"])
def test_it_ends_where_it_is_not_to_go_on_and_says_what_is_not_effective(what, engine, platform, astray):
    numbers = astray(3)
    known = engine.context.configuration

    def switch(_message):
        if what == "provider":
            providers = {"tv": replace(known.provider("tv"), effective=False)}
            engine.context.configuration = replace(known, providers=providers)
        else:
            off = {"RESET": replace(known.definitions["RESET"], effective=False)}
            engine.context.configuration = replace(known, definitions=off)

    platform.before_answer = switch
    run = engine.run("RESET")
    said = {
        "provider": "tv is NOT_EFFECTIVE: nothing is sent to it.",
        "definition": "Definition RESET is NOT_EFFECTIVE.",
    }
    assert (run.state, run.reason) == ("FAILED", f"{said[what]} Resume it to go on.")
    platform.before_answer = lambda _message: None
    engine.context.configuration = known
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert (over.state, over.counts.examined, over.counts.requests) == ("COMPLETED", 3, 9)
    assert [number for number, _said in told(engine, over) if number] == numbers
    assert set(sent(platform).values()) == {1}


def test_it_is_interrupted_between_two_and_resumed(engine, platform, astray, request):
    astray(3)
    reached, go_on = request.getfixturevalue("held_up")
    run = engine.submit("RESET")
    assert reached.wait(10)
    engine.context.running.stopping.add(run.id)
    go_on.set()
    over = engine.wait_for(run.id, 10)
    assert (over.state, over.reason, over.counts.examined) == ("FAILED", "Interrupted; resume it to go on.", 1)
    engine.resume(run.id)
    assert engine.wait_for(run.id, 10).counts.examined == 3
    assert set(sent(platform).values()) == {1}


@pytest.mark.parametrize("at", [1, 4, 9])
def test_what_was_in_hand_at_a_kill_has_one_line_in_the_log(at, engine, platform, astray, restart):
    numbers = astray(3)

    def kill(_message):
        if len(platform.messages) == at - 1:
            raise GoneError

    platform.before_answer = kill
    with pytest.raises(GoneError):
        engine.run("RESET")
    platform.before_answer = lambda _message: None
    another = restart(engine)
    another.context.clock.at += timedelta(minutes=6)
    (run,) = another.runs().results
    another.recover()
    another.resume(run.id)
    over = another.wait_for(run.id, 10)
    assert (over.state, over.counts.examined, over.counts.requests) == ("COMPLETED", 3, 9)
    assert told(another, over) == [(number, "tv: requests: 3, rejected: 0") for number in numbers]
    assert len(sent(platform)) == 9


def test_so_many_requests_a_second_are_sent(engine, platform, astray, change, clock):
    astray(4)
    change(rate=Rate(requests_per_s=2.0))
    at = []
    platform.before_answer = lambda _message: at.append(clock.at)
    engine.run("RESET")
    gaps = [(later - first).total_seconds() for first, later in pairwise(at)]
    assert len(at) == 12
    assert min(gaps) >= 0.499
    assert sum(gaps) <= 7


def test_where_the_platform_takes_files_requests_are_made_for_the_processing_run(engine, tmp_path, setting):
    site = add_conax(engine, tmp_path)
    setting()
    subscribe_at_conax(engine, "C1", card("012345678901"))
    run = engine.run("RESET")
    assert told(engine, run) == [("C1", "conax: requests for the processing run: 1")]
    assert (run.total, run.counts.requests, site.journal) == (1, 1, [])
    assert engine.run("SEND").counts.requests == 1
