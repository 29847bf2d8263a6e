"""Joining in: engines on one database work together on a run, and go on with one whose engine was killed."""

import logging
import threading
from contextlib import suppress

from engine.domain.errors import DomainError
from engine.service import carry, runs
from engine.service.context import Context
from engine.service.jobs import Sweep, Task
from engine.service.sweeping.whole import crew_of
from engine.service.sweeping.work import work
from engine.store import chunks
from engine.store import runs as store

SWEEPS = [kind.value for kind, job in carry.JOBS.items() if isinstance(job, Sweep)]
log = logging.getLogger(__name__)


def join_in(context: Context) -> None:
    """Begin to work on what nobody has in hand of the runs that go on; a file is one engine's alone."""
    if not context.database.shared:
        return
    now, running = context.clock.now(), context.running
    with context.database.reading() as connection:
        behind = store.left_behind(connection, SWEEPS, now)
        wanted = chunks.wanted(connection, running.engine, now)
    for run_id in behind:
        with suppress(DomainError):  # another engine was faster
            carry.start(context, run_id)
    for run_id in wanted:
        if run_id not in running.threads and run_id not in running.helpers:
            thread = threading.Thread(target=help_with, args=(context, run_id), name=f"join-{run_id}")
            running.helpers[run_id] = thread
            thread.start()


def help_with(context: Context, run_id: int) -> None:
    """Work on a run that another engine carries out, as long as there is anything left for this one."""
    try:
        run = runs.show(context, run_id)
        definition = runs.definition_of(context, run.definition)
        job = carry.JOBS[run.kind]
        if isinstance(job, Sweep):
            work(crew_of(context, Task(run_id, definition, run.start_date or run.created_date), job))
    except DomainError as refusal:
        log.warning("Run %d is not worked on here: %s", run_id, refusal.message)
    except Exception:
        log.exception("Run %d is not worked on here any more.", run_id)
    finally:
        context.running.helpers.pop(run_id, None)
        context.running.stopping.discard(run_id)
