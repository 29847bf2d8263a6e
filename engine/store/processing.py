"""What waits for the processing run: subscriptions and providers that have PENDING requests which are due."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from engine.domain.request import Priority
from engine.store import schema
from engine.store.requests import DUE, IS_PENDING, OF_PROVIDER

TABLE = schema.requests
FIRST = func.min(TABLE.c.id)
NUMBER = func.coalesce(schema.subscriptions.c.number, "")
GROUPS = (
    select(FIRST, TABLE.c.subscription_id, NUMBER, TABLE.c.provider)
    .join(schema.subscriptions, isouter=True)
    .where(
        IS_PENDING,
        DUE,
        TABLE.c.priority == bindparam("priority"),
        OF_PROVIDER.in_(bindparam("providers", expanding=True)),
    )
    .group_by(TABLE.c.subscription_id, NUMBER, TABLE.c.provider)
)
PAGE = GROUPS.having(bindparam("after") < FIRST).order_by(FIRST).limit(bindparam("limit")).offset(bindparam("offset"))
COUNT = select(func.count()).select_from(GROUPS.subquery())


class Group(NamedTuple):
    """A subscription (none: all) and a provider, by the key of the oldest request of it that is due."""

    first: int
    key: int | None
    subscription: str
    provider: str


def page(
    connection: Connection,
    now: datetime,
    providers: Collection[str],
    priority: Priority,
    *,
    after: int,
    limit: int,
    offset: int = 0,
) -> list[Group]:
    """Those that have requests of this priority, oldest first, from `after` on."""
    which = {"after": after, "limit": limit, "offset": offset}
    said = {"now": now, "providers": list(providers), "priority": priority, **which}
    return [Group(*row) for row in connection.execute(PAGE, said)]


def count(connection: Connection, now: datetime, providers: Collection[str], priority: Priority) -> int:
    """How many have requests of this priority."""
    said = {"now": now, "providers": list(providers), "priority": priority}
    return int(connection.execute(COUNT, said).scalar_one())
