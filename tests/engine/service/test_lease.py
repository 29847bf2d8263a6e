"""Who carries a run out holds it: two runs of one definition never overlap, and no engine writes of another's run."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from engine.domain.errors import CollisionError, NotAllowedError
from engine.service import act, carry, jobs, lease, runs
from engine.service.running import Running
from engine.store import runs as store

A_BIT_LONGER = lease.LEASE + timedelta(seconds=1)
PATIENCE_S = 10


@pytest.fixture
def begin(resting):
    """Begin a run; gives the hold on it."""
    return lambda: carry.begin(resting.context, runs.create(resting.context, "MAINTENANCE").id)


@pytest.fixture
def another(resting, clock, monkeypatch):
    """Let another engine take the run when nothing has been heard of this one for longer than a lease."""

    def take(run_id):
        clock.at += A_BIT_LONGER
        with monkeypatch.context() as patched:
            patched.setattr(resting.context, "running", Running())
            return carry.begin(resting.context, run_id)

    return take


def test_a_unit_may_take_longer_than_a_lease(resting, held_up, clock, monkeypatch):
    renewed = threading.Semaphore(0)

    def renew(context, hold, real=lease.renew):
        real(context, hold)
        renewed.release()

    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.01)
    monkeypatch.setattr(lease, "renew", renew)
    reached, go_on = held_up
    run = resting.submit("MAINTENANCE")
    assert reached.wait(PATIENCE_S)
    clock.at += timedelta(days=1)
    while renewed.acquire(blocking=False):  # those of the day before
        pass
    for _ in range(2):  # the first may have been under way
        assert renewed.acquire(timeout=PATIENCE_S)
    with resting.context.database.reading() as connection:
        assert store.in_progress(connection, "MAINTENANCE", clock.at) == run.id
    go_on.set()
    assert resting.wait_for(run.id, PATIENCE_S).state == "COMPLETED"
    assert resting.context.running.holds == set()


def test_a_clock_that_is_put_forward_gives_no_run_away_that_goes_on_here(resting, held_up, clock):
    reached, go_on = held_up
    run = resting.submit("MAINTENANCE")
    assert reached.wait(PATIENCE_S)
    clock.at += timedelta(days=1)
    for call, what in ((resting.submit, "MAINTENANCE"), (resting.resume, run.id)):
        with pytest.raises(NotAllowedError, match=f"Run {run.id} of MAINTENANCE is IN_PROGRESS"):
            call(what)
    go_on.set()
    assert resting.wait_for(run.id, PATIENCE_S).state == "COMPLETED"


def test_who_finds_his_run_in_other_hands_ends_after_the_unit_that_he_was_at_and_writes_nothing(
    resting, another, clock, platform
):
    run = runs.create(resting.context, "MAINTENANCE")
    taken = []
    platform.before_answer = lambda _message: taken or taken.append(another(run.id))
    carry.carry_out(resting.context, carry.begin(resting.context, run.id))
    found = resting.wait_for(run.id)
    assert (found.state, found.counts.examined, found.reason) == ("IN_PROGRESS", 0, "")
    assert resting.run_log(run.id).total == 0
    assert [resting.show(number).state for number in ("T0", "T1")] == ["EFFECTIVE", "IN_RESTING"]
    carry.carry_out(resting.context, taken[0])
    assert resting.wait_for(run.id).counts.examined == 3


def test_what_was_given_up_is_not_written_over(resting, begin, clock, maintain):
    hold = begin()
    clock.at += A_BIT_LONGER
    assert maintain().state == "COMPLETED"
    carry.conclude(resting.context, hold, "COMPLETED", "")
    with pytest.raises(lease.LostError):
        carry.note(resting.context, hold, carry.Progress(resting.runs().results[1].counts, 7), [])
    assert resting.wait_for(hold.run).reason == runs.LEFT


@pytest.fixture
def collide(monkeypatch):
    """Let actions that a run executes meet another engine's, so many times each."""

    def at(times):
        met = Counter()

        def meeting(context, action, number, *said, **more):
            met[number] += 1
            if met[number] <= times:
                raise CollisionError("Another engine is changing the same.")
            return act.act(context, action, number, *said, **more)

        monkeypatch.setattr("engine.service.maintain.act", meeting)
        monkeypatch.setattr("engine.service.schedule.act", meeting)
        return met

    return at


def test_what_another_engine_was_changing_is_done_again(resting, maintain, collide, clock):
    resting.schedule("STOP_SERVICE", "T0", clock.at + timedelta(days=1), service="NEWS")
    collide(jobs.TRIES - 1)
    assert maintain().counts.changed == 4
    clock.at += timedelta(days=1)
    met = collide(jobs.TRIES - 1)
    run = maintain()
    assert (run.state, run.counts.examined, run.counts.changed, met["T0"]) == ("COMPLETED", 1, 1, jobs.TRIES)
    assert [line.message.partition(";")[0] for line in resting.run_log(run.id).results] == ["STOP_SERVICE: executed"]


def test_where_another_engine_is_changing_the_same_again_and_again_the_run_waits_to_be_resumed(
    resting, maintain, collide
):
    collide(jobs.TRIES)
    run = maintain()
    assert (run.state, run.reason) == ("FAILED", "Another engine is changing the same. Resume it to go on.")
    resting.resume(run.id)
    over = resting.wait_for(run.id, PATIENCE_S)
    assert (over.state, over.counts.examined) == ("FAILED", 1)
