"""What a mail run can't tell now waits for the platform, whoever comes upon it; and what is taken from its hands."""

from dataclasses import replace

import pytest

from engine.domain.errors import CollisionError
from engine.domain.provider import Breaker
from engine.ports import Failure
from engine.service import mail

UNSENT = Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)
PATIENCE_S = 10


@pytest.fixture
def irdeto(engine, equip, at_irdeto):
    """A subscription with two boxes, and one with one; three failures in a row open the circuit."""
    equip("S1", "BOX-1", "BOX-2")
    equip("S2", "BOX-3")
    known = engine.context.configuration
    frail = replace(known.provider("ca"), breaker=Breaker(failures=3, pause_s=60.0))
    engine.context.configuration = replace(known, providers={**known.providers, "ca": frail})
    return at_irdeto


@pytest.fixture
def half_told(engine, irdeto):
    """A run that has ended between the boxes of an entry, because the circuit has opened."""
    engine.queue_text("S1", "Hello", "CRM")
    irdeto.answers = [UNSENT] * 3
    return engine.run("MAIL")


def messages(engine):
    return [one.life_cycle_state.value for one in engine.requests(type="SEND_MESSAGE")]


def log(engine, run):
    return [line.message for line in engine.run_log(run.id).results]


def test_what_is_left_of_an_entry_waits_for_the_circuit_and_the_run_goes_on_with_it(engine, irdeto, half_told, clock):
    assert (half_told.state, half_told.counts.examined, half_told.counts.rejected) == ("FAILED", 0, 1)
    assert half_told.reason == "Provider ca keeps failing and is left alone for a while. Resume it to go on."
    assert (messages(engine), engine.entry(1).state) == (["REJECTED", "PENDING"], "PENDING")
    clock.sleep(61)
    engine.resume(half_told.id)
    over = engine.wait_for(half_told.id, PATIENCE_S)
    assert (over.counts.examined, over.counts.requests, over.counts.changed, over.total) == (1, 2, 0, 1)
    assert (messages(engine), engine.entry(1).state) == (["REJECTED", "COMPLETED"], "REJECTED")
    assert log(engine, over) == [
        "entry 1: begun; requests: 1, rejected: 1: CONNECTION_REFUSED",
        "entry 1: rejected; requests: 1, rejected: 0",
    ]


def test_what_is_left_of_an_entry_is_not_rejected_by_who_comes_upon_it_with_an_action(engine, half_told):
    executed = engine.act("REMOVE_SERVICE", "S1", service="NEWS")
    assert {one.error_code for one in executed.requests} == {"CIRCUIT_OPEN"}
    engine.recover()
    assert (messages(engine), engine.entry(1).state) == (["REJECTED", "PENDING"], "PENDING")


def test_where_someone_else_tries_whether_the_platform_is_back_the_entry_waits(
    engine, irdeto, half_told, clock, monkeypatch
):
    provider = engine.context.provider("ca")
    clock.sleep(61)

    def try_it(*said, real=mail.send_pending, **more):
        assert engine.context.breakers.allows("ca", provider.breaker, clock.now())
        return real(*said, **more)

    with monkeypatch.context() as patched:
        patched.setattr(mail, "send_pending", try_it)
        engine.resume(half_told.id)
        assert engine.wait_for(half_told.id, PATIENCE_S).state == "FAILED"
    assert messages(engine) == ["REJECTED", "PENDING"]
    engine.context.breakers.note("ca", provider.breaker, clock.now(), answered=True)
    engine.resume(half_told.id)
    assert engine.wait_for(half_told.id, PATIENCE_S).state == "COMPLETED_WITH_ERRORS"
    assert messages(engine) == ["REJECTED", "COMPLETED"]


def test_where_someone_else_tries_whether_the_platform_is_back_nothing_of_the_processing_run_is_lost(
    engine, irdeto, half_told, clock, monkeypatch
):
    clock.sleep(61)
    assert engine.context.breakers.allows("ca", engine.context.provider("ca").breaker, clock.now())
    assert engine.run("PROCESS").counts.errors == 1
    assert messages(engine) == ["REJECTED", "PENDING"]


@pytest.mark.parametrize("at_once", ["true", "false"])
def test_an_entry_that_is_removed_before_it_is_in_hand_is_told_so(at_once, engine, irdeto, monkeypatch):
    known = engine.context.configuration
    filters = {"external_system": "CRM", "process_immediately": at_once}
    changed = replace(known.definitions["MAIL"], filters=filters)
    engine.context.configuration = replace(known, definitions={**known.definitions, "MAIL": changed})
    for number in ("S2", "S2"):
        engine.queue_text(number, "Hello", "CRM")
    removed = []

    def remove_first(*said, real=mail.reachable):
        if not removed:
            removed.append(engine.remove_entry(2))
        return real(*said)

    monkeypatch.setattr(mail, "reachable", remove_first)
    run = engine.run("MAIL")
    assert (run.state, run.counts.examined, run.counts.changed) == ("COMPLETED", 2, 1)
    assert log(engine, run)[1] == "entry 2: was removed"
    assert len(messages(engine)) == 1


def test_requests_that_could_not_be_made_because_of_another_engine_are_made_then(engine, irdeto, monkeypatch):
    engine.queue_text("S2", "Hello", "CRM")
    met = []

    def meet(*said, real=mail.called_for):
        met.append(said)
        if len(met) == 1:
            raise CollisionError("Another engine is changing the same.")
        return real(*said)

    monkeypatch.setattr(mail, "called_for", meet)
    assert engine.run("MAIL").state == "COMPLETED"
    assert (len(met), messages(engine)) == (2, ["COMPLETED"])
