"""The reset run: subscriptions that are out of sync are found, and sent what makes the platforms follow the engine.

A platform that takes files gets it from the next processing run.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest, RequestState
from engine.domain.run import Counts, LogLine
from engine.service.batch import PROCESS, Batch, at_once, foreseen, look, plan
from engine.service.configured import configured
from engine.service.context import Context
from engine.service.jobs import Done, Ended, Foreseen, Sweep, Task, Why, persistently, providers, told
from engine.service.pace import Pace
from engine.service.question import question
from engine.service.selecting import selection
from engine.service.send import End, in_turn, tell, unless_written, write_down
from engine.store import batches, out_of_sync
from engine.store.gaps.question import Span


def find(context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> list[int]:
    """Those of a range that are out of sync."""
    asked = question(context.adapter(provider), provider)
    return out_of_sync.keys(connection, asked, Span(keys, context.clock.now()), selection(task.definition.filters))


def ahead(context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> list[int]:
    """Those of a range that hold devices which they should not: others are given these afterwards."""
    if context.adapter(provider).takes_files:
        return []  # nothing is sent yet
    asked, span = question(context.adapter(provider), provider), Span(keys, context.clock.now())
    return out_of_sync.losing(connection, asked, span, selection(task.definition.filters))


def count(context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> int:
    """How many these are."""
    asked, now = question(context.adapter(provider), provider), context.clock.now()
    meant = selection(task.definition.filters)
    return out_of_sync.count(connection, asked, now, meant, first=keys.start, last=keys.stop - 1)


def touched(_context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> list[int]:
    """Those of a range for which the run has made requests."""
    return batches.touched(connection, keys, provider.code, process=task.run, called=PROCESS)


def do(context: Context, task: Task, provider: Provider, keys: list[int]) -> AbstractContextManager[Ended]:
    """Send what makes the platform follow these, or leave it to the processing run where it takes files."""
    batch = made if context.adapter(provider).takes_files else sent
    return batch(context, task, provider, keys)


@contextmanager
def sent(context: Context, task: Task, provider: Provider, keys: list[int]) -> Iterator[Ended]:
    """Under the turns of these: what waits goes first, as it may change what is missing; then what is missing."""
    pace = Pace(context, provider, task.halts)
    pace.reserve(len(keys))
    if not pace.comes():
        yield Ended([], lambda _connection: [], Why.HALTED)
        return
    batch, done = Batch(context, task, provider, pace), list[int]()
    with in_turn(context, provider, keys), unless_written(context, batch.unwritten):
        why = first(batch, keys)
        before = batch.ends
        if why is None:
            why = batch.send(persistently(partial(planned, batch, keys)), done)
        yield Ended(done, partial(write, batch, done, before), why)
        tell(context, provider, batch.ends)


def first(batch: Batch, keys: list[int]) -> Why | None:
    """Send what waits for these already. Gives why not all of it was sent."""
    context, code = batch.context, batch.provider.code
    with context.database.reading() as connection:
        waiting = batches.pending(connection, keys, code)
        batch.held = batches.believed(connection, list(waiting), code) if waiting else {}
    if context.database.shared:
        context.uncertain.update(one.request.id for some in waiting.values() for one in some if one.begun)
    return batch.send({key: at_once(waiting[key]) for key in sorted(waiting)}, [])


def planned(batch: Batch, keys: list[int]) -> Mapping[int, list[ProvisioningRequest]]:
    """Plan for these, from what has become of that. Gives what is to be sent, in order."""
    context, provider = batch.context, batch.provider
    with context.database.transaction() as connection:
        configured(context, connection)
        batches.lock(connection, keys)
        write_down(connection, provider, batch.ends)
        found = look(context, connection, provider, keys)
        new = plan(context, connection, batch.task, provider, found)
    tell(context, provider, batch.ends)
    batch.ends, batch.held, batch.numbers = [], found.held, found.numbers()
    batch.unwritten.clear()
    batch.noted = {one.id for some in new.values() for one in some}
    return {
        key: sorted((*found.at_once(key), *some), key=lambda one: (one.priority.value, one.number))
        for key, some in new.items()
    }


def write(batch: Batch, done: list[int], before: list[End], connection: Connection) -> list[Done]:
    """Write what became of a batch. Gives what was done for each that is done with."""
    write_down(connection, batch.provider, batch.ends)
    if batch.context.database.shared:
        batches.begin(connection, batch.unsent(), begun=False)
    ended = {(one.key, one.errand.request.number): rejected_with(**one.values) for one in (*before, *batch.ends)}
    earlier = made_before(connection, batch, done) if batch.task.again else {}
    by_key: dict[int, list[str | None]] = {key: [] for key in done}
    for (key, _number), code in (earlier | ended).items():
        if key in by_key:
            by_key[key].append(code)
    at = batch.context.clock.now()
    return [
        told(batch.provider.code, batch.numbers[key], codes, at) if codes else (Counts(), None)
        for key, codes in by_key.items()
    ]


def rejected_with(life_cycle_state: RequestState, error_code: str, **_rest: Any) -> str | None:
    """The code with which a request was rejected, which may be empty; None, where it was accepted."""
    return error_code if life_cycle_state is RequestState.REJECTED else None


def made_before(connection: Connection, batch: Batch, done: list[int]) -> dict[tuple[int | None, int], str | None]:
    """How requests of the run have ended for these that were in hand before, by subscription and number."""
    some = batches.made(connection, done, batch.provider.code, process=batch.task.run, called=PROCESS)
    return {
        (key, one.number): rejected_with(one.life_cycle_state, one.error_code)
        for key, requests in some.items()
        for one in requests
        if one.life_cycle_state is not RequestState.PENDING
    }


@contextmanager
def made(context: Context, task: Task, provider: Provider, keys: list[int]) -> Iterator[Ended]:
    """Where the platform takes files: what is missing is written with the run's progress, PENDING."""
    yield Ended(keys, partial(plan_only, context, task, provider, keys))


def plan_only(context: Context, task: Task, provider: Provider, keys: list[int], connection: Connection) -> list[Done]:
    """Plan for these. Gives what the processing run will send for each."""
    configured(context, connection)
    batches.lock(connection, keys)
    found = look(context, connection, provider, keys)
    new, at = plan(context, connection, task, provider, found), context.clock.now()
    return [left(provider, found.subscriptions[key].number, len(some), at) for key, some in new.items() if some]


def left(provider: Provider, subscription: str, count: int, at: datetime) -> Done:
    """What the processing run will send for a subscription."""
    said = f"{provider.code}: requests for the processing run: {count}"
    return Counts(changed=1, requests=count), LogLine(at, subscription, said)


def foresee(
    context: Context, connection: Connection, _task: Task, provider: Provider, keys: list[int]
) -> list[Foreseen]:
    """What would be sent for these."""
    return foreseen(context, connection, provider, keys)


SWEEP = Sweep(providers, count, find, do, foresee, touched, ahead)
