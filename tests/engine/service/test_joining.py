"""Engines on one database work together on a run: each takes its share, and what a killed one has left."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.service import carry, joining, lease, runs
from engine.service.running import Running
from engine.service.sweeping import divide
from engine.store import chunks

pytestmark = pytest.mark.postgresql("a SQLite file has one engine")

RESET = '[[definitions]]\ncode = "RESET"\nname = "R"\nkind = "reset_subscriptions"\neffective = true\n'
COUNT, PATIENCE_S = 16, 10


@pytest.fixture
def astray(engine, platform, answers, subscribe, tmp_path, monkeypatch):
    """Subscriptions of which the platform knows nothing, in chunks of two."""
    (tmp_path / "reset.toml").write_text(RESET + 'filters = { at_once = "4" }\n', encoding="utf-8")
    engine.configure(tmp_path / "reset.toml")
    for number in range(COUNT):
        platform.answer_with(answers["refused"])
        subscribe(engine, f"S{number}")
    platform.messages.clear()
    monkeypatch.setattr(divide, "FEW", 2)
    monkeypatch.setattr(divide, "MANY", 2)


@pytest.fixture
def other(engine, astray, restart):
    """Another engine at the same platform."""
    return restart(engine)


def helped(engine):
    for thread in list(engine.context.running.helpers.values()):
        thread.join(PATIENCE_S)


def test_one_joins_in_has_its_share_and_nothing_is_sent_twice(engine, other, platform):
    first = threading.Event()

    def wait(_message):
        if not first.is_set():
            first.set()
            joining.join_in(other.context)
        threading.Event().wait(0.02)  # so that there is something left for the other one

    platform.before_answer = wait
    run = engine.submit("RESET")
    assert first.wait(PATIENCE_S)
    over = engine.wait_for(run.id, PATIENCE_S)
    helped(other)
    assert (over.state, over.counts.examined, over.counts.requests) == ("COMPLETED", COUNT, 3 * COUNT)
    assert set(Counter(platform.commands).values()) == {1}
    assert all(sum(one.context.tally.counts()[1].values()) for one in (other, engine))
    assert len(engine.run_log(run.id).results) == COUNT
    joining.join_in(other.context)
    assert other.context.running.helpers == {}


def test_no_more_are_in_hand_at_once_than_may_be_and_each_engine_has_its_share(engine, other):
    run = runs.create(engine.context, "RESET").id
    carry.begin(engine.context, run)
    now = engine.context.clock.now()

    def taken(name):
        with engine.context.database.transaction() as connection:
            until = now + timedelta(minutes=1)
            return chunks.take(connection, run, name, now=now, until=until, at_once=4) is not None

    with engine.context.database.transaction() as connection:
        chunks.make(connection, run, "tv", [range(first, first + 2) for first in range(1, 17, 2)])
    assert [taken("one") for _ in range(3)] == [True, True, True]
    assert [taken("two") for _ in range(2)] == [True, False]
    assert not taken("one")
    with engine.context.database.transaction() as connection:
        chunks.release_all(connection, run)
    assert [taken("one") for _ in range(3)] == [True, True, False]
    assert [taken("two") for _ in range(3)] == [True, True, False]


def test_what_a_killed_engine_has_left_is_gone_on_with(engine, other, platform, clock):
    run = runs.create(engine.context, "RESET").id
    carry.begin(engine.context, run)
    engine.context = replace(engine.context, running=Running())
    joining.join_in(other.context)
    assert other.context.running.threads == {}
    clock.at += lease.LEASE + timedelta(seconds=1)
    joining.join_in(other.context)
    over = other.wait_for(run, PATIENCE_S)
    assert (over.state, over.counts.examined) == ("COMPLETED", COUNT)
    assert set(Counter(platform.commands).values()) == {1}


def test_who_has_joined_in_ends_with_the_run_that_is_interrupted(engine, other, platform):
    first = threading.Event()

    def wait(_message):
        if not first.is_set():
            first.set()
            joining.join_in(other.context)
            engine.context.running.stopping.update(engine.context.running.threads)

    platform.before_answer = wait
    run = engine.submit("RESET")
    assert engine.wait_for(run.id, PATIENCE_S).state == "FAILED"
    helped(other)
    assert other.context.running.helpers == {}
    done = engine.runs().results[0].counts
    assert done.examined < COUNT
    platform.before_answer = lambda _message: None
    engine.resume(run.id)
    over = engine.wait_for(run.id, PATIENCE_S)
    assert (over.state, over.counts.examined) == ("COMPLETED", COUNT)
    assert set(Counter(platform.commands).values()) == {1}
