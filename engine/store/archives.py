"""Archives, as rows: what may be moved into one, and how far each has come."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from engine.domain.archive import Archive, ArchiveState, Contents
from engine.domain.communication import EntryState
from engine.domain.request import RequestState
from engine.domain.run import RunState
from engine.store import requests, schema
from engine.store.schema.columns import Moment

TABLE, LOGS = schema.archives, schema.archived_logs
REQUESTS, FILES, QUEUE = schema.requests, schema.files, schema.communication_queue
RUNS, LOG = schema.runs, schema.run_log
OLDER = REQUESTS.alias("older")
TOGETHER = 1_000  # keys in one statement
BEFORE = bindparam("before", type_=Moment)
GOING_ON = RUNS.c.state.in_([RunState.DRAFT.value, RunState.IN_PROGRESS.value])

# What else is to end: the entry that its end decides; and, of the same subscription, what is in an older file, and must
# find here that it was overtaken.
IN_OPEN_FILE = exists().where(FILES.c.id == REQUESTS.c.file_id, FILES.c.cleared.is_(False))
OF_OPEN_ENTRY = exists().where(
    QUEUE.c.id == REQUESTS.c.communication_entry, QUEUE.c.state == literal_column(f"'{EntryState.PENDING}'")
)
MAY_OVERTAKE = exists().where(
    OLDER.c.subscription_id == REQUESTS.c.subscription_id,
    OLDER.c.provider == REQUESTS.c.provider,
    OLDER.c.life_cycle_state == literal_column("'PENDING'"),  # as the index says it
    OLDER.c.file_id < REQUESTS.c.file_id,
)
WITHOUT_FILE = REQUESTS.c.file_id.is_(None)


class Source(NamedTuple):
    """From where records come: their table, the moment of each, which of them may go, and how all of one is read."""

    table: Table
    moment: ColumnElement[datetime]
    may_go: ColumnElement[bool]
    whole: Select[Any]


# The newest row stays, so that no key is given twice: SQLite counts on from the highest that there is.
SOURCES: Mapping[Contents, Source] = {
    Contents.REQUESTS: Source(
        REQUESTS,
        REQUESTS.c.created_date,
        and_(
            REQUESTS.c.life_cycle_state.in_([RequestState.COMPLETED.value, RequestState.REJECTED.value]),
            REQUESTS.c.id < select(func.max(OLDER.c.id)).scalar_subquery(),
            or_(WITHOUT_FILE, and_(~IN_OPEN_FILE, ~MAY_OVERTAKE)),
            or_(REQUESTS.c.communication_entry.is_(None), ~OF_OPEN_ENTRY),
        ),
        requests.QUERY,
    ),
    Contents.RUN_LOGS: Source(
        LOG,
        LOG.c.at,
        and_(
            LOG.c.id < select(func.max(LOG.alias("newest").c.id)).scalar_subquery(),
            ~exists().where(RUNS.c.id == LOG.c.run_id, GOING_ON),
        ),
        select(RUNS.c.definition, RUNS.c.kind, LOG).join(RUNS),
    ),
}
OLD = {
    contents: select(one.table.c.id, one.moment)
    .where(one.moment < BEFORE, one.may_go)
    .order_by(one.table.c.id)
    .limit(bindparam("limit"))
    for contents, one in SOURCES.items()
}


def in_parts(source: Source) -> Select[Any]:
    """How many records of which time are in each part of so many, in their order: in one pass over all of them."""
    place = (func.row_number(type_=Integer).over(order_by=source.table.c.id) - 1).label("place")
    found = select(source.moment.label("moment"), place).where(source.moment < BEFORE, source.may_go).subquery()
    part = (found.c.place // bindparam("size", type_=Integer)).label("part")
    moment = found.c.moment
    return select(part, func.count(), func.min(moment), func.max(moment)).group_by(part).order_by(part)


PARTS = {contents: in_parts(one) for contents, one in SOURCES.items()}
THESE = {
    contents: one.whole.where(one.table.c.id.in_(bindparam("keys", expanding=True))).order_by(one.table.c.id)
    for contents, one in SOURCES.items()
}
DELETE = {
    contents: delete(one.table).where(one.table.c.id.in_(bindparam("keys", expanding=True)))
    for contents, one in SOURCES.items()
}
LINES = select(LOG.c.run_id, func.count()).where(LOG.c.id.in_(bindparam("keys", expanding=True))).group_by(LOG.c.run_id)
NAMED = TABLE.c.name == bindparam("called")
IS_KEPT = TABLE.c.state == ArchiveState.KEPT.value
MOVED = (
    select(LOGS, TABLE.c.id)
    .join(TABLE, and_(LOGS.c.archive == TABLE.c.name, IS_KEPT), isouter=True)
    .where(LOGS.c.run_id == bindparam("run"))
    .order_by(LOGS.c.moved_date, LOGS.c.archive)
)


class Old(NamedTuple):
    """Records that may go: what they are, their keys, oldest first, and the moments between which they were made."""

    contents: Contents
    keys: list[int]
    first: datetime
    last: datetime


class Part(NamedTuple):
    """So many records that may go, and the moments between which they were made."""

    contents: Contents
    records: int
    first: datetime
    last: datetime


def parts(connection: Connection, before: datetime, size: int) -> list[Part]:
    """What was made before a moment and may go, in parts of so many records."""
    said = {"before": before, "size": size}
    return [Part(contents, *row[1:]) for contents, query in PARTS.items() for row in connection.execute(query, said)]


def old(connection: Connection, contents: Contents, before: datetime, limit: int) -> Old | None:
    """The first of these records; None, where there are none."""
    keys: list[int] = []
    first = last = None
    for key, moment in connection.execute(OLD[contents], {"before": before, "limit": limit}):
        keys.append(key)
        first, last = min(first or moment, moment), max(last or moment, moment)
    return Old(contents, keys, first, last) if first and last else None


def read(connection: Connection, contents: Contents, keys: list[int]) -> list[RowMapping]:
    """All that is kept of these records, in their order: as rows."""
    return list(connection.execute(THESE[contents], {"keys": keys}).mappings())


def remove(connection: Connection, contents: Contents, keys: list[int]) -> int:
    """Delete these records. Returns how many there were."""
    return sum(connection.execute(DELETE[contents], {"keys": some}).rowcount for some in parted(keys))


def note_logs(connection: Connection, name: str, at: datetime, keys: list[int]) -> None:
    """Write down of which runs an archive takes lines, before these are deleted."""
    lines: dict[int, int] = {}
    for some in parted(keys):
        for run, number in connection.execute(LINES, {"keys": some}):
            lines[run] = lines.get(run, 0) + number
    rows = [{"run_id": run, "archive": name, "moved_date": at, "lines": number} for run, number in lines.items()]
    connection.execute(insert(LOGS), rows)


def moved_logs(connection: Connection, run_id: int) -> list[tuple[str, datetime, int, bool]]:
    """Into which archives lines of a run were moved: the name, when, how many, and whether it is there still."""
    found = connection.execute(MOVED, {"run": run_id}).mappings()
    return [(row["archive"], row["moved_date"], row["lines"], row["id"] is not None) for row in found]


def parted(keys: list[int]) -> Iterator[list[int]]:
    """The keys, few at once."""
    return (keys[first : first + TOGETHER] for first in range(0, len(keys), TOGETHER))


def begin(connection: Connection, name: str, contents: Contents, run_id: int, at: datetime) -> None:
    """Write down that a file of this name will be written. Until it is KEPT the file is to be removed."""
    values = {"name": name, "state": ArchiveState.WRITING, "contents": contents, "run_id": run_id, "made_date": at}
    connection.execute(insert(TABLE), values)


def keep(connection: Connection, name: str, **written: Any) -> bool:
    """Write down what the file holds that was written. False, and nothing is written, where that was given up."""
    return turn(connection, name, ArchiveState.WRITING, state=ArchiveState.KEPT, **written)


def mark(connection: Connection, name: str) -> bool:
    """Write down that the file of an archive is to be removed. False, where there is no such archive."""
    return turn(connection, name, ArchiveState.KEPT, state=ArchiveState.DELETING)


def turn(connection: Connection, name: str, before: ArchiveState, **values: Any) -> bool:
    """Change an archive that is in this state."""
    statement = update(TABLE).where(NAMED, TABLE.c.state == before.value)
    return connection.execute(statement.values(**values), {"called": name}).rowcount == 1


def forget(connection: Connection, name: str, state: ArchiveState) -> bool:
    """Delete the record of an archive that is in this state. False, where there is none."""
    statement = delete(TABLE).where(NAMED, TABLE.c.state == state.value)
    return connection.execute(statement, {"called": name}).rowcount == 1


def unfinished(connection: Connection) -> list[tuple[str, ArchiveState, int]]:
    """The names of what is not KEPT: its state, and the run that made it."""
    query = select(TABLE.c.name, TABLE.c.state, TABLE.c.run_id).where(~IS_KEPT).order_by(TABLE.c.id)
    return [(name, ArchiveState(state), run) for name, state, run in connection.execute(query)]


def goes_on(connection: Connection, run_id: int) -> bool:
    """Whether a run is carried out now; that stays so until the transaction ends."""
    query = select(RUNS.c.state).where(RUNS.c.id == run_id).with_for_update()
    return connection.execute(query).scalar() == RunState.IN_PROGRESS


def load(connection: Connection, name: str) -> Archive | None:
    """The archive of this name."""
    row = connection.execute(select(TABLE).where(NAMED, IS_KEPT), {"called": name}).mappings().first()
    return archive(row) if row else None


def find(connection: Connection, *, limit: int, offset: int) -> tuple[list[Archive], int]:
    """Archives, the newest first, and how many there are."""
    query = select(TABLE).where(IS_KEPT).order_by(TABLE.c.id.desc()).limit(limit).offset(offset)
    total = connection.execute(select(func.count()).select_from(TABLE).where(IS_KEPT)).scalar_one()
    return [archive(row) for row in connection.execute(query).mappings()], int(total)


def archive(row: RowMapping) -> Archive:
    """The archive that the row holds."""
    values = {name: value for name, value in row.items() if name not in {"id", "state", "run_id"}}
    return Archive(**{**values, "contents": Contents(row["contents"]), "run": row["run_id"]})
