"""Since when subscriptions have been out of sync, as rows: notes, by subscription and provider.

Whether one is out of sync is always computed. A note is made when something begins to differ by what is done here, and
is taken away when nothing does any more; of what a configuration or the time has made differ, nobody knows since when.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, String, bindparam, delete, exists, func, null, select, text, update

from engine.domain.file import RequestFile
from engine.domain.request import RequestState
from engine.store import schema
from engine.store.requests import IS_PENDING
from engine.store.schema.columns import Moment

TABLE, REQUESTS = schema.out_of_sync, schema.requests.c
VALUES = (
    bindparam("key", type_=Integer),
    bindparam("of", type_=String),
    bindparam("at", type_=Moment),
    bindparam("number", type_=Integer),
)
ADD = (
    "INSERT INTO out_of_sync (subscription_id, provider, since, settled_by) VALUES (:key, :of, :at, :number) "
    "ON CONFLICT (subscription_id, provider) DO "
)
NOTE = text(f"{ADD} UPDATE SET settled_by = excluded.settled_by").bindparams(*VALUES)
FOUND = text(f"{ADD} NOTHING").bindparams(*VALUES)
OF_PAIR = (TABLE.c.subscription_id == bindparam("key"), TABLE.c.provider == bindparam("of"))
FORGET = delete(TABLE).where(*OF_PAIR)
SETTLED = FORGET.where(TABLE.c.settled_by == bindparam("number"))
UNSETTLED = update(TABLE).values(settled_by=null())
AT_PROVIDER = TABLE.c.provider == bindparam("of", type_=String)
IS_UNDER_WAY = exists().where(
    REQUESTS.subscription_id == TABLE.c.subscription_id,
    REQUESTS.provider == TABLE.c.provider,
    IS_PENDING,
    REQUESTS.type.in_(bindparam("types", expanding=True)),
)
OF_FILE = select(REQUESTS.subscription_id).where(REQUESTS.file_id == bindparam("this_file"))
REJECTED = REQUESTS.life_cycle_state == RequestState.REJECTED.value
OF_REQUESTS = select(REQUESTS.subscription_id).where(REQUESTS.id.in_(bindparam("ids", expanding=True)))
ACCEPTED_IN_FILE = delete(TABLE).where(
    AT_PROVIDER, TABLE.c.settled_by.is_not(None), TABLE.c.subscription_id.in_(OF_FILE), ~IS_UNDER_WAY
)
REJECTED_IN_FILE = UNSETTLED.where(AT_PROVIDER, TABLE.c.subscription_id.in_(OF_FILE.where(REJECTED)))
REJECTED_UNSENT = UNSETTLED.where(AT_PROVIDER, TABLE.c.subscription_id.in_(OF_REQUESTS))
NEWEST = (
    select(func.max(REQUESTS.number))
    .where(REQUESTS.subscription_id == TABLE.c.subscription_id, REQUESTS.provider == TABLE.c.provider, IS_PENDING)
    .scalar_subquery()
)
PLANNED = (
    update(TABLE)
    .where(AT_PROVIDER, TABLE.c.subscription_id.between(bindparam("first"), bindparam("last")), IS_UNDER_WAY)
    .values(settled_by=NEWEST)
)
OF_MANY = select(TABLE).where(TABLE.c.subscription_id.in_(bindparam("keys", expanding=True)))


class Note(NamedTuple):
    """Whether a subscription is out of sync at a provider; with which request it is in sync again, if all succeed.

    Without a number, something differs that nothing under way will change.
    """

    key: int
    provider: str
    differs: bool
    number: int | None = None


class End(NamedTuple):
    """A request that has ended, of those that change holdings; whether all is as it was asked for."""

    key: int
    provider: str
    number: int
    as_asked: bool


def note(connection: Connection, notes: Iterable[Note], at: datetime) -> None:
    """Write which of these are out of sync, and which no longer; those that are noted already have been since then."""
    known = list(notes)
    rows = [{"key": one.key, "of": one.provider, "at": at, "number": one.number} for one in known if one.differs]
    if rows:
        connection.execute(NOTE, rows)
    forget(connection, ((one.key, one.provider) for one in known if not one.differs))


def found(connection: Connection, provider: str, keys: Iterable[int], at: datetime) -> None:
    """Write that subscriptions were found out of sync, where that was not known."""
    rows = [{"key": key, "of": provider, "at": at, "number": None} for key in keys]
    if rows:
        connection.execute(FOUND, rows)


def forget(connection: Connection, pairs: Iterable[tuple[int, str]]) -> None:
    """Take away the notes of subscriptions and providers which are in sync."""
    rows = [{"key": key, "of": provider} for key, provider in pairs]
    if rows:
        connection.execute(FORGET, rows)


def end(connection: Connection, ends: Iterable[End]) -> None:
    """Take away the notes that end with these requests; what was rejected differs on."""
    known = list(ends)
    differs = {(one.key, one.provider) for one in known if not one.as_asked}
    settled = [
        {"key": one.key, "of": one.provider, "number": one.number}
        for one in known
        if (one.key, one.provider) not in differs
    ]
    if settled:
        connection.execute(SETTLED, settled)
    rejected = [{"key": key, "of": provider} for key, provider in sorted(differs)]
    if rejected:
        connection.execute(UNSETTLED.where(*OF_PAIR), rejected)


def plan(connection: Connection, provider: str, keys: range, types: Collection[str]) -> None:
    """Write that all that differs is under way, for subscriptions with these keys for which such requests are."""
    ends = {"first": keys.start, "last": keys.stop - 1}
    connection.execute(PLANNED, {"of": provider, "types": list(types), **ends})


def accept(connection: Connection, file: RequestFile, types: Collection[str]) -> None:
    """Take away the notes that end with a file that was accepted: nothing of these types is under way any more."""
    said = {"of": file.provider, "this_file": file.id, "types": list(types)}
    connection.execute(ACCEPTED_IN_FILE, said)


def refuse(connection: Connection, file: RequestFile) -> None:
    """Write that what was rejected with a file differs on."""
    connection.execute(REJECTED_IN_FILE, {"of": file.provider, "this_file": file.id})


def reject(connection: Connection, provider: str, requests: Iterable[int]) -> None:
    """The same of requests, by key, that were in no file."""
    connection.execute(REJECTED_UNSENT, {"of": provider, "ids": list(requests)})


def load(connection: Connection, keys: list[int]) -> dict[tuple[int, str], datetime]:
    """Since when these subscriptions are out of sync, by subscription and provider, where that is known."""
    return {(row.subscription_id, row.provider): row.since for row in connection.execute(OF_MANY, {"keys": keys})}
