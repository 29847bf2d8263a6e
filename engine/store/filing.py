"""Which requests go in a file together, and which of them wait for others."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from engine.domain.file import FileState
from engine.domain.request import Priority, RequestState
from engine.ports import Record
from engine.store import schema
from engine.store.requests import DUE, IS_PENDING

TABLE, FILES, ITEMS = schema.requests, schema.files, schema.items
OLDER = TABLE.alias("older")
# Just the words of the index of what is in no file yet.
UNFILED = (IS_PENDING, TABLE.c.file_id.is_(None), TABLE.c.place.is_not(None))
AGAIN = TABLE.c.attempts > literal_column("0")  # as another index says it
OLDER_PENDING = OLDER.c.life_cycle_state == IS_PENDING.right
OLDER_UNFILED = (OLDER_PENDING, OLDER.c.file_id.is_(None), OLDER.c.place.is_not(None))
OLDER_DUE = or_(OLDER.c.scheduled_date.is_(None), OLDER.c.scheduled_date <= bindparam("now"))
AT_PROVIDER = TABLE.c.provider == bindparam("of")
KEY = (TABLE.c.priority, TABLE.c.type, TABLE.c.ca_id, TABLE.c.detail)
GROUPS = (
    select(func.min(TABLE.c.id), *KEY)
    .where(*UNFILED, DUE, AT_PROVIDER)
    .group_by(*KEY)
    # What is EXPRESS stands before what is REGULAR in the alphabet too.
    .order_by(TABLE.c.priority, func.min(TABLE.c.id))
    .limit(bindparam("limit"))
)
AFTER = tuple_(TABLE.c.priority, func.min(TABLE.c.id)) > tuple_(bindparam("after_priority"), bindparam("after_first"))
COUNT = select(func.count()).where(*UNFILED, DUE, AT_PROVIDER)
OWNERS = (
    select(TABLE.c.id, func.coalesce(schema.subscriptions.c.number, ""), TABLE.c.communication_entry)
    .join(schema.subscriptions, isouter=True)
    .where(TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(TABLE.c.id)
)
UNSENDABLE, NO_DEVICE = "UNSENDABLE", "NO_DEVICE"
Chosen = Select[tuple[int]]
Keys = Collection[int] | Chosen


class Group(NamedTuple):
    """Requests that may share a file, by the key of the oldest that is due."""

    first: int
    priority: Priority
    type: str
    ca_id: str
    detail: str

    @property
    def same(self) -> dict[str, str]:
        """In what its requests agree."""
        return {"priority": self.priority, "type": self.type, "ca_id": self.ca_id, "detail": self.detail}


class Rivals(NamedTuple):
    """Requests of these types are about the same things as a group's, and must not be overtaken by them.

    That is so where one gives and the other takes; or (`pairs`) where each ends the pairs of both its devices.
    """

    types: frozenset[str]
    pairs: bool = False


def groups(
    connection: Connection,
    provider: str,
    now: datetime,
    *,
    limit: int,
    after: Group | None = None,
    only: Keys | None = None,
) -> list[Group]:
    """Groups of requests that are due and in no file, or of those with these keys: EXPRESS first, then the oldest.

    They are those that come after one of them, where one is said.
    """
    query = GROUPS if only is None else GROUPS.where(TABLE.c.id.in_(only))
    said = {"of": provider, "now": now, "limit": limit}
    if after is not None:
        query = query.having(AFTER)
        said |= {"after_priority": after.priority, "after_first": after.first}
    found = connection.execute(query, said)
    return [Group(first, Priority(priority), *rest) for first, priority, *rest in found]


def count(connection: Connection, provider: str, now: datetime) -> int:
    """How many requests are due and in no file."""
    return int(connection.execute(COUNT, {"of": provider, "now": now}).scalar_one())


def chosen(
    connection: Connection,
    provider: str,
    group: Group,
    rivals: Rivals,
    *,
    most: int,
    only: Keys | None = None,
    again: bool = False,
) -> Chosen:
    """What asks for a group's requests that go in the next file: one for each place, in their order.

    One that would overtake an older one about the same thing is left for later: till that has ended. `again`: only
    those that were in a file before, which was refused for another.
    """
    same = [column == value for column, value in zip(KEY, group[1:], strict=True)]
    waits = [~exists().where(*one) for one in overtaking(connection, provider, group, rivals)]
    these = [*([] if only is None else [TABLE.c.id.in_(only)]), *([AGAIN] if again else [])]
    oldest = select(func.min(TABLE.c.id)).where(*UNFILED, DUE, TABLE.c.provider == provider, *same, *waits, *these)
    return oldest.group_by(TABLE.c.place).order_by(TABLE.c.place).limit(most)


def are_again(connection: Connection, provider: str, group: Group) -> bool:
    """Whether any of a group were in a file before, which was refused for another."""
    same = [column == value for column, value in zip(KEY, group[1:], strict=True)]
    found = connection.execute(select(TABLE.c.id).where(*UNFILED, AGAIN, TABLE.c.provider == provider, *same).limit(1))
    return found.first() is not None


def overtaking(
    connection: Connection, provider: str, group: Group, rivals: Rivals
) -> Iterable[tuple[ColumnElement[bool], ...]]:
    """The conditions by which an older request is overtaken by one of the group. Mostly there are none: no rivals."""
    here = OLDER.c.place != TABLE.c.place if rivals.pairs else OLDER.c.place == TABLE.c.place
    before = (OLDER.c.provider == provider, OLDER.c.id < TABLE.c.id)
    for priority, request_type, detail in unfiled_rivals(connection, provider, group, rivals):
        key = (OLDER.c.priority == priority, OLDER.c.type == request_type, OLDER.c.detail == detail)
        yield (*OLDER_UNFILED, *before, *key, OLDER.c.ca_id == group.ca_id, here, OLDER_DUE)
    filed = filed_rivals(connection, provider, group, rivals)
    if filed:
        yield OLDER.c.file_id.in_(filed), here, OLDER_PENDING
    if rivals.pairs:
        subscription = OLDER.c.subscription_id == TABLE.c.subscription_id
        card = (OLDER.c.place == TABLE.c.place, OLDER.c.ca_id != TABLE.c.ca_id, OLDER.c.type.in_(rivals.types))
        yield OLDER_PENDING, *before, subscription, *card, OLDER_DUE


def unfiled_rivals(connection: Connection, provider: str, group: Group, rivals: Rivals) -> list[tuple[str, str, str]]:
    """Priority, type and detail of the rivals that are in no file: by these the index finds each at once."""
    if not rivals.types:
        return []
    same = (TABLE.c.provider == provider, TABLE.c.ca_id == group.ca_id, TABLE.c.type.in_(rivals.types))
    query = select(TABLE.c.priority, TABLE.c.type, TABLE.c.detail).distinct()
    query = query.where(*UNFILED, TABLE.c.priority.in_(list(Priority)), *same)
    return [(priority, kind, detail) for priority, kind, detail in connection.execute(query)]


def filed_rivals(connection: Connection, provider: str, group: Group, rivals: Rivals) -> list[int]:
    """The files with rivals that have not been answered."""
    if not rivals.types:
        return []
    same = (FILES.c.provider == provider, FILES.c.ca_id == group.ca_id, FILES.c.type.in_(rivals.types))
    unanswered = FILES.c.state.in_([FileState.MADE, FileState.SENT])
    return list(connection.execute(select(FILES.c.id).where(*same, unanswered, FILES.c.cleared.is_(False))).scalars())


def fill(connection: Connection, file_id: int, requests: Chosen, now: datetime) -> dict[int, Record]:
    """Put the chosen requests in a file. Gives their records by their keys, in no order."""
    into = update(TABLE).where(TABLE.c.id.in_(requests)).values(file_id=file_id)
    found = connection.execute(into.returning(TABLE.c.id, TABLE.c.place, TABLE.c.ca_id), {"now": now})
    return {key: Record(place, ca_id) for key, place, ca_id in found}


def somebody_elses(connection: Connection, provider: str, file_id: int) -> list[int]:
    """The requests of a file for devices that another subscription has by now."""
    its_id = func.coalesce(ITEMS.c.ca_ids[provider].as_string(), ITEMS.c.serial_number)
    mine = ITEMS.c.subscription_id == TABLE.c.subscription_id
    # Most are known by their serial number, which is found at once: only for others an id of their own is read.
    by_serial = exists().where(ITEMS.c.serial_number == TABLE.c.place, mine)
    by_id = exists().where(mine, its_id == TABLE.c.place)
    lost = select(TABLE.c.place, TABLE.c.id).where(TABLE.c.file_id == file_id, ~by_serial, ~by_id)
    keys: dict[str, list[int]] = {}
    for place, key in connection.execute(lost):
        keys.setdefault(place, []).append(key)
    if not keys:
        return []
    installed = connection.execute(select(its_id).where(its_id.in_(list(keys)))).scalars()
    return [key for place in installed for key in keys[place]]


def reject(
    connection: Connection, reasons: Mapping[int, tuple[str, str]], at: datetime
) -> list[tuple[int, str, int | None]]:
    """Reject requests that can't be in a file, each with a code and why.

    Gives the key of each, its subscription's number, its entry's key.
    """
    ended = {"life_cycle_state": RequestState.REJECTED, "executed_date": at, "file_id": None}
    for key, (code, reason) in reasons.items():
        said = {"error_code": code, "error_description": reason}
        connection.execute(update(TABLE).where(TABLE.c.id == key), ended | said)
    return [(key, number, entry) for key, number, entry in connection.execute(OWNERS, {"ids": list(reasons)})]
