"""The archive run: what has ended and is old is moved out of the database into files.

A file is announced in the database before its first byte is written. It is whole and on the disk before one transaction
writes its record and deletes what it holds; so nothing is ever in neither, and what a kill leaves is known by name.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from engine.domain.archive import ArchiveState, Contents, made_before
from engine.domain.errors import CollisionError, DomainError
from engine.domain.run import Counts, LogLine
from engine.service import archive_files
from engine.service.archive_files import Written
from engine.service.context import Context
from engine.service.jobs import Deed, Foreseen, Job, Task, Unit
from engine.service.lease import LEASE, LostError
from engine.store import archives, requests, runs
from engine.store.archives import Old

FORMAT, VERSION = "headend archive", 1
MOST = 100_000  # records in one file, which are deleted in one transaction
WORDS: Mapping[Contents, str] = {Contents.REQUESTS: "requests", Contents.RUN_LOGS: "lines of logs"}


def before(task: Task) -> datetime:
    """The moment before which the run takes what was made."""
    return made_before(task.definition.filters, task.at)


def count(_context: Context, connection: Connection, task: Task, _after: int) -> int:
    """How many files will be written."""
    return len(archives.parts(connection, before(task), MOST))


def units(context: Context, task: Task, _after: int, skip: int) -> Iterator[Unit]:
    """Those files: what was written before is in the database no more, so that a run always begins at the beginning."""
    with context.database.reading() as connection:
        found = archives.parts(connection, before(task), MOST)
    for position, part in enumerate(found[skip:], start=1):
        yield Unit(position, "", part)


def begin(context: Context, task: Task) -> Iterator[tuple[int, LogLine | None]]:
    """Make the folder, and finish what others have left: files that nobody has recorded, deletions half done."""
    with archive_files.in_folder(context.archive_folder):
        archive_files.make_folder(context.archive_folder)
    with context.database.reading() as connection:
        left = archives.unfinished(connection)
    for name, state, run in left:
        if clear(context, name, state, run, mine=task.run):
            said = "was left unfinished, and is removed" if state is ArchiveState.WRITING else "is deleted for good"
            yield 0, LogLine(context.clock.now(), "", f"{name} {said}")


def clear(context: Context, name: str, state: ArchiveState, run: int, mine: int) -> bool:
    """Remove a file that is no archive, and its record, unless a run is still writing it. Raises DomainError."""
    with context.database.transaction() as connection:
        if state is ArchiveState.WRITING and run != mine and archives.goes_on(connection, run):
            return False
        return drop(context, connection, name, state)


def drop(context: Context, connection: Connection, name: str, state: ArchiveState) -> bool:
    """Delete the record of a file, and remove the file before that is certain: killed here, both are done again."""
    with archive_files.in_folder(context.archive_folder):
        found = archives.forget(connection, name, state)
        if found:
            archive_files.remove(context.archive_folder, name)
        return found


def move(context: Context, task: Task, unit: Unit) -> Iterator[Deed]:
    """Write one file, then delete what is in it. Raises DomainError; LostError where the run is somebody else's."""
    contents = unit.what.contents
    with context.database.reading() as connection:
        found = archives.old(connection, contents, before(task), MOST)
    if found is None:
        return
    with announced(context, task, contents) as name:
        with archive_files.in_folder(context.archive_folder):
            written = archive_files.write(context.archive_folder / name, lines(context, task, found))
        keep(context, task, name, found, written)
    said = f"{name}: {WORDS[contents]}: {len(found.keys)}, from {found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}"
    yield Counts(changed=len(found.keys)), LogLine(context.clock.now(), "", said)


@contextmanager
def announced(context: Context, task: Task, contents: Contents) -> Iterator[str]:
    """Write the name of a new file down; where it comes to nothing, the file goes, and its name."""
    now = context.clock.now()
    name = f"{contents.replace('_', '-')}-{now:%Y-%m-%d}-{secrets.token_hex(4)}{archive_files.SUFFIX}"
    with context.database.transaction() as connection:
        archives.begin(connection, name, contents, task.run, now)
    try:
        yield name
    except (DomainError, LostError):
        with context.database.transaction() as connection:
            drop(context, connection, name, ArchiveState.WRITING)
        raise


def keep(context: Context, task: Task, name: str, found: Old, written: Written) -> None:
    """Record a file and delete what is in it, both or neither. Raises LostError, CollisionError."""
    with context.database.transaction() as connection:
        if not (is_ours(context, connection, task) and archives.keep(connection, name, **described(found, written))):
            raise LostError(f"Run {task.run} was taken, or given up, by another engine.")
        if found.contents is Contents.RUN_LOGS:
            archives.note_logs(connection, name, context.clock.now(), found.keys)
        if archives.remove(connection, found.contents, found.keys) != len(found.keys):
            raise CollisionError("Another run has archived the same.")


def is_ours(context: Context, connection: Connection, task: Task) -> bool:
    """Whether this engine still carries the run out; nobody else takes it until the transaction ends."""
    leased_until = context.clock.now() + LEASE
    mine = [hold for hold in tuple(context.running.holds) if hold.run == task.run]
    return any(runs.change(connection, hold, leased_until=leased_until) for hold in mine)


def described(found: Old, written: Written) -> dict[str, Any]:
    """The columns that say what a file holds."""
    dates = {"first_date": found.first, "last_date": found.last}
    return {"records": len(found.keys), **dates, "size": written.size, "sha256": written.sha256}


def lines(context: Context, task: Task, found: Old) -> Iterator[bytes]:
    """What a file says: what it is, then its records, oldest first. Raises CollisionError where one has gone."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "contents": found.contents,
        "run": task.run,
        "definition": task.definition.code,
        "made_date": context.clock.now(),
        "first_date": found.first,
        "last_date": found.last,
        "records": len(found.keys),
    }
    yield line(head)
    for keys in archives.parted(found.keys):
        with context.database.reading() as connection:
            rows = archives.read(connection, found.contents, keys)
        if len(rows) != len(keys):
            raise CollisionError("Another run is archiving the same.")
        yield from (line(told(found.contents, row)) for row in rows)


def told(contents: Contents, row: Any) -> Any:
    """A record in words: a request as the Web API shows it, a line of a log with the run that wrote it."""
    if contents is Contents.REQUESTS:
        return requests.request(row)
    named = {"run": row["run_id"], "definition": row["definition"], "kind": row["kind"]}
    return named | {name: row[name] for name in ("at", "subscription", "message", "error")}


def line(value: Any) -> bytes:
    """A value as a line of JSON."""
    return msgspec.json.encode(value) + b"\n"


def foresee(_context: Context, _connection: Connection, _task: Task, unit: Unit) -> list[Foreseen]:
    """What one file would hold."""
    contents, records, first, last = unit.what
    held = {"contents": contents.value, "records": records, "first_date": first, "last_date": last}
    return [Foreseen("", last, parameters=held)]


JOB = Job(count, units, move, foresee, begin=begin)
