"""Subscriptions, as rows: read whole, written by what has changed.

Statements are built once: SQLAlchemy takes longer to build one than SQLite takes to run it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.domain.errors import NotAllowedError
from engine.domain.states import ItemState, State
from engine.domain.subscription import Address, InstalledItem, Service, Subscriber, Subscription, Window
from engine.store import schema
from engine.store.connecting import is_taken

Row = dict[str, Any]
Rows = dict[Table, dict[tuple[Any, ...], Row]]

CHILDREN = (schema.services, schema.service_distributors, schema.items, schema.item_distributors)
BY_NUMBER = select(schema.subscriptions).where(schema.subscriptions.c.number == bindparam("number"))
LOCK = BY_NUMBER.with_for_update()
KEYS = select(schema.subscriptions.c.number, schema.subscriptions.c.id).where(
    schema.subscriptions.c.number.in_(bindparam("numbers", expanding=True))
)
LOCK_ROW = select(schema.subscriptions.c.id).where(schema.subscriptions.c.id == bindparam("key")).with_for_update()
OF_SUBSCRIPTION = {
    table: select(table).where(table.c.subscription_id == bindparam("key")).order_by(*table.primary_key)
    for table in CHILDREN
}
THIS_ROW = {
    table: [column == bindparam(f"this_{column.name}") for column in table.primary_key]
    for table in (*CHILDREN, schema.subscriptions)
}
DELETE = {table: delete(table).where(*THIS_ROW[table]) for table in CHILDREN}
UPDATE = {
    table: update(table)
    .where(*THIS_ROW[table])
    .values({column.name: bindparam(column.name) for column in table.columns if not column.primary_key})
    for table in (schema.services, schema.items)
}
CREATE = insert(schema.subscriptions).returning(schema.subscriptions.c.id)
UPDATE_STATE = update(schema.subscriptions).where(*THIS_ROW[schema.subscriptions])
OWNER = (
    select(schema.subscriptions.c.number)
    .join(schema.items, schema.items.c.subscription_id == schema.subscriptions.c.id)
    .where(schema.items.c.serial_number == bindparam("serial_number"))
)
TAKE = (
    update(schema.counters)
    .where(schema.counters.c.name == "subscriptions")
    .values(last=schema.counters.c.last + 1)
    .returning(schema.counters.c.last)
)
NUMBERS = (
    select(schema.subscriptions.c.number)
    .order_by(schema.subscriptions.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)


def load(connection: Connection, number: str, *, lock: bool = False) -> tuple[int, Subscription] | None:
    """The key and the whole of a subscription; `lock` keeps other engines from acting on it meanwhile."""
    row = connection.execute(LOCK if lock else BY_NUMBER, {"number": number}).mappings().first()
    if row is None:
        return None
    key, found = row["id"], subscription(row)
    placed = distributors(connection, schema.service_distributors, "number", key)
    found.services = [service(row, placed) for row in children(connection, schema.services, key)]
    used = distributors(connection, schema.item_distributors, "serial_number", key)
    found.items = [item(row, used) for row in children(connection, schema.items, key)]
    return key, found


def keys(connection: Connection, numbers: Iterable[str]) -> dict[str, int]:
    """The keys of these subscriptions, by number; those that there are."""
    found = connection.execute(KEYS, {"numbers": list(numbers)})
    return {row.number: row.id for row in found}


def lock(connection: Connection, key: int) -> None:
    """Keep other engines from planning for the subscription, or changing it, until the transaction ends.

    On SQLite the transaction does that already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK_ROW, {"key": key})


def children(connection: Connection, table: Table, key: int) -> Iterable[RowMapping]:
    """The rows of a table that belong to the subscription."""
    return connection.execute(OF_SUBSCRIPTION[table], {"key": key}).mappings()


def distributors(connection: Connection, table: Table, owner: str, key: int) -> Mapping[Any, set[str]]:
    """Distributors by service number, or by serial number."""
    found: dict[Any, set[str]] = {}
    for row in children(connection, table, key):
        found.setdefault(row[owner], set()).add(row["distributor"])
    return found


def subscription(row: RowMapping) -> Subscription:
    """The subscription that the row holds, without what it has."""
    kept = row["subscriber"]
    return Subscription(
        row["number"],
        Subscriber(**{**kept, "address": Address(**kept["address"])}),
        State(row["state"]),
        row["until"],
        customer_number=row["customer_number"],
        type=row["type"],
    )


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
        State(row["before_swap"]) if row["before_swap"] else None,
    )


def item(row: RowMapping, used: Mapping[str, set[str]]) -> InstalledItem:
    """The installed item that the row holds."""
    serial = row["serial_number"]
    return InstalledItem(serial, row["product"], ItemState(row["state"]), used.get(serial, set()), row["ca_ids"])


def window(row: RowMapping) -> Window | None:
    """The window that the row holds, if it holds one."""
    return Window(row["window_start"], row["window_end"]) if row["window_start"] else None


def create(connection: Connection, subscription: Subscription, at: datetime) -> int:
    """Insert a new subscription; without a number it takes the next free one. Returns its key."""
    subscription.number = subscription.number or next_number(connection)
    values = {
        "number": subscription.number,
        "state": subscription.state,
        "until": subscription.until,
        "subscriber": asdict(subscription.subscriber),
        "customer_number": subscription.customer_number,
        "type": subscription.type,
        "created_date": at,
    }
    with free(f"Subscription {subscription.number} was made at the same moment", field="number"):
        key = int(connection.execute(CREATE, values).scalar_one())
    write(connection, {}, rows(key, subscription))
    return key


def next_number(connection: Connection) -> str:
    """The number after the last one, such as S0000000329; one that a caller has chosen before is passed over."""
    while True:
        number = f"S{connection.execute(TAKE).scalar_one():010d}"
        if not connection.execute(BY_NUMBER, {"number": number}).first():
            return number


def save(connection: Connection, key: int, before: Rows, subscription: Subscription) -> None:
    """Write what has changed since `before`, the rows of the subscription as it was."""
    values = {"this_id": key, "state": subscription.state, "until": subscription.until}
    connection.execute(UPDATE_STATE, values)
    write(connection, before, rows(key, subscription))


def rows(key: int, subscription: Subscription) -> Rows:
    """The rows that services and items make, by table and primary key."""
    found: Rows = {table: {} for table in CHILDREN}
    for one in subscription.services:
        found[schema.services][key, one.number] = service_row(key, one)
        for distributor in one.distributors:
            row = {"subscription_id": key, "number": one.number, "distributor": distributor}
            found[schema.service_distributors][key, one.number, distributor] = row
    for device in subscription.items:
        found[schema.items][(device.serial_number,)] = item_row(key, device)
        for distributor in device.distributors:
            row = {"subscription_id": key, "serial_number": device.serial_number, "distributor": distributor}
            found[schema.item_distributors][key, device.serial_number, distributor] = row
    return found


def service_row(key: int, one: Service) -> Row:
    """The row that holds the service."""
    return {
        "subscription_id": key,
        "number": one.number,
        "product": one.product,
        "state": one.state,
        "bundle": one.bundle,
        "replaces": one.replaces,
        "before_swap": one.before_swap,
        "window_start": one.window.start if one.window else None,
        "window_end": one.window.end if one.window else None,
    }


def item_row(key: int, one: InstalledItem) -> Row:
    """The row that holds the installed item."""
    return {
        "subscription_id": key,
        "serial_number": one.serial_number,
        "product": one.product,
        "state": one.state,
        "ca_ids": dict(one.ca_ids),
    }


def write(connection: Connection, before: Rows, after: Rows) -> None:
    """Insert, change and delete so that the rows are those of `after`."""
    for table in CHILDREN:
        old, new = before.get(table, {}), after[table]
        gone = [this_row(table, primary_key) for primary_key in old.keys() - new.keys()]
        changed = [
            new[primary_key] | this_row(table, primary_key)
            for primary_key in new.keys() & old.keys()
            if new[primary_key] != old[primary_key]
        ]
        added = [new[primary_key] for primary_key in new if primary_key not in old]
        if gone:
            connection.execute(DELETE[table], gone)
        if changed:
            connection.execute(UPDATE[table], changed)
        if added:
            insert_rows(connection, table, added)


def insert_rows(connection: Connection, table: Table, added: list[Row]) -> None:
    """Insert rows. Raises NotAllowedError where a device has been installed elsewhere since it was looked for."""
    if table is not schema.items:
        connection.execute(insert(table), added)
        return
    serials = " or ".join(row["serial_number"] for row in added)
    with free(f"{serials} was installed on another subscription at the same moment", field="serial_number"):
        connection.execute(insert(table), added)


@contextmanager
def free(otherwise: str, field: str) -> Iterator[None]:
    """Refuse what another engine has taken between the look and the writing."""
    try:
        yield
    except IntegrityError as error:
        if not is_taken(error):
            raise
        raise NotAllowedError(f"{otherwise}; nothing was done.", field=field) from error


def this_row(table: Table, primary_key: tuple[Any, ...]) -> Row:
    """The parameters that name one row."""
    return {f"this_{column.name}": value for column, value in zip(table.primary_key, primary_key, strict=True)}


def owner(connection: Connection, serial_number: str) -> str | None:
    """The number of the subscription on which this device is installed."""
    return connection.execute(OWNER, {"serial_number": serial_number}).scalar()


def numbers(connection: Connection, *, limit: int, offset: int) -> list[str]:
    """Subscription numbers, in order of creation."""
    return list(connection.execute(NUMBERS, {"limit": limit, "offset": offset}).scalars())
