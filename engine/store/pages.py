"""Subscriptions by the page: each whole, all in a few statements, however many they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, exists, func, or_, select

from engine.domain.subscription import Subscription
from engine.store import schema
from engine.store.subscriptions import CHILDREN, item, service, subscription

TABLE = schema.subscriptions
OF_SUBSCRIPTIONS = {
    table: select(table)
    .where(table.c.subscription_id.in_(bindparam("keys", expanding=True)))
    .order_by(*table.primary_key)
    for table in CHILDREN
}
Condition = ColumnElement[bool]


def in_state(state: str) -> Condition:
    """Subscriptions in this state."""
    return TABLE.c.state == state


def with_key(keys: Collection[int]) -> Condition:
    """Subscriptions with these keys."""
    return TABLE.c.id.in_(keys)


def with_product(code: str) -> Condition:
    """Subscriptions with a service or an item of this product, whatever its state."""
    holders = [select(one.c.subscription_id).where(one.c.product == code) for one in (schema.services, schema.items)]
    return TABLE.c.id.in_(holders[0].union_all(holders[1]))


def with_item(serial_number: str) -> Condition:
    """The subscription with this item."""
    return TABLE.c.id.in_(select(schema.items.c.subscription_id).where(schema.items.c.serial_number == serial_number))


def at_provider(code: str, distributors: Collection[str]) -> Condition:
    """Subscriptions with a service or an item on one of the provider's distributors, or with anything held there."""
    placed = [
        exists().where(one.c.subscription_id == TABLE.c.id, one.c.distributor.in_(distributors))
        for one in (schema.service_distributors, schema.item_distributors)
    ]
    return or_(*placed, exists().where(schema.held.c.subscription_id == TABLE.c.id, schema.held.c.provider == code))


def find(
    connection: Connection, conditions: Iterable[Condition], *, limit: int, offset: int = 0
) -> dict[int, Subscription]:
    """Whole subscriptions by key, in the order of their making."""
    query = select(TABLE).where(*conditions).order_by(TABLE.c.id).limit(limit).offset(offset)
    return whole(connection, connection.execute(query).mappings().all())


def keys(connection: Connection, conditions: Iterable[Condition]) -> list[int]:
    """Keys of subscriptions, in the order of their making."""
    return list(connection.execute(select(TABLE.c.id).where(*conditions).order_by(TABLE.c.id)).scalars())


def count(connection: Connection, conditions: Iterable[Condition]) -> int:
    """How many subscriptions there are."""
    return int(connection.execute(select(func.count()).select_from(TABLE).where(*conditions)).scalar_one())


def whole(connection: Connection, rows: Sequence[RowMapping]) -> dict[int, Subscription]:
    """The subscriptions of these rows, with their services and items."""
    found = {row["id"]: subscription(row) for row in rows}
    services, placed, items, used = (children(connection, table, list(found)) for table in CHILDREN)
    on = places(placed, "number")
    for row in services:
        found[row["subscription_id"]].services.append(service(row, on.get(row["subscription_id"], {})))
    at = places(used, "serial_number")
    for row in items:
        found[row["subscription_id"]].items.append(item(row, at.get(row["subscription_id"], {})))
    return found


def children(connection: Connection, table: Any, keys: list[int]) -> Sequence[RowMapping]:
    """The rows of a table that belong to these subscriptions."""
    return connection.execute(OF_SUBSCRIPTIONS[table], {"keys": keys}).mappings().all() if keys else ()


def places(rows: Iterable[RowMapping], owner: str) -> Mapping[int, dict[Any, set[str]]]:
    """Distributors by subscription, and by service number or by serial number."""
    found: dict[int, dict[Any, set[str]]] = {}
    for row in rows:
        found.setdefault(row["subscription_id"], {}).setdefault(row[owner], set()).add(row["distributor"])
    return found


def number_of(connection: Connection, key: int) -> str | None:
    """The number of the subscription with this key."""
    found: str | None = connection.execute(select(TABLE.c.number).where(TABLE.c.id == key)).scalar()
    return found


def item_of(connection: Connection, provider: str, ca_id: str) -> str | None:
    """The serial number of the item that the provider knows by this id: one of its own, else the serial number."""
    items = schema.items.c
    own = items.ca_ids[provider].as_string()
    by_own = select(items.serial_number).where(own == ca_id).limit(1)
    by_serial = select(items.serial_number).where(items.serial_number == ca_id, own.is_(None))
    found: str | None = connection.execute(by_own).scalar() or connection.execute(by_serial).scalar()
    return found
