"""Runs: submitted, interrupted, resumed, deleted; by hand and by the timetable."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.run import Definition, RunKind
from engine.service import carry, lease, runs, timetable
from engine.service.context import Configuration
from engine.service.views import Page

NUMBERS = ["T0", "T1", "T2", "T3"]


def woken(engine):
    return [number for number in NUMBERS if engine.show(number).state == "EFFECTIVE"]


def test_an_interrupted_run_goes_on_where_it_was(resting, held_up):
    reached, go_on = held_up
    run = resting.submit("MAINTENANCE")
    assert run.state == "IN_PROGRESS"
    assert reached.wait(10)
    asked = threading.Thread(target=resting.interrupt, args=(run.id,))
    asked.start()
    while run.id not in resting.context.running.stopping:
        assert asked.is_alive()
    go_on.set()
    asked.join(10)
    broken = resting.wait_for(run.id, 10)
    assert (broken.state, broken.counts.examined, broken.total) == ("FAILED", 1, 4)
    assert "resume" in broken.reason
    assert woken(resting) == ["T0"]
    resting.resume(run.id)
    over = resting.wait_for(run.id, 10)
    assert (over.state, over.counts.examined, over.counts.changed, over.total) == ("COMPLETED", 4, 4, 4)
    assert [line.subscription for line in resting.run_log(run.id).results] == NUMBERS
    assert over.reason == ""


def test_two_runs_of_one_definition_do_not_overlap(resting, held_up):
    reached, go_on = held_up
    run = resting.submit("MAINTENANCE")
    assert reached.wait(10)
    with pytest.raises(NotAllowedError, match=f"Run {run.id} of MAINTENANCE is IN_PROGRESS"):
        resting.submit("MAINTENANCE")
    with pytest.raises(NotAllowedError, match="IN_PROGRESS"):
        resting.resume(run.id)
    go_on.set()
    assert resting.wait_for(run.id, 10).state == "COMPLETED"
    assert resting.submit("MAINTENANCE").id == run.id + 1
    resting.wait_for(run.id + 1, 10)


def test_a_run_that_breaks_off_has_failed_and_can_be_resumed(resting, platform):
    def fail(_message):
        raise RuntimeError("out of memory")

    platform.before_answer = fail
    run = resting.run("MAINTENANCE")
    assert (run.state, run.counts.examined) == ("FAILED", 0)
    assert "memory" not in run.reason
    platform.before_answer = lambda _message: None
    resting.resume(run.id)
    assert resting.wait_for(run.id, 10).state == "COMPLETED"
    assert woken(resting) == NUMBERS


def test_a_run_that_a_killed_engine_left_can_be_resumed_when_its_lease_is_over(resting, clock):
    run = runs.create(resting.context, "MAINTENANCE")
    carry.begin(resting.context, run.id)
    with pytest.raises(NotAllowedError):
        resting.resume(run.id)
    clock.at += lease.LEASE + timedelta(seconds=1)
    resting.resume(run.id)
    assert resting.wait_for(run.id, 10).state == "COMPLETED"


def test_only_a_draft_can_be_deleted(resting):
    draft = runs.create(resting.context, "MAINTENANCE")
    resting.remove_run(draft.id)
    with pytest.raises(UnknownError):
        resting.wait_for(draft.id)
    over = resting.run("MAINTENANCE")
    for call in (resting.remove_run, resting.resume, resting.interrupt):
        with pytest.raises(NotAllowedError, match="is COMPLETED"):
            call(over.id)


def test_only_an_effective_definition_can_be_submitted(engine, define):
    define(effective=False)
    with pytest.raises(NotAllowedError, match="MAINTENANCE is NOT_EFFECTIVE"):
        engine.submit("MAINTENANCE")
    with pytest.raises(UnknownError, match="perhaps MAINTENANCE was meant"):
        engine.submit("MAINTENANCES")
    assert engine.runs() == Page(0, [])


def test_runs_and_their_logs_come_by_the_page(resting, maintain):
    first = maintain()
    maintain()
    found = resting.runs("MAINTENANCE", 1, 0)
    assert (found.results[0].id, found.total) == (first.id + 1, 2)
    lines = resting.run_log(first.id, 2, 1)
    assert ([line.subscription for line in lines.results], lines.total) == (["T1", "T2"], 4)
    with pytest.raises(UnknownError):
        resting.runs("NONE")
    with pytest.raises(UnknownError):
        resting.run_log(4711)


def test_a_preview_changes_nothing(resting, dump):
    before = dump(resting)
    foreseen = resting.preview("MAINTENANCE")
    assert [(one.subscription, one.action.value) for one in foreseen.results] == [
        (number, "END_SUBSCRIPTION_RESTING") for number in NUMBERS
    ]
    assert foreseen.total == 4
    assert dump(resting) == before


class OneLook(threading.Event):
    """Somebody who is told to stop at the first rest."""

    def wait(self, _timeout=None):
        self.set()
        return True


@pytest.mark.parametrize(("said", "submitted"), [({}, 1), ({"submits": False}, 0)])
def test_an_engine_without_its_timetable_begins_no_run_by_itself(resting, define, clock, said, submitted):
    define(schedule="0 3 * * *")
    list(timetable.submit_due(resting.context))
    clock.at += timedelta(days=1)
    resting.keep_time(OneLook(), **said)
    assert resting.runs().total == submitted


def test_the_timetable_outlives_what_nobody_foresaw(resting, monkeypatch):
    looks = []
    stop = threading.Event()

    def refuse(_context):
        looks.append(stop.set() if looks else None)
        raise OSError("the database is not there")

    monkeypatch.setattr(timetable, "refresh", refuse)
    monkeypatch.setattr(timetable, "LOOK_EVERY_S", 0)
    resting.keep_time(stop)
    assert len(looks) == 2


def scheduled(schedule):
    return Definition("D", "D", RunKind.MAINTENANCE, schedule=schedule, effective=True)


AFTER = datetime(2030, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "now", "then"),
    [
        ("0 3 * * *", AFTER + timedelta(hours=14), None),
        ("0 3 * * *", AFTER + timedelta(hours=15), AFTER + timedelta(hours=15)),
        ("0 3 * * *", AFTER + timedelta(hours=15, seconds=30), AFTER + timedelta(hours=15)),
        ("0 3 * * *", AFTER + timedelta(days=10), AFTER + timedelta(days=9, hours=15)),
        ("0 12 * * *", AFTER + timedelta(seconds=1), None),
        ("2030-06-16T00:00:00Z", AFTER + timedelta(hours=11), None),
        ("2030-06-16T00:00:00Z", AFTER + timedelta(days=11), AFTER + timedelta(hours=12)),
        ("2030-06-15T12:00:00Z", AFTER + timedelta(days=11), None),
    ],
)
def test_a_definition_is_due_for_the_last_moment_that_was_missed(schedule, now, then):
    assert timetable.due(scheduled(schedule), AFTER, now) == then


@pytest.mark.parametrize("schedule", ["", "0 3 * * *", "2030-06-16T00:00:00+02:00"])
def test_a_schedule_is_a_moment_or_cron(schedule):
    timetable.check(schedule, "schedule")


@pytest.mark.parametrize("schedule", ["soon", "0 3 * *", "61 * * * *", "2030-06-16T00:00:00", "0 0 31 2 *"])
def test_nothing_else_is_a_schedule(schedule):
    with pytest.raises(InvalidError, match="five fields of cron"):
        timetable.check(schedule, "schedule")


def test_the_timetable_submits_what_is_due_once(resting, define, clock):
    define(schedule="0 3 * * *")
    assert list(timetable.submit_due(resting.context)) == []
    clock.at += timedelta(days=3)
    assert list(timetable.submit_due(resting.context)) == ["MAINTENANCE"]
    assert list(timetable.submit_due(resting.context)) == []
    run = resting.runs().results[0]
    assert resting.wait_for(run.id, 10).state == "COMPLETED"
    assert woken(resting) == NUMBERS
    assert resting.runs().total == 1


def test_of_two_engines_on_one_database_one_submits(resting, define, clock):
    define(schedule="0 3 * * *")
    list(timetable.submit_due(resting.context))
    clock.at += timedelta(days=1)
    other = replace(resting.context)
    assert list(timetable.submit_due(other)) + list(timetable.submit_due(resting.context)) == ["MAINTENANCE"]
    runs.stop_all(resting.context)


def test_what_is_due_and_can_not_be_submitted_is_passed_over(resting, define, clock, held_up):
    reached, go_on = held_up
    define(schedule="0 3 * * *")
    list(timetable.submit_due(resting.context))
    run = resting.submit("MAINTENANCE")
    assert reached.wait(10)
    clock.at += timedelta(days=1)
    assert list(timetable.submit_due(resting.context)) == []
    go_on.set()
    resting.wait_for(run.id, 10)


def test_the_timetable_ends_with_the_engine_and_interrupts_what_goes_on(resting, define, clock, held_up):
    reached, go_on = held_up
    define(schedule="0 3 * * *")
    list(timetable.submit_due(resting.context))
    clock.at += timedelta(days=1)
    stop = threading.Event()
    keeper = threading.Thread(target=resting.keep_time, args=(stop,))
    keeper.start()
    assert reached.wait(10)
    stop.set()
    run = resting.runs().results[0]
    while run.id not in resting.context.running.stopping:
        assert keeper.is_alive()
    go_on.set()
    keeper.join(10)
    assert not keeper.is_alive()
    assert resting.wait_for(run.id).state == "FAILED"
    assert woken(resting) == ["T0"]


def test_a_run_that_was_left_has_failed_when_the_next_one_is_made(resting, clock):
    left = runs.create(resting.context, "MAINTENANCE")
    carry.begin(resting.context, left.id)
    clock.at += lease.LEASE + timedelta(seconds=1)
    assert resting.run("MAINTENANCE").state == "COMPLETED"
    found = resting.wait_for(left.id)
    assert (found.state, found.reason) == ("FAILED", runs.LEFT)


@pytest.mark.parametrize(
    ("schedules", "then"),
    [
        ([], timetable.NEVER),
        (["0 3 * * *", "30 12 * * *"], AFTER + timedelta(minutes=30)),
        (["2030-06-15T11:59:00Z"], timetable.NEVER),
        (["2030-06-15T12:01:00Z", "0 3 * * *"], AFTER + timedelta(minutes=1)),
    ],
)
def test_the_timetable_knows_when_something_is_due_next(schedules, then):
    definitions = {str(index): scheduled(schedule) for index, schedule in enumerate(schedules)}
    definitions["off"] = replace(scheduled("* * * * *"), effective=False)
    assert timetable.next_moment(Configuration(definitions=definitions), AFTER) == then


@pytest.mark.sqlite("where an engine that starts is the only one")
def test_a_run_that_a_killed_engine_has_left_can_be_resumed_as_soon_as_another_one_starts(resting, define):
    define()
    run = runs.create(resting.context, "MAINTENANCE")
    carry.begin(resting.context, run.id)
    with pytest.raises(NotAllowedError, match="IN_PROGRESS"):
        resting.resume(run.id)
    resting.free_runs()
    assert resting.runs().results[0].state == "FAILED"
    resting.resume(run.id)
    assert resting.wait_for(run.id, 20).state == "COMPLETED"
