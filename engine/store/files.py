"""Files of requests, as rows: how far each has come."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from engine.domain.file import LAST_NUMBER, FileState, Period, RequestFile, name_of
from engine.domain.request import Priority
from engine.ports import Record
from engine.store import schema

TABLE, REQUESTS, PROVIDERS = schema.files, schema.requests, schema.providers
FILTERS: Mapping[str, ColumnElement[Any]] = {
    name: TABLE.c[name] for name in ("id", "provider", "name", "type", "state", "priority", "cleared")
}
SENT_BEFORE = "sent_before"  # a filter that is no column: files that were sent before a moment, by provider
IS_OPEN = TABLE.c.cleared.is_(False)  # as the index says it
LAST = select(PROVIDERS.c.last_transaction).where(PROVIDERS.c.code == bindparam("of")).with_for_update(key_share=True)
RECORDS = (
    select(REQUESTS.c.place, REQUESTS.c.id, REQUESTS.c.ca_id)
    .where(
        REQUESTS.c.file_id == bindparam("file"),
        tuple_(REQUESTS.c.place, REQUESTS.c.id) > tuple_(bindparam("after"), bindparam("after_id")),
    )
    .order_by(REQUESTS.c.place, REQUESTS.c.id)
    .limit(bindparam("limit"))
)


def make(connection: Connection, provider: str, **values: Any) -> int:
    """Write a new file, MADE, with nothing in it yet, and no number. Returns its key."""
    new = {"provider": provider, "state": FileState.MADE, "number": 0, "name": "", "records": 0}
    statement = insert(TABLE).returning(TABLE.c.id)
    return int(connection.execute(statement, {**new, "begun": False, "errors_from": 0, **values}).scalar_one())


def change(connection: Connection, file_id: int, **values: Any) -> None:
    """Write how far a file has come."""
    connection.execute(update(TABLE).where(TABLE.c.id == file_id).values(**values))


def take_back(connection: Connection, file_id: int) -> bool:
    """Let a file that was SENT be sent anew; false, and nothing is written, where it is in another state."""
    sent = update(TABLE).where(TABLE.c.id == file_id, TABLE.c.state == FileState.SENT)
    return connection.execute(sent.values(state=FileState.MADE, begun=False, sent_date=None)).rowcount == 1


def discard(connection: Connection, file_id: int) -> None:
    """Delete a file in which nothing is."""
    connection.execute(delete(TABLE).where(TABLE.c.id == file_id))


def load(connection: Connection, file_id: int) -> RequestFile | None:
    """The file of this key."""
    found = find(connection, {"id": file_id}, limit=1)
    return found[0] if found else None


def find(
    connection: Connection, filters: Mapping[str, Any], *, limit: int | None = None, offset: int = 0
) -> list[RequestFile]:
    """Files in the order of their making; filters are those of FILTERS, and SENT_BEFORE."""
    query = select(TABLE).where(*conditions(filters)).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [request_file(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, filters: Mapping[str, Any]) -> int:
    """How many files there are; filters are those of `find`."""
    query = select(func.count()).select_from(TABLE).where(*conditions(filters))
    return int(connection.execute(query).scalar_one())


def conditions(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What files must be."""
    moments: Mapping[str, datetime] = filters.get(SENT_BEFORE, {})
    before = or_(
        false(), *(and_(TABLE.c.provider == code, TABLE.c.sent_date < moment) for code, moment in moments.items())
    )
    return ([before] if SENT_BEFORE in filters else []) + [
        FILTERS[name] == value for name, value in filters.items() if name != SENT_BEFORE
    ]


def newest(connection: Connection, provider: str, names: Collection[str]) -> dict[str, RequestFile]:
    """The provider's newest file of each of these names, by name: names come again."""
    of_names = TABLE.c.provider == provider, TABLE.c.name.in_(names)
    last = select(func.max(TABLE.c.id)).where(*of_names).group_by(TABLE.c.name)
    found = connection.execute(select(TABLE).where(TABLE.c.id.in_(last))).mappings()
    return {row["name"]: request_file(row) for row in found}


def in_state(connection: Connection, provider: str, state: FileState, limit: int | None = None) -> list[RequestFile]:
    """The provider's open files in a state: EXPRESS first, then the oldest."""
    # What is EXPRESS stands before what is REGULAR in the alphabet too.
    query = select(TABLE).where(*open_in(provider, state)).order_by(TABLE.c.priority, TABLE.c.id).limit(limit)
    return [request_file(row) for row in connection.execute(query).mappings()]


def records_in_state(connection: Connection, provider: str, state: FileState) -> int:
    """How many records the provider's open files in a state have."""
    query = select(func.coalesce(func.sum(TABLE.c.records), 0)).where(*open_in(provider, state))
    return int(connection.execute(query).scalar_one())


def open_in(provider: str, state: FileState) -> tuple[ColumnElement[bool], ...]:
    """Open files of a provider in this state."""
    return TABLE.c.provider == provider, IS_OPEN, TABLE.c.state == state


def next_number(connection: Connection, provider: str, letters: Collection[str], taken: Collection[str]) -> int:
    """The provider's next transaction number, taken: none of a file that is open, or of a name that is `taken`.

    Until the transaction ends nobody else makes files for the provider, nor requests.
    """
    last = int(connection.execute(LAST, {"of": provider}).scalar_one())
    for number in chain(range(last + 1, LAST_NUMBER + 1), range(1, last + 1)):
        names = {name_of(one, number) for one in letters}
        if names.isdisjoint(taken) and not are_open(connection, provider, names):
            connection.execute(update(PROVIDERS).where(PROVIDERS.c.code == provider).values(last_transaction=number))
            return number
    raise OverflowError(f"All transaction numbers of {provider} are in use.")


def are_open(connection: Connection, provider: str, names: Collection[str]) -> bool:
    """Whether a file of one of these names has not come to its end."""
    query = select(TABLE.c.id).where(TABLE.c.provider == provider, TABLE.c.name.in_(names), IS_OPEN).limit(1)
    return connection.execute(query).first() is not None


def record_count(connection: Connection, file_id: int) -> int:
    """How many requests are in a file now: of one that was refused, others may be in another file."""
    query = select(func.count()).where(REQUESTS.c.file_id == file_id)
    return int(connection.execute(query).scalar_one())


def by_state(connection: Connection) -> dict[tuple[str, FileState], int]:
    """How many open files there are, by provider and state."""
    query = (
        select(TABLE.c.provider, TABLE.c.state, func.count()).where(IS_OPEN).group_by(TABLE.c.provider, TABLE.c.state)
    )
    return {(provider, FileState(state)): number for provider, state, number in connection.execute(query)}


def records(
    connection: Connection, file_id: int, after: tuple[str, int], limit: int
) -> tuple[list[Record], tuple[str, int]]:
    """A page of a file's records in the order of their places, from a place and a key on; and those of the last one."""
    said = {"file": file_id, "after": after[0], "after_id": after[1], "limit": limit}
    rows = connection.execute(RECORDS, said).all()
    return [Record(place, ca_id) for place, _key, ca_id in rows], (rows[-1][0], rows[-1][1]) if rows else after


def request_file(row: RowMapping) -> RequestFile:
    """The file that the row holds."""
    values = {name: value for name, value in row.items() if not name.startswith("period_")}
    dates = row["period_start"], row["period_end"]
    values["period"] = Period(*dates) if all(dates) else None
    return RequestFile(**{**values, "priority": Priority(row["priority"]), "state": FileState(row["state"])})
