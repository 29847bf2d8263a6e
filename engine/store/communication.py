"""The communication queue, as rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from engine.domain.communication import Entry, EntryState
from engine.domain.request import RequestState
from engine.store import schema

TABLE, REQUESTS = schema.communication_queue, schema.requests
QUERY = select(TABLE, schema.subscriptions.c.number.label("subscription")).join(schema.subscriptions)
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "subscription": schema.subscriptions.c.number,
    "external_system": TABLE.c.external_system,
    "state": TABLE.c.state,
    "id": TABLE.c.id,
}
IS_PENDING = TABLE.c.state == literal_column("'PENDING'")  # as the index says it
OF_ENTRY = REQUESTS.c.communication_entry == TABLE.c.id
IN_HAND = exists().where(OF_ENTRY)
LEFT_FOR_LATER = exists().where(OF_ENTRY, ~REQUESTS.c.process_immediately)
THIS = TABLE.c.id == bindparam("this_id")
TO_TAKE = (
    IS_PENDING,
    TABLE.c.external_system == bindparam("system"),
    TABLE.c.id > bindparam("after"),
    ~LEFT_FOR_LATER,
)
PAGE = QUERY.where(*TO_TAKE).order_by(TABLE.c.id).limit(bindparam("limit")).offset(bindparam("offset"))
COUNT = select(func.count()).select_from(TABLE).where(*TO_TAKE)
THESE = select(TABLE.c.id).where(TABLE.c.id.in_(bindparam("ids", expanding=True)))
ADD = insert(TABLE).returning(TABLE.c.id)
OWNER = select(TABLE.c.subscription_id).where(THIS)
LOCK_ONE = select(TABLE.c.id).where(THIS).with_for_update()
LOCK = (
    select(TABLE.c.id)
    .where(TABLE.c.id.in_(bindparam("ids", expanding=True)), IS_PENDING, ~IN_HAND)
    .order_by(TABLE.c.id)
    .with_for_update()
)
END = update(TABLE).where(THIS, IS_PENDING)
REMOVE = update(TABLE).where(THIS, TABLE.c.state == EntryState.COMPLETED.value)
DELETE = delete(TABLE).where(THIS, IS_PENDING, ~IN_HAND)
ENDS = (
    select(REQUESTS.c.life_cycle_state, REQUESTS.c.error_code, REQUESTS.c.error_description)
    .where(REQUESTS.c.communication_entry == bindparam("entry"))
    .order_by(REQUESTS.c.id)
)


def add(connection: Connection, key: int, text: str, external_system: str, at: datetime) -> int:
    """Write a new entry, PENDING. Returns its key."""
    values = {"subscription_id": key, "text": text, "external_system": external_system, "created_date": at}
    return int(connection.execute(ADD, values | {"state": EntryState.PENDING}).scalar_one())


def page(
    connection: Connection, external_system: str, *, after: int, limit: int, offset: int = 0
) -> list[tuple[int, Entry]]:
    """Entries of a system that are to be sent, in their order, each with the key of its subscription.

    Those whose requests wait for the processing run are none of them.
    """
    said = {"system": external_system, "after": after, "limit": limit, "offset": offset}
    return [(row["subscription_id"], entry(row)) for row in connection.execute(PAGE, said).mappings()]


def count_to_send(connection: Connection, external_system: str, *, after: int) -> int:
    """How many entries `page` would give."""
    return int(connection.execute(COUNT, {"system": external_system, "after": after}).scalar_one())


def take(connection: Connection, ids: Collection[int]) -> set[int]:
    """Keep others from these entries until the transaction ends. Gives those that are PENDING without requests."""
    return set(connection.execute(LOCK, {"ids": list(ids)}).scalars())


def removed(connection: Connection, ids: Collection[int]) -> set[int]:
    """Which of these entries there are no more."""
    return set(ids) - set(connection.execute(THESE, {"ids": list(ids)}).scalars())


def end(connection: Connection, entry_id: int, at: datetime, reason: str = "") -> None:
    """Write the end of an entry that is PENDING: rejected, if there is a reason."""
    state = EntryState.REJECTED if reason else EntryState.COMPLETED
    connection.execute(END, {"this_id": entry_id, "state": state, "reason": reason, "executed_date": at})


def settle(connection: Connection, entry_id: int, at: datetime) -> None:
    """End an entry if the last of its requests has ended. It is rejected if any of them is."""
    ends = connection.execute(ENDS, {"entry": entry_id}).all()
    if any(state == RequestState.PENDING for state, _code, _description in ends):
        return
    said = (f"{code}: {text}" for state, code, text in ends if state == RequestState.REJECTED)
    end(connection, entry_id, at, next(said, ""))


def owner(connection: Connection, entry_id: int) -> int | None:
    """The key of an entry's subscription; None, where there is no such entry."""
    return connection.execute(OWNER, {"this_id": entry_id}).scalar()


def lock(connection: Connection, entry_id: int) -> None:
    """Keep others from an entry until the transaction ends."""
    connection.execute(LOCK_ONE, {"this_id": entry_id})


def remove(connection: Connection, entry_id: int) -> bool:
    """Remove an entry that is COMPLETED, or delete one that is PENDING and not in hand. False, where it is neither."""
    removed = connection.execute(REMOVE, {"this_id": entry_id, "state": EntryState.COMPLETED_AND_REMOVED}).rowcount
    return bool(removed or connection.execute(DELETE, {"this_id": entry_id}).rowcount)


def find(connection: Connection, filters: Mapping[str, Any], *, limit: int, offset: int = 0) -> list[Entry]:
    """Entries in the order of their making; filters are those of FILTERS."""
    query = matching(QUERY, filters).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [entry(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, filters: Mapping[str, Any]) -> int:
    """How many entries there are; filters are those of FILTERS."""
    table = TABLE.join(schema.subscriptions) if "subscription" in filters else TABLE
    return int(connection.execute(matching(select(func.count()).select_from(table), filters)).scalar_one())


def matching(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """The query with conditions."""
    return query.where(*(FILTERS[name] == value for name, value in filters.items()))


def entry(row: RowMapping) -> Entry:
    """The entry that the row holds."""
    return Entry(
        row["id"],
        row["subscription"],
        row["text"],
        row["external_system"],
        EntryState(row["state"]),
        row["created_date"],
        row["executed_date"],
        row["reason"],
    )
