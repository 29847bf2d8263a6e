"""Carrying a run out, subscription by subscription: what it has done is written down as it goes."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from engine.domain.errors import NotAllowedError
from engine.domain.run import Counts, LogLine, Run, RunKind, RunState
from engine.service import maintain
from engine.service.context import Context
from engine.service.maintain import Foreseen
from engine.service.runs import look, show
from engine.service.views import Page
from engine.store import due
from engine.store import runs as store

PAGE = 5_000  # subscriptions whose numbers are held at once
LEASE = timedelta(minutes=5)  # longer than any one subscription takes
INTERRUPTED = "Interrupted; resume it to go on."
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What a kind of run does: for how many subscriptions, which, in the order of their keys, and what to each."""

    count: Callable[..., int]
    page: Callable[..., list[tuple[int, str]]]
    do: Callable[[Context, str], Iterator[tuple[Counts, LogLine]]]
    foresee: Callable[[Context, str], list[Foreseen]]


JOBS: Mapping[RunKind, Job] = {RunKind.MAINTENANCE: Job(due.count, due.page, maintain.maintain, maintain.foresee)}


def preview(context: Context, kind: RunKind, limit: int, offset: int) -> Page[Foreseen]:
    """What a run would do to a page of its subscriptions; the total counts these. Changes nothing."""
    job, at = JOBS[kind], context.clock.now()
    with context.database.reading() as connection:
        total = job.count(connection, at, after=0)
    page = islice(subscriptions_of(context, job, at, 0), offset, offset + limit)
    return Page(total, [one for _key, number in page for one in job.foresee(context, number)])


def start(context: Context, run_id: int) -> Run:
    """Carry a run out beside whatever else is done. Raises DomainError where that can't be."""
    begin(context, run_id)
    thread = threading.Thread(target=carry_out, args=(context, run_id), name=f"run-{run_id}")
    context.running.threads[run_id] = thread
    thread.start()
    return show(context, run_id)


def finish(context: Context, run_id: int) -> Run:
    """Carry a run out, and give it when it is over. Raises DomainError where that can't be."""
    begin(context, run_id)
    carry_out(context, run_id)
    return show(context, run_id)


def begin(context: Context, run_id: int) -> None:
    """Take a run that is a draft, was interrupted, or was left by an engine that was killed. Raises DomainError."""
    now = context.clock.now()
    with context.database.transaction() as connection:
        found, _position = look(connection, run_id)
        other = store.in_progress(connection, found.definition, now)
        if other is not None:
            raise NotAllowedError(f"Run {other} of {found.definition} is IN_PROGRESS.", field="run_identifier")
        if not store.begin(connection, run_id, now, now + LEASE):
            raise NotAllowedError(f"Run {run_id} is {found.state}; wanted: DRAFT or FAILED.", field="run_identifier")


def carry_out(context: Context, run_id: int) -> None:
    """Do what the run is for, subscription by subscription, and write down how it ended."""
    try:
        state, reason = proceed(context, run_id)
    except Exception:
        log.exception("Run %d broke off.", run_id)
        state, reason = RunState.FAILED, "The run broke off; the engine's log says why. Resume it to go on."
    with context.running.changed:
        context.running.stopping.discard(run_id)
        context.running.threads.pop(run_id, None)
        conclude(context, run_id, state, reason)
        context.running.changed.notify_all()


def proceed(context: Context, run_id: int) -> tuple[RunState, str]:
    """Go through the subscriptions from where the run is. Gives the state in which it ends, and why."""
    with context.database.reading() as connection:
        run, position = look(connection, run_id)
    job, counts, at = JOBS[run.kind], run.counts, context.clock.now()
    with context.database.transaction() as connection:
        total = counts.examined + job.count(connection, at, after=position)
        store.change(connection, run_id, counts, total=total)
    for key, number in subscriptions_of(context, job, at, position):
        if run_id in context.running.stopping:
            return RunState.FAILED, INTERRUPTED
        deeds = list(job.do(context, number))
        counts = sum((deed for deed, _line in deeds), counts + Counts(examined=1))
        note(context, run_id, counts, key, (line for _deed, line in deeds))
    clean = not (counts.errors or counts.rejected)
    return (RunState.COMPLETED if clean else RunState.COMPLETED_WITH_ERRORS), ""


def subscriptions_of(context: Context, job: Job, at: datetime, after: int) -> Iterator[tuple[int, str]]:
    """Keys and numbers of the subscriptions of a run, in the order of their keys; few are held at once."""
    while True:
        with context.database.reading() as connection:
            found = job.page(connection, at, after=after, limit=PAGE)
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1][0]


def note(context: Context, run_id: int, counts: Counts, position: int, lines: Iterable[LogLine]) -> None:
    """Write down how far a run has come."""
    leased_until = context.clock.now() + LEASE
    with context.database.transaction(durable=False) as connection:
        store.change(connection, run_id, counts, position=position, leased_until=leased_until)
        store.write_log(connection, run_id, lines)
    with context.running.changed:
        context.running.changed.notify_all()


def conclude(context: Context, run_id: int, state: RunState, reason: str) -> None:
    """Write down how a run ended."""
    with context.database.transaction() as connection:
        counts = look(connection, run_id)[0].counts
        end_date = context.clock.now()
        store.change(connection, run_id, counts, state=state, reason=reason, end_date=end_date, leased_until=None)
