"""Runs and their logs, as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, or_, select, update

from engine.domain.run import Counts, LogLine, Run, RunKind, RunState
from engine.store import chunks, schema

TABLE, LOG = schema.runs, schema.run_log
ONE = select(TABLE).where(TABLE.c.id == bindparam("run_id"))
IN_PROGRESS = TABLE.c.state == RunState.IN_PROGRESS.value
FREE = or_(TABLE.c.state.in_([RunState.DRAFT.value, RunState.FAILED.value]), TABLE.c.leased_until < bindparam("now"))
BEGIN = update(TABLE).where(TABLE.c.id == bindparam("run_id"), FREE).returning(TABLE.c.hold)
CHANGE = update(TABLE).where(TABLE.c.id == bindparam("this_run"), TABLE.c.hold == bindparam("this_hold"), IN_PROGRESS)


class Hold(NamedTuple):
    """That someone carries a run out: who has begun it last has the highest number, and nobody else may write of it."""

    run: int
    number: int


def lock_definition(connection: Connection, code: str) -> None:
    """Keep others from beginning a run of a definition until the transaction ends."""
    connection.execute(select(schema.definitions.c.code).where(schema.definitions.c.code == code).with_for_update())


def last_due(connection: Connection, definition: str) -> datetime | None:
    """The last moment for which a definition was submitted, or from which on it is looked after."""
    query = select(schema.definitions.c.last_due).where(schema.definitions.c.code == definition).with_for_update()
    return connection.execute(query).scalar()


def note_due(connection: Connection, definition: str, at: datetime) -> None:
    """Write down up to when a definition has been looked after."""
    statement = update(schema.definitions).where(schema.definitions.c.code == definition).values(last_due=at)
    connection.execute(statement)


def create(connection: Connection, definition: str, kind: RunKind, at: datetime) -> int:
    """Write a new run, DRAFT. Returns its key."""
    values = {"definition": definition, "kind": kind, "state": RunState.DRAFT, "created_date": at}
    made = connection.execute(insert(TABLE).returning(TABLE.c.id), values | {"counts": asdict(Counts())})
    return int(made.scalar_one())


def load(connection: Connection, run_id: int) -> tuple[Run, int] | None:
    """The run of this key, and the position of the unit up to which it has come."""
    row = connection.execute(ONE, {"run_id": run_id}).mappings().first()
    return (runs_of(connection, [row])[0], row["position"]) if row else None


def in_progress(connection: Connection, definition: str, now: datetime) -> int | None:
    """The run of a definition that someone carries out now."""
    query = select(TABLE.c.id).where(TABLE.c.definition == definition, IN_PROGRESS, TABLE.c.leased_until >= now)
    return connection.execute(query).scalar()


def give_up(connection: Connection, definition: str, reason: str, now: datetime) -> None:
    """Runs of a definition that were left behind have FAILED; nobody carries one out now."""
    left = update(TABLE).where(TABLE.c.definition == definition, IN_PROGRESS)
    connection.execute(left.values(state=RunState.FAILED.value, reason=reason, end_date=now))


def give_up_all(connection: Connection, reason: str, now: datetime) -> None:
    """Likewise the runs of all definitions: nobody carries any out now."""
    left = update(TABLE).where(IN_PROGRESS)
    connection.execute(left.values(state=RunState.FAILED.value, reason=reason, end_date=now))


def begin(connection: Connection, run_id: int, now: datetime, leased_until: datetime) -> Hold | None:
    """Take a run that nobody carries out. None, where somebody does or it is over."""
    state = {"state": RunState.IN_PROGRESS, "leased_until": leased_until, "end_date": None, "reason": ""}
    statement = BEGIN.values(start_date=func.coalesce(TABLE.c.start_date, now), hold=TABLE.c.hold + 1)
    number = connection.execute(statement, {"run_id": run_id, "now": now, **state}).scalar()
    return None if number is None else Hold(run_id, number)


def change(connection: Connection, hold: Hold, **values: Any) -> bool:
    """Write how far a run has come. False, and nothing is written, where someone else has taken it or given it up."""
    if "counts" in values:
        values["counts"] = asdict(values["counts"])
    return connection.execute(CHANGE, {"this_run": hold.run, "this_hold": hold.number, **values}).rowcount == 1


def left_behind(connection: Connection, kinds: Iterable[str], now: datetime) -> list[int]:
    """Runs of these kinds whose engine has not been heard of for longer than its lease."""
    query = select(TABLE.c.id).where(IN_PROGRESS, TABLE.c.kind.in_(list(kinds)), TABLE.c.leased_until < now)
    return list(connection.execute(query).scalars())


def remove(connection: Connection, run_id: int) -> bool:
    """Delete a run that was never begun. False, where it was."""
    drafts = delete(TABLE).where(TABLE.c.id == run_id, TABLE.c.state == RunState.DRAFT.value)
    return connection.execute(drafts).rowcount == 1


def find(connection: Connection, definition: str | None, *, limit: int, offset: int) -> tuple[list[Run], int]:
    """Runs, the newest first, and how many there are."""
    conditions = [TABLE.c.definition == definition] if definition else []
    query = select(TABLE).where(*conditions).order_by(TABLE.c.id.desc()).limit(limit).offset(offset)
    total = connection.execute(select(func.count()).select_from(TABLE).where(*conditions)).scalar_one()
    return runs_of(connection, connection.execute(query).mappings().all()), int(total)


def write_log(connection: Connection, run_id: int, lines: Iterable[LogLine]) -> None:
    """Write what a run did."""
    rows = [{"run_id": run_id, **vars(line)} for line in lines]
    if rows:
        connection.execute(insert(LOG), rows)


def read_log(connection: Connection, run_id: int, *, limit: int, offset: int) -> tuple[list[LogLine], int]:
    """A page of what a run did, in its order, and how much there is."""
    query = select(LOG).where(LOG.c.run_id == run_id).order_by(LOG.c.id).limit(limit).offset(offset)
    total = connection.execute(select(func.count()).select_from(LOG).where(LOG.c.run_id == run_id)).scalar_one()
    rows = connection.execute(query).mappings()
    return [LogLine(row["at"], row["subscription"], row["message"], row["error"]) for row in rows], int(total)


def runs_of(connection: Connection, rows: Sequence[RowMapping]) -> list[Run]:
    """The runs that the rows hold, with what was done in their chunks."""
    done = chunks.counts(connection, [row["id"] for row in rows]) if rows else {}
    found = (run(row) for row in rows)
    return [replace(one, counts=one.counts + done.get(one.id, Counts())) for one in found]


def run(row: RowMapping | Mapping[str, Any]) -> Run:
    """The run that the row holds."""
    return Run(
        row["id"],
        row["definition"],
        RunKind(row["kind"]),
        RunState(row["state"]),
        row["created_date"],
        row["start_date"],
        row["end_date"],
        row["total"],
        Counts(**row["counts"]),
        row["reason"],
    )
