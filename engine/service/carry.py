"""Carrying a run out, unit by unit: what it has done is written down as it goes."""

import logging
import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import islice

from engine.domain.errors import DomainError, NotAllowedError
from engine.domain.run import Counts, LogLine, Run, RunKind, RunState
from engine.service import mail, maintain, processing
from engine.service.context import Context
from engine.service.jobs import Foreseen, Job, Task, by_so_many
from engine.service.runs import definition_of, look, show
from engine.service.views import Page
from engine.store import runs as store

LEASE = timedelta(minutes=5)  # longer than any one unit takes
INTERRUPTED = "Interrupted; resume it to go on."
log = logging.getLogger(__name__)


JOBS: Mapping[RunKind, Job] = {
    RunKind.MAINTENANCE: maintain.JOB,
    RunKind.PROCESS: processing.JOB,
    RunKind.MAIL: mail.JOB,
}


def preview(context: Context, code: str, limit: int, offset: int) -> Page[Foreseen]:
    """What a run would do to a page of its units; the total counts these. Changes nothing. Raises DomainError."""
    definition = definition_of(context, code)
    job, task = JOBS[definition.kind], Task(0, definition, context.clock.now())
    with context.database.reading() as connection:
        total = job.count(context, connection, task, 0)
    page = islice(job.units(context, task, 0), offset, offset + limit)
    return Page(total, [one for unit in page for one in job.foresee(context, task, unit)])


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
    """Do what the run is for, unit by unit, and write down how it ended."""
    try:
        state, reason = proceed(context, run_id)
    except DomainError as refusal:
        state, reason = RunState.FAILED, f"{refusal.message} Resume it to go on."
    except Exception:
        log.exception("Run %d broke off.", run_id)
        state, reason = RunState.FAILED, "The run broke off; the engine's log says why. Resume it to go on."
    with context.running.changed:
        context.running.stopping.discard(run_id)
        context.running.threads.pop(run_id, None)
        conclude(context, run_id, state, reason)
        context.running.changed.notify_all()


def proceed(context: Context, run_id: int) -> tuple[RunState, str]:
    """Go through the units from where the run is. Gives the state in which it ends, and why. Raises DomainError."""
    with context.database.reading() as connection:
        run, position = look(connection, run_id)
    job, counts = JOBS[run.kind], run.counts
    task = Task(run_id, definition_of(context, run.definition), context.clock.now())
    with context.database.transaction() as connection:
        total = counts.examined + job.count(context, connection, task, position)
        store.change(connection, run_id, counts, total=total)
    for units in by_so_many(job.units(context, task, position), job.together):
        if run_id in context.running.stopping:
            return RunState.FAILED, INTERRUPTED
        lines: list[LogLine] = []
        try:
            for unit in job.prepare(context, task, units):
                deeds = list(job.do(context, task, unit))
                counts = sum((deed for deed, _line in deeds), counts + Counts(examined=1))
                position = unit.position
                lines += (line for _deed, line in deeds)
        finally:
            note(context, run_id, counts, position, lines)
    clean = not (counts.errors or counts.rejected)
    return (RunState.COMPLETED if clean else RunState.COMPLETED_WITH_ERRORS), ""


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
