"""Runs: made from their definitions, looked at, waited for, interrupted, deleted."""

from sqlalchemy import Connection

from engine.domain.errors import NotAllowedError, UnknownError
from engine.domain.run import Definition, LogLine, Run
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.lease import renew_all
from engine.service.views import Page
from engine.store import archives
from engine.store import runs as store

LEFT = "The engine that carried it out was stopped; resume it to go on."


def definition_of(context: Context, code: str) -> Definition:
    """The definition of this code. Raises UnknownError."""
    refresh(context)
    known = context.configuration.definitions
    if code not in known:
        raise UnknownError("definition", code, known)
    return known[code]


def create(context: Context, code: str) -> Run:
    """A new run of a definition. Raises NotAllowedError where that is not effective, or one of its runs goes on."""
    definition = definition_of(context, code)
    if not definition.effective:
        raise NotAllowedError(f"Definition {code} is NOT_EFFECTIVE; wanted: EFFECTIVE.", field="definition_identifier")
    renew_all(context)
    now = context.clock.now()
    with context.database.transaction() as connection:
        store.lock_definition(connection, code)
        other = store.in_progress(connection, code, now)
        if other is not None:
            raise NotAllowedError(f"Run {other} of {code} is IN_PROGRESS.", field="definition_identifier")
        store.give_up(connection, code, LEFT, now)
        return look(connection, store.create(connection, code, definition.kind, now))[0]


def look(connection: Connection, run_id: int) -> tuple[Run, int]:
    """The run of this key, and how far it has come. Raises UnknownError."""
    found = store.load(connection, run_id)
    if found is None:
        raise UnknownError("run", str(run_id), field="run_identifier")
    return found


def free(context: Context) -> None:
    """Give up what another engine has left behind, where there can be no other now: a file is one engine's alone."""
    if not context.database.shared:
        with context.database.transaction() as connection:
            store.give_up_all(connection, LEFT, context.clock.now())


def show(context: Context, run_id: int) -> Run:
    """The run of this key as it is now. Raises UnknownError."""
    with context.database.reading() as connection:
        return look(connection, run_id)[0]


def interrupt(context: Context, run_id: int) -> Run:
    """Let a run end after the unit that it is at; it has FAILED then, and can be resumed."""
    run = show(context, run_id)
    if run_id not in context.running.threads:
        wanted = "a run that this engine carries out now"
        raise NotAllowedError(f"Run {run_id} is {run.state}; wanted: {wanted}.", field="run_identifier")
    context.running.stopping.add(run_id)
    return wait(context, run_id, within_s=60)


def wait(context: Context, run_id: int, within_s: float) -> Run:
    """The run when it is over, or as it is after that many seconds."""
    with context.running.changed:
        context.running.changed.wait_for(lambda: run_id not in context.running.threads, within_s)
    return show(context, run_id)


def remove(context: Context, run_id: int) -> None:
    """Delete a run that was never begun. Raises NotAllowedError where it was."""
    with context.database.transaction() as connection:
        found, _position = look(connection, run_id)
        if not store.remove(connection, run_id):
            raise NotAllowedError(f"Run {run_id} is {found.state}; wanted: DRAFT.", field="run_identifier")


def stop_all(context: Context) -> None:
    """Interrupt what goes on, and wait until it has ended."""
    threads = [*context.running.threads.items(), *context.running.helpers.items()]
    context.running.stopping.update(run_id for run_id, _thread in threads)
    for _run_id, thread in threads:
        thread.join()


def find(context: Context, definition: str | None, limit: int, offset: int) -> Page[Run]:
    """A page of runs, the newest first. Raises UnknownError."""
    if definition is not None:
        definition_of(context, definition)
    with context.database.reading() as connection:
        found, total = store.find(connection, definition, limit=limit, offset=offset)
    return Page(total, found)


def read_log(context: Context, run_id: int, limit: int, offset: int) -> Page[LogLine]:
    """A page of what a run did, in its order; of what was archived of it, where to. Raises UnknownError."""
    with context.database.reading() as connection:
        look(connection, run_id)
        moved = archived(connection, run_id)
        first = moved[offset : offset + limit]
        rest = {"limit": limit - len(first), "offset": max(0, offset - len(moved))}
        found, total = store.read_log(connection, run_id, **rest)
    return Page(total + len(moved), first + found)


def archived(connection: Connection, run_id: int) -> list[LogLine]:
    """Where lines of a run's log are that are here no more."""
    return [
        LogLine(at, "", f"Lines: {lines}, moved to the archive {name}{'' if there else ', which was deleted'}")
        for name, at, lines, there in archives.moved_logs(connection, run_id)
    ]
