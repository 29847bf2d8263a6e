"""Carrying a run out, unit by unit: what it has done is written down as it goes."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from engine.domain.errors import DomainError, NotAllowedError
from engine.domain.run import Counts, LogLine, Run, RunKind, RunState
from engine.service import archive, audit_run, mail, maintain, processing, reset_run
from engine.service.context import Context
from engine.service.files import collect
from engine.service.jobs import Deed, Foreseen, Job, Sweep, Task, Unit, by_so_many, persistently
from engine.service.lease import LEASE, LostError, held, renew_all
from engine.service.runs import definition_of, look, show
from engine.service.sweeping.foresee import foresee_range
from engine.service.sweeping.whole import go_through_all
from engine.service.views import Page
from engine.store import chunks
from engine.store import runs as store
from engine.store.runs import Hold

SWEPT = 1  # the position of a run whose ranges are done
INTERRUPTED = "Interrupted; resume it to go on."
log = logging.getLogger(__name__)


@dataclass
class Progress:
    """How far a run has come, of how much."""

    counts: Counts
    position: int
    total: int = 0


JOBS: Mapping[RunKind, Job | Sweep] = {
    RunKind.MAINTENANCE: maintain.JOB,
    RunKind.PROCESS: processing.JOB,
    RunKind.MAIL: mail.JOB,
    RunKind.ERROR_HANDLING: collect.JOB,
    RunKind.ARCHIVE: archive.JOB,
    RunKind.RESET: reset_run.SWEEP,
    RunKind.AUDIT: audit_run.SWEEP,
}
PREVIEWS: Mapping[RunKind, Job | Sweep] = {**JOBS, RunKind.PROCESS: processing.PREVIEW}


def preview(context: Context, code: str, limit: int, offset: int) -> Page[Foreseen]:
    """What a run would do to a page of its units; the total counts these. Changes nothing. Raises DomainError."""
    definition = definition_of(context, code)
    job, task = PREVIEWS[definition.kind], Task(0, definition, context.clock.now())
    if isinstance(job, Sweep):
        return foresee_range(context, task, job, limit, offset)
    page = list(islice(job.units(context, task, 0, offset), limit))
    with context.database.reading() as connection:
        total = job.count(context, connection, task, 0)
        return Page(total, [one for unit in page for one in job.foresee(context, connection, task, unit)])


def start(context: Context, run_id: int) -> Run:
    """Carry a run out beside whatever else is done. Raises DomainError where that can't be."""
    hold = begin(context, run_id)
    thread = threading.Thread(target=carry_out, args=(context, hold), name=f"run-{run_id}")
    context.running.threads[run_id] = thread
    thread.start()
    return show(context, run_id)


def finish(context: Context, run_id: int) -> Run:
    """Carry a run out, and give it when it is over. Raises DomainError where that can't be."""
    carry_out(context, begin(context, run_id))
    return show(context, run_id)


def begin(context: Context, run_id: int) -> Hold:
    """Take a run that is a draft, was interrupted, or was left by an engine that was killed. Raises DomainError."""
    renew_all(context)
    now = context.clock.now()
    with context.database.transaction() as connection:
        found, _position = look(connection, run_id)
        store.lock_definition(connection, found.definition)
        other = store.in_progress(connection, found.definition, now)
        if other is not None:
            raise NotAllowedError(f"Run {other} of {found.definition} is IN_PROGRESS.", field="run_identifier")
        hold = store.begin(connection, run_id, now, now + LEASE)
        if hold is None:
            raise NotAllowedError(f"Run {run_id} is {found.state}; wanted: DRAFT or FAILED.", field="run_identifier")
        return hold


def carry_out(context: Context, hold: Hold) -> None:
    """Do what the run is for, unit by unit, and write down how it ended, if it is not somebody else's by then."""
    try:
        with held(context, hold):
            state, reason = proceed(context, hold)
    except DomainError as refusal:
        state, reason = RunState.FAILED, f"{refusal.message} Resume it to go on."
    except LostError as error:
        state, reason = RunState.FAILED, str(error)
    except Exception:
        log.exception("Run %d broke off.", hold.run)
        state, reason = RunState.FAILED, "The run broke off; the engine's log says why. Resume it to go on."
    with context.running.changed:
        context.running.stopping.discard(hold.run)
        context.running.threads.pop(hold.run, None)
        conclude(context, hold, state, reason)
        context.running.changed.notify_all()


def proceed(context: Context, hold: Hold) -> tuple[RunState, str]:
    """Go through the units from where the run is. Gives the state in which it ends, and why.

    Raises DomainError; LostError where it is held by someone else meanwhile.
    """
    with context.database.reading() as connection:
        run, position = look(connection, hold.run)
    task = Task(hold.run, definition_of(context, run.definition), context.clock.now(), halts=halting(context, hold.run))
    job, progress = JOBS[run.kind], Progress(run.counts, position, run.total)
    if isinstance(job, Sweep):
        return sweep(context, hold, task, job, progress)
    with context.database.transaction() as connection:
        progress.total = run.counts.examined + job.count(context, connection, task, position)
        store.change(connection, hold, total=progress.total)
    for _ in pieces(context, hold, task, job, progress):
        if hold.run in context.running.stopping:
            return RunState.FAILED, INTERRUPTED
    return over(progress)


def halting(context: Context, run_id: int) -> Callable[[], bool]:
    """Whether a run is to be interrupted."""
    return lambda: run_id in context.running.stopping


def sweep(context: Context, hold: Hold, task: Task, job: Sweep, progress: Progress) -> tuple[RunState, str]:
    """Go through the ranges of a run, unless that is done; then do what is left. Gives and raises as `proceed`."""
    if progress.position != SWEPT:
        if not go_through_all(context, hold, task, job, progress.counts.examined):
            return RunState.FAILED, INTERRUPTED
        settle(context, hold, progress)
    for deed in job.conclude(context, task):
        record(context, hold, progress, [deed])
        if hold.run in context.running.stopping:
            return RunState.FAILED, INTERRUPTED
    return over(progress)


def settle(context: Context, hold: Hold, progress: Progress) -> None:
    """Add up what was done in the chunks of a run, which are needed no more. Raises LostError."""
    with context.database.transaction() as connection:
        run, _position = look(connection, hold.run)
        # What others did while it was counted how much is left was not counted.
        total = max(run.total, run.counts.examined)
        progress.counts, progress.total, progress.position = run.counts, total, SWEPT
        if not store.change(connection, hold, counts=run.counts, total=total, position=SWEPT):
            raise LostError(f"Run {hold.run} was taken, or given up, by another engine.")
        chunks.forget(connection, hold.run)


def over(progress: Progress) -> tuple[RunState, str]:
    """How a run ends of which nothing is left."""
    clean = not (progress.counts.errors or progress.counts.rejected)
    return (RunState.COMPLETED if clean else RunState.COMPLETED_WITH_ERRORS), ""


def pieces(context: Context, hold: Hold, task: Task, job: Job, progress: Progress) -> Iterator[None]:
    """Do all of a job, and stop for a moment wherever it may be interrupted. Raises as `proceed`."""
    for more, line in job.begin(context, task):
        progress.total += more
        note(context, hold, progress, [line] if line else [])
        yield
    for units in by_so_many(job.units(context, task, progress.position, 0), job.together):
        yield
        for unit in persistently(partial(job.prepare, context, task, units)):
            yield
            persistently(partial(do, context, hold, progress, unit, partial(job.do, context, task)))
    for deed in job.conclude(context, task):
        record(context, hold, progress, [deed])
        yield


def do(context: Context, hold: Hold, progress: Progress, unit: Unit, deeds: Callable[[Unit], Iterator[Deed]]) -> None:
    """Do to a unit what is to be done, and write it down, as far as it has come. Raises LostError."""
    record(context, hold, progress, deeds(unit), unit)


def record(context: Context, hold: Hold, progress: Progress, deeds: Iterable[Deed], unit: Unit | None = None) -> None:
    """Write down what is done, as far as it has come; with the last of it the unit is done. Raises LostError."""
    lines = []
    try:
        for deed, line in deeds:
            progress.counts += deed
            lines.append(line)
        if unit is not None:
            progress.counts += Counts(examined=1)
            progress.position = unit.position
    finally:
        note(context, hold, progress, lines)


def note(context: Context, hold: Hold, progress: Progress, lines: Iterable[LogLine]) -> None:
    """Write down how far a run has come. Raises LostError, and then nothing is written."""
    leased_until = context.clock.now() + LEASE
    come = {"counts": progress.counts, "position": progress.position, "total": progress.total}
    with context.database.transaction(durable=False) as connection:
        if not store.change(connection, hold, leased_until=leased_until, **come):
            raise LostError(f"Run {hold.run} was taken, or given up, by another engine.")
        store.write_log(connection, hold.run, lines)
    with context.running.changed:
        context.running.changed.notify_all()


def conclude(context: Context, hold: Hold, state: RunState, reason: str) -> None:
    """Write down how a run ended."""
    with context.database.transaction() as connection:
        end_date = context.clock.now()
        if not store.change(connection, hold, state=state, reason=reason, end_date=end_date, leased_until=None):
            log.warning("Run %d was taken, or given up, by another engine.", hold.run)
