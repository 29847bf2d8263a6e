"""Which subscriptions are out of sync at a provider: counted, or by the page, whatever their number."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from engine.store import schema
from engine.store.gaps import differing as gaps
from engine.store.gaps.question import Question, Span
from engine.store.planning import BY_RANGES, last_key
from engine.store.selection import ALL, Selection

TABLE = schema.subscriptions
TOGETHER = 50_000
"""Keys that are looked at by one statement, where many are looked at."""
FEW = 1_000
"""Where a page of few is wanted, and nobody knows how many differ."""


@lru_cache(maxsize=64)
def found(asked: Question, selection: Selection, *, losing: bool = False) -> Select[Any]:
    """The keys of those that are meant."""
    keys = (gaps.losing(asked) if losing else gaps.differing(asked)).subquery()
    query = select(keys.c.subscription_id)
    if selection == ALL:
        return query
    return query.join(TABLE, keys.c.subscription_id == TABLE.c.id).where(*selection.conditions())


@lru_cache(maxsize=64)
def how_many(asked: Question, selection: Selection) -> Select[Any]:
    """Their number."""
    return select(func.count()).select_from(found(asked, selection).subquery())


def by_ranges(connection: Connection) -> None:
    """Let PostgreSQL join whole ranges."""
    if connection.dialect.name == "postgresql":
        connection.execute(BY_RANGES)


def keys(connection: Connection, asked: Question, span: Span, selection: Selection = ALL) -> list[int]:
    """The keys in a range of subscriptions that are out of sync, ascending."""
    by_ranges(connection)
    return sorted(connection.execute(found(asked, selection), span.said).scalars())


def losing(connection: Connection, asked: Question, span: Span, selection: Selection = ALL) -> list[int]:
    """Likewise, of those only that hold devices which they should not: others may be waiting for these."""
    by_ranges(connection)
    return sorted(connection.execute(found(asked, selection, losing=True), span.said).scalars())


def count(
    connection: Connection,
    asked: Question,
    now: datetime,
    selection: Selection = ALL,
    *,
    first: int = 1,
    last: int | None = None,
) -> int:
    """How many subscriptions are out of sync, of all, or of those with keys from the first to the last."""
    by_ranges(connection)
    end = last_key(connection) if last is None else min(last, last_key(connection))
    query, number = how_many(asked, selection), 0
    for start in range(first, end + 1, TOGETHER):
        span = Span(range(start, min(start + TOGETHER, end + 1)), now)
        number += int(connection.execute(query, span.said).scalar_one())
    return number


def page(
    connection: Connection,
    asked: Question,
    now: datetime,
    selection: Selection = ALL,
    *,
    after: int = 0,
    limit: int,
) -> list[int]:
    """The first so many of them after a key, ascending. Where many differ, few are looked at."""
    some: list[int] = []
    for span in spans(after + 1, last_key(connection), now):
        some += keys(connection, asked, span, selection)
        if len(some) >= limit:
            break
    return some[:limit]


def spans(first: int, last: int, now: datetime) -> Iterator[Span]:
    """Ranges from a key to another: a small one, and larger ones where that was not enough."""
    size = FEW
    while first <= last:
        yield Span(range(first, min(first + size, last + 1)), now)
        first, size = first + size, min(2 * size, TOGETHER)
