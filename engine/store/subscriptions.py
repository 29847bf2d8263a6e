"""Subscriptions, as rows: read whole, written by what has changed."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select, update

from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window
from engine.store import schema

Rows = dict[Table, dict[tuple[Any, ...], dict[str, Any]]]
CHILDREN = (schema.services, schema.service_distributors, schema.items, schema.item_distributors)


def find(connection: Connection, number: str, *, lock: bool = False) -> int | None:
    """The key of the subscription with this number; `lock` keeps others from acting on it meanwhile."""
    query = select(schema.subscriptions.c.id).where(schema.subscriptions.c.number == number)
    return connection.execute(query.with_for_update() if lock else query).scalar()


def load(connection: Connection, key: int) -> Subscription:
    """The subscription with its services, items and their distributors."""
    row = connection.execute(select(schema.subscriptions).where(schema.subscriptions.c.id == key)).mappings().one()
    subscription = Subscription(
        row["number"], msgspec.convert(row["subscriber"], Subscriber), State(row["state"]), row["until"]
    )
    placed = distributors(connection, schema.service_distributors, "number", key)
    subscription.services = [service(row, placed) for row in children(connection, schema.services, "number", key)]
    used = distributors(connection, schema.item_distributors, "serial_number", key)
    subscription.items = [item(row, used) for row in children(connection, schema.items, "serial_number", key)]
    return subscription


def children(connection: Connection, table: Table, order: str, key: int) -> Iterator[RowMapping]:
    """The rows of a table that belong to the subscription."""
    query = select(table).where(table.c.subscription_id == key).order_by(table.c[order])
    return iter(connection.execute(query).mappings())


def distributors(connection: Connection, table: Table, owner: str, key: int) -> Mapping[Any, set[str]]:
    """Distributors by service number, or by serial number."""
    found: dict[Any, set[str]] = {}
    for row in children(connection, table, owner, key):
        found.setdefault(row[owner], set()).add(row["distributor"])
    return found


def service(row: RowMapping, placed: Mapping[int, set[str]]) -> Service:
    """The service that the row holds."""
    return Service(
        row["number"],
        row["product"],
        State(row["state"]),
        placed.get(row["number"], set()),
        row["bundle"],
        row["replaces"],
        window(row),
    )


def item(row: RowMapping, used: Mapping[str, set[str]]) -> InstalledItem:
    """The installed item that the row holds."""
    serial_number = row["serial_number"]
    return InstalledItem(
        serial_number, row["product"], ItemState(row["state"]), used.get(serial_number, set()), row["ca_ids"]
    )


def window(row: RowMapping) -> Window | None:
    """The window that the row holds, if it holds one."""
    return Window(row["window_start"], row["window_end"]) if row["window_start"] else None


def create(connection: Connection, subscription: Subscription) -> int:
    """Insert a new subscription; without a number it takes the next free one. Returns its key."""
    values = {
        "number": subscription.number or next_number(connection),
        "state": subscription.state,
        "until": subscription.until,
        "subscriber": msgspec.to_builtins(subscription.subscriber),
    }
    subscription.number = values["number"]
    key = connection.execute(insert(schema.subscriptions).values(values)).inserted_primary_key
    if key is None:
        raise RuntimeError("The database gave no key for a new row.")
    write(connection, {}, rows(key[0], subscription))
    return int(key[0])


def next_number(connection: Connection) -> str:
    """The number after the last one, such as S0000000329."""
    last = connection.execute(select(func.max(schema.subscriptions.c.id))).scalar() or 0
    return f"S{last + 1:010d}"


def save(connection: Connection, key: int, before: Rows, subscription: Subscription) -> None:
    """Write what has changed since `before`, the rows of the subscription as it was."""
    values = {"state": subscription.state, "until": subscription.until}
    connection.execute(update(schema.subscriptions).where(schema.subscriptions.c.id == key).values(values))
    write(connection, before, rows(key, subscription))


def rows(key: int, subscription: Subscription) -> Rows:
    """The rows that services and items make, by table and primary key."""
    found: Rows = {table: {} for table in CHILDREN}

    def put(table: Table, **values: Any) -> None:
        row = {"subscription_id": key, **values}
        found[table][tuple(row[column.name] for column in table.primary_key)] = row

    for one in subscription.services:
        start, end = (one.window.start, one.window.end) if one.window else (None, None)
        put(
            schema.services,
            number=one.number,
            product=one.product,
            state=one.state,
            bundle=one.bundle,
            replaces=one.replaces,
            window_start=start,
            window_end=end,
        )
        for distributor in one.distributors:
            put(schema.service_distributors, number=one.number, distributor=distributor)
    for device in subscription.items:
        serial = device.serial_number
        put(schema.items, serial_number=serial, product=device.product, state=device.state, ca_ids=dict(device.ca_ids))
        for distributor in device.distributors:
            put(schema.item_distributors, serial_number=serial, distributor=distributor)
    return found


def write(connection: Connection, before: Rows, after: Rows) -> None:
    """Insert, change and delete so that the rows are those of `after`."""
    for table in CHILDREN:
        old, new = before.get(table, {}), after[table]
        for primary_key in old.keys() - new.keys():
            connection.execute(delete(table).where(*matches(table, primary_key)))
        for primary_key in new.keys() & old.keys():
            if new[primary_key] != old[primary_key]:
                connection.execute(update(table).where(*matches(table, primary_key)).values(new[primary_key]))
        added = [new[primary_key] for primary_key in new if primary_key not in old]
        if added:
            connection.execute(insert(table), added)


def matches(table: Table, primary_key: tuple[Any, ...]) -> list[Any]:
    """The condition that names one row."""
    return [column == value for column, value in zip(table.primary_key, primary_key, strict=True)]


def owner(connection: Connection, serial_number: str) -> str | None:
    """The number of the subscription on which this device is installed."""
    query = (
        select(schema.subscriptions.c.number)
        .join(schema.items, schema.items.c.subscription_id == schema.subscriptions.c.id)
        .where(schema.items.c.serial_number == serial_number)
    )
    return connection.execute(query).scalar()


def numbers(connection: Connection, *, limit: int, offset: int) -> list[str]:
    """Subscription numbers, in order of creation."""
    query = select(schema.subscriptions.c.number).order_by(schema.subscriptions.c.id).limit(limit).offset(offset)
    return list(connection.execute(query).scalars())
