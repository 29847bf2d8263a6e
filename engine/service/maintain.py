"""Maintenance: scheduled actions that are due are executed, and what has come to its end is ended."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from engine.domain.actions import Action
from engine.domain.due import Due, ends
from engine.domain.errors import CollisionError, DomainError
from engine.domain.request import RequestState
from engine.domain.run import Counts, LogLine
from engine.domain.subscription import Subscription
from engine.service import schedule
from engine.service.act import Executed, act, find
from engine.service.context import Context
from engine.service.jobs import Deed, Foreseen, Job, Task, Unit, paged
from engine.store import actions
from engine.store import due as store


def count(_context: Context, connection: Connection, task: Task, after: int) -> int:
    """How many subscriptions have anything due."""
    return store.count(connection, task.at, after=after)


def units(context: Context, task: Task, after: int, skip: int) -> Iterator[Unit]:
    """Those subscriptions, in the order of their keys."""

    def page(connection: Connection, **which: int) -> list[Unit]:
        return [Unit(*found) for found in store.page(connection, task.at, **which)]

    return paged(context, page, after, skip)


def foresee(context: Context, connection: Connection, _task: Task, unit: Unit) -> list[Foreseen]:
    """What is due on one subscription, in the order of its moments. Changes nothing."""
    now, number = context.clock.now(), unit.subscription
    key, subscription = find(connection, number)
    found = sorted(all_due(connection, key, subscription, now), key=turn)
    return [Foreseen(number, due.moment, due.action, due.scheduled) for due in found]


def maintain(context: Context, _task: Task, unit: Unit) -> Iterator[Deed]:
    """Carry out all that is due on one subscription, in the order of its moments. Gives each as it is done.

    What has been done is not due any more, so that it may be called again at will.
    """
    before, number = None, unit.subscription
    while True:
        due = first_due(context, number)
        if due is None or due == before:
            return
        before = due
        yield carry_out(context, number, due)


def first_due(context: Context, number: str) -> Due | None:
    """What is due first."""
    now = context.clock.now()
    with context.database.reading() as connection:
        key, subscription = find(connection, number)
        found = all_due(connection, key, subscription, now)
    return min(found, key=turn, default=None)


def turn(due: Due) -> tuple[datetime, int]:
    """Its place among what is due: what ends by itself comes before what was scheduled for the same moment."""
    return due.moment, due.scheduled or 0


def all_due(connection: Connection, key: int, subscription: Subscription, now: datetime) -> list[Due]:
    """What is due on a subscription; details are as they were kept."""
    scheduled = (
        Due(row["scheduled_date"], Action(row["code"]), row["details"], row["id"])
        for row in actions.due(connection, key, now)
    )
    return [*ends(subscription, now), *scheduled]


def carry_out(context: Context, number: str, due: Due) -> Deed:
    """Do one thing that is due, and tell of it. A refusal is told, and stops nothing else. Raises CollisionError."""
    try:
        executed = execute(context, number, due)
    except CollisionError:
        raise
    except DomainError as refusal:
        line = LogLine(context.clock.now(), number, f"{due.action}: {refusal.message}", error=True)
        return Counts(errors=1), line
    rejected = sum(request.life_cycle_state is RequestState.REJECTED for request in executed.requests)
    said = f"{due.action}: executed; requests: {len(executed.requests)}, rejected: {rejected}"
    line = LogLine(context.clock.now(), number, said, error=bool(rejected))
    return Counts(changed=1, requests=len(executed.requests), rejected=rejected), line


def execute(context: Context, number: str, due: Due) -> Executed:
    """Execute what is due. Raises DomainError; a scheduled action is REJECTED then."""
    with context.tally.acting(due.action):
        if due.scheduled is not None:
            return schedule.execute(context, number, due.action, due.said, due.scheduled)
        return act(context, due.action, number, due.said)


JOB = Job(count, units, maintain, foresee)
