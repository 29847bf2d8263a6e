"""The processing run: every PENDING request that is due, EXPRESS first, then the oldest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.provider import Breaker, Rate
from engine.domain.request import Priority
from engine.ports import Failure
from engine.service import jobs
from engine.service.asked import Asked

UNSENT = Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)
NUMBERS = ("S1", "S2", "S3")


@pytest.fixture
def later(engine):
    """Leave a message to the processing run: to the box of a subscription, or to all."""

    def left(number, text, **more):
        whom = {"serial_number": f"BOX-{number}"} if number else {"to_all": True}
        said = {"message_type": "MAIL", "text": text}
        return engine.ask(Asked("send_message", said, process_immediately=False, **whom, **more))

    return left


@pytest.fixture
def irdeto(equip, at_irdeto):
    """Three subscriptions with a box each."""
    for number in NUMBERS:
        equip(number, f"BOX-{number}")
    return at_irdeto


def texts(irdeto):
    return [words[-1] for name, _reference, words in irdeto.calls if name == "SEND_MESSAGE"]


def test_express_goes_first_and_then_what_is_older(engine, irdeto, later):
    for number, text in (("S3", "1"), ("S1", "2"), ("", "3"), ("S2", "4")):
        later(number, text)
    later("S2", "express 1", priority=Priority.EXPRESS)
    later("", "express 2", priority=Priority.EXPRESS)
    later("S3", "express 3", priority=Priority.EXPRESS)
    run = engine.run("PROCESS")
    assert texts(irdeto) == ["express 1", "express 2", "express 3", "1", "2", "3", "4"]
    assert (run.state, run.total, run.counts.examined, run.counts.requests) == ("COMPLETED", 7, 7, 7)


def test_each_subscription_has_its_line_in_the_log(engine, irdeto, later):
    later("S2", "one")
    later("S1", "two")
    later("S2", "three")
    run = engine.run("PROCESS")
    lines = engine.run_log(run.id).results
    assert [(one.subscription, one.message) for one in lines] == [
        ("S2", "ca: requests: 2, rejected: 0"),
        ("S1", "ca: requests: 1, rejected: 0"),
    ]


def test_what_the_platform_refuses_is_counted_and_told(engine, irdeto, later):
    later("S1", "one")
    irdeto.answers = [UNSENT] * 3
    run = engine.run("PROCESS")
    assert (run.state, run.counts.rejected) == ("COMPLETED_WITH_ERRORS", 1)
    (line,) = engine.run_log(run.id).results
    assert line.error
    assert line.message == "ca: requests: 1, rejected: 1 (CONNECTION_REFUSED)"


@pytest.fixture
def run_and_fail(engine, irdeto):
    """A processing run at whose first request Irdeto fails, and is left alone from then on."""

    def run():
        known = engine.context.configuration
        breaker = Breaker(failures=3, pause_s=60.0)
        providers = {**known.providers, "ca": replace(known.provider("ca"), breaker=breaker)}
        engine.context.configuration = replace(known, providers=providers)
        irdeto.answers = [UNSENT] * 3
        return engine.run("PROCESS")

    return run


@pytest.mark.parametrize("page", [1, 5000])
def test_what_a_platform_that_keeps_failing_is_left_with_waits_and_is_told_of_once(
    page, engine, irdeto, run_and_fail, later, clock, monkeypatch
):
    monkeypatch.setattr(jobs, "PAGE", page)
    for number in NUMBERS:
        later(number, number)
    run = run_and_fail()
    assert (run.state, run.counts.rejected, run.counts.errors) == ("COMPLETED_WITH_ERRORS", 1, 1)
    assert (run.counts.examined, run.total) == (2, 3)
    said = "ca keeps failing and is left alone for a while. What is left stays PENDING."
    assert [one.message for one in engine.run_log(run.id).results if "left" in one.message] == [said]
    assert [one.life_cycle_state.value for one in engine.requests(type="SEND_MESSAGE")] == [
        "REJECTED",
        "PENDING",
        "PENDING",
    ]
    clock.at += timedelta(minutes=2)
    assert engine.run("PROCESS").state == "COMPLETED"
    assert texts(irdeto)[3:] == ["S2", "S3"]


def test_another_platform_is_sent_its_own_all_the_same(engine, run_and_fail, later, subscribe, standing, monkeypatch):
    for number in ("S1", "S2"):
        later(number, number)
    with monkeypatch.context() as patched:
        patched.setattr("engine.service.act.send_pending", lambda *_: None)
        subscribe(engine, "T1")
    run = run_and_fail()
    assert (run.counts.errors, run.counts.requests) == (1, 1 + 3)
    assert standing(engine, "T1").in_sync


def test_a_run_of_one_provider_leaves_those_of_others(engine, irdeto, later, define):
    later("S1", "one")
    known = engine.context.configuration
    only = replace(known.definitions["PROCESS"], provider="tv")
    engine.context.configuration = replace(known, definitions={"PROCESS": only})
    assert engine.run("PROCESS").counts.examined == 0
    assert irdeto.calls == []


def test_a_provider_that_is_not_effective_keeps_what_waits_for_it(engine, irdeto, later):
    later("S1", "one")
    engine.set_provider_effective("ca", effective=False)
    assert engine.run("PROCESS").counts.examined == 0
    engine.set_provider_effective("ca", effective=True)
    assert engine.run("PROCESS").counts.examined == 1
    assert texts(irdeto) == ["one"]


def test_a_run_goes_on_page_by_page(engine, irdeto, later, monkeypatch):
    monkeypatch.setattr(jobs, "PAGE", 1)
    for number in NUMBERS:
        later(number, number)
        later(number, f"express {number}", priority=Priority.EXPRESS)
    assert engine.run("PROCESS").counts.requests == 6
    assert texts(irdeto) == [*(f"express {number}" for number in NUMBERS), *NUMBERS]


def test_a_run_that_broke_off_goes_on_and_sends_nothing_twice(engine, irdeto, later):
    def die(_message):
        raise RuntimeError("killed")

    for number in NUMBERS:
        later(number, number)
    irdeto.answers = [UNSENT, UNSENT, UNSENT, die]
    run = engine.run("PROCESS")
    assert (run.state, run.counts.examined) == ("FAILED", 1)
    engine.resume(run.id)
    over = engine.wait_for(run.id, 10)
    assert (over.counts.examined, over.total) == (3, 3)
    numbers = [reference for _name, reference, _words in irdeto.calls]
    assert len(set(numbers)) == 3
    assert texts(irdeto)[-2:] == ["S2", "S3"]


def test_a_preview_says_what_would_be_sent_and_changes_nothing(engine, irdeto, later, dump):
    later("S1", "one")
    later("", "two", priority=Priority.EXPRESS)
    before = dump(engine)
    page = engine.preview("PROCESS")
    assert [(one.subscription, one.request, one.parameters["text"]) for one in page.results] == [
        ("", "SEND_MESSAGE", "two"),
        ("S1", "SEND_MESSAGE", "one"),
    ]
    assert (page.total, dump(engine), irdeto.calls) == (2, before, [])


def test_a_preview_by_the_page_goes_on_from_what_is_express_to_what_is_not_and_reads_only_what_it_shows(
    engine, irdeto, later, statements, monkeypatch
):
    for number in NUMBERS:
        later(number, f"express {number}", priority=Priority.EXPRESS)
        later(number, number)
    whole = [f"express {number}" for number in NUMBERS] + list(NUMBERS)
    for offset in range(7):
        shown = [one.parameters["text"] for one in engine.preview("PROCESS", 2, offset).results]
        assert shown == whole[offset : offset + 2]
    monkeypatch.setattr(jobs, "PAGE", 1)
    with statements(engine.context.database) as said:
        engine.preview("PROCESS", 1, 5)
    assert len([one for one in said if "OFFSET" in one]) == 2  # express, regular


def test_so_many_requests_a_second_are_sent(engine, irdeto, later, clock):
    for number in NUMBERS:
        later(number, number)
    known = engine.context.configuration
    providers = {**known.providers, "ca": replace(known.provider("ca"), rate=Rate(requests_per_s=0.5))}
    engine.context.configuration = replace(known, providers=providers)
    began = clock.at
    assert engine.run("PROCESS").counts.requests == 3
    assert (clock.at - began).total_seconds() == pytest.approx(4)
