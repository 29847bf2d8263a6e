"""The processing run: every PENDING request that is due is sent, EXPRESS first, then the oldest.

Where a platform is called, those of one subscription and provider are a unit. What is sent is no longer PENDING, so
that a run that is resumed begins at the beginning. Platforms that take files have their turn after all units.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from sqlalchemy import Connection

from engine.domain.request import Priority
from engine.domain.run import Counts, LogLine
from engine.service.context import Context
from engine.service.files import foresee_files, process_files
from engine.service.jobs import Deed, Foreseen, Job, Task, Unit, paged, providers, told, waiting
from engine.service.pace import Pace
from engine.service.send import Choice, anything, send_pending
from engine.store import processing as store
from engine.store import requests

IN_TURN = (Priority.EXPRESS, Priority.REGULAR)
CHOICE: Mapping[Priority, Choice] = {
    Priority.EXPRESS: lambda request: request.priority is Priority.EXPRESS,
    Priority.REGULAR: anything,
}


def called(context: Context, task: Task) -> list[str]:
    """The providers of a run that are called. Raises DomainError."""
    return [one.code for one in providers(context, task) if not context.adapter(one).takes_files]


def count_units(context: Context, connection: Connection, task: Task) -> int:
    """How many units there are."""
    codes = called(context, task)
    return sum(store.count(connection, task.at, codes, priority) for priority in IN_TURN)


def count(context: Context, connection: Connection, task: Task, _after: int) -> int:
    """How many units there are, and requests that are sent in files."""
    return count_units(context, connection, task) + process_files.count(context, connection, task)


def units(context: Context, task: Task, _after: int, skip: int) -> Iterator[Unit]:
    """Subscriptions and providers with requests that are due; `what` is the group, and its priority."""
    known = called(context, task)

    def page(priority: Priority, connection: Connection, **which: int) -> list[Unit]:
        codes = [code for code in known if code not in task.left_out]
        found = store.page(connection, task.at, codes, priority, **which)
        return [Unit(group.first, group.subscription, (group, priority)) for group in found]

    for priority in IN_TURN:
        for unit in paged(context, partial(page, priority), 0, skip):
            if unit.what[0].provider not in task.left_out:
                yield unit
        if skip:
            with context.database.reading() as connection:
                skip = max(0, skip - store.count(connection, task.at, known, priority))


def process(context: Context, task: Task, unit: Unit) -> Iterator[Deed]:
    """Send what is due for one subscription at one provider. If the platform is left alone, the run leaves it out."""
    group, priority = unit.what
    provider = context.provider(group.provider)
    pace = Pace(context, provider, task.halts)
    done = send_pending(context, group.key, provider, until=task.at, only=CHOICE[priority], waits=True, pace=pace)
    if done.sent:
        codes = [one.verdict.code if one.is_rejected else None for one in done.sent]
        yield told(provider.code, unit.subscription, codes, context.clock.now())
    if done.left:
        task.left_out.add(provider.code)
        said = f"{done.left} What is left stays PENDING."
        yield Counts(errors=1), LogLine(context.clock.now(), unit.subscription, said, error=True)


def count_all(context: Context, connection: Connection, task: Task, _after: int) -> int:
    """Likewise, with the requests that would be planned."""
    return count_units(context, connection, task) + foresee_files.count(context, connection, task)


def all_units(context: Context, task: Task, after: int, skip: int) -> Iterator[Unit]:
    """The units; then each request that would be sent in a file as one."""
    yield from units(context, task, after, skip)
    with context.database.reading() as connection:
        skip = max(0, skip - count_units(context, connection, task))
    yield from foresee_files.units(context, task, skip)


def foresee(context: Context, connection: Connection, task: Task, unit: Unit) -> list[Foreseen]:
    """What would be sent for one subscription at one provider, or is known already."""
    if isinstance(unit.what, Foreseen):
        return [unit.what]
    group, priority = unit.what
    adapter = context.adapter(context.provider(group.provider))
    found = requests.to_send(connection, group.key, group.provider, task.at)
    return [waiting(unit.subscription, one, adapter) for one in found if one.priority is priority]


JOB = Job(count, units, process, foresee, begin=process_files.plan, conclude=process_files.send)
PREVIEW = Job(count_all, all_units, process, foresee)
