"""Catalogue, providers and definitions of runs, as rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, or_, select, union, update

from engine.domain.catalogue import Catalogue, Product
from engine.domain.provider import Provider
from engine.domain.run import Definition
from engine.domain.states import FINAL, State
from engine.store import schema

# What was swapped may come back.
OVER = sorted(FINAL - {State.SWAPPED})

COUNTER = "configuration"
REVISION = select(schema.counters.c.last).where(schema.counters.c.name == COUNTER)
PARTS = {
    "distributors": schema.distributors,
    "services": schema.provider_services,
    "hardware": schema.provider_hardware,
}
PROVIDER_COLUMNS = [column.name for column in schema.providers.columns if not column.name.startswith("last_")]


def save(
    connection: Connection,
    products: Iterable[Product],
    providers: Iterable[Provider],
    definitions: Iterable[Definition] = (),
    gone: Collection[str] = (),
) -> None:
    """Make rows of what is configured: what is there already is changed. Distributors that are `gone` are removed."""
    for product in products:
        put(connection, schema.products, asdict(product))
    remove_distributors(connection, gone)
    for provider in providers:
        body = asdict(provider)
        put(connection, schema.providers, {name: body[name] for name in PROVIDER_COLUMNS})
        for position, distributor in enumerate(body["distributors"]):
            put(connection, schema.distributors, {**distributor, "provider": provider.code, "position": position})
        for part in ("services", "hardware"):
            connection.execute(delete(PARTS[part]).where(PARTS[part].c.provider == provider.code))
            rows = [{**row, "provider": provider.code} for row in body[part]]
            if rows:
                connection.execute(insert(PARTS[part]), rows)
    for definition in definitions:
        forget_what_was_due(connection, definition)
        put(connection, schema.definitions, asdict(definition))


def forget_what_was_due(connection: Connection, definition: Definition) -> None:
    """Begin to look after a definition anew where its schedule or its state changes: nothing has been missed by it."""
    table = schema.definitions
    changes = or_(table.c.schedule != definition.schedule, table.c.effective != definition.effective)
    connection.execute(update(table).where(table.c.code == definition.code, changes).values(last_due=None))


def set_effective(connection: Connection, provider: str, *, effective: bool) -> None:
    """Write down whether anything is sent to the provider."""
    connection.execute(update(schema.providers).where(schema.providers.c.code == provider).values(effective=effective))


def subscriptions_on(connection: Connection, distributor: str) -> int:
    """How many subscriptions have something on the distributor that is not over."""
    placed, services, subscriptions = schema.service_distributors, schema.services, schema.subscriptions
    watching = (
        select(placed.c.subscription_id)
        .join(
            services, (services.c.subscription_id == placed.c.subscription_id) & (services.c.number == placed.c.number)
        )
        .join(subscriptions, subscriptions.c.id == placed.c.subscription_id)
        .where(placed.c.distributor == distributor, services.c.state.not_in(OVER), subscriptions.c.state.not_in(OVER))
    )
    used = schema.item_distributors
    using = select(used.c.subscription_id).where(used.c.distributor == distributor)
    found = union(watching, using).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def remove_distributors(connection: Connection, codes: Collection[str]) -> None:
    """Take distributors away, and off the services on them that are over."""
    columns = (schema.service_distributors.c.distributor, schema.item_distributors.c.distributor)
    for column in (*columns, schema.distributors.c.code):
        connection.execute(delete(column.table).where(column.in_(codes)))


def revision(connection: Connection) -> int:
    """Which configuration the database holds: a number that grows with each change."""
    return int(connection.execute(REVISION).scalar() or 0)


def advance(connection: Connection) -> None:
    """Note that the configuration has changed."""
    table = schema.counters
    if not connection.execute(update(table).where(table.c.name == COUNTER).values(last=table.c.last + 1)).rowcount:
        connection.execute(insert(table).values(name=COUNTER, last=1))


def put(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row, or change the one of the same code."""
    changed = connection.execute(update(table).where(table.c.code == row["code"]).values(row))
    if not changed.rowcount:
        connection.execute(insert(table).values(row))


def load_catalogue(connection: Connection) -> Catalogue:
    """All products."""
    rows = connection.execute(select(schema.products).order_by(schema.products.c.code)).mappings()
    return Catalogue({row["code"]: msgspec.convert(plain(row), Product) for row in rows})


def load_providers(connection: Connection) -> dict[str, Provider]:
    """All providers with their parts, by code."""
    rows = connection.execute(select(schema.providers).order_by(schema.providers.c.code)).mappings()
    bodies = {row["code"]: plain(row) for row in rows}
    for name, table in PARTS.items():
        order = table.c.position if name == "distributors" else table.c.product
        for row in connection.execute(select(table).order_by(order)).mappings():
            bodies[row["provider"]].setdefault(name, []).append(plain(row))
    return {code: msgspec.convert(body, Provider) for code, body in bodies.items()}


def load_definitions(connection: Connection) -> dict[str, Definition]:
    """All definitions of runs, by code."""
    rows = connection.execute(select(schema.definitions).order_by(schema.definitions.c.code)).mappings()
    return {row["code"]: msgspec.convert(plain(row), Definition) for row in rows}


def plain(row: RowMapping) -> dict[str, Any]:
    """The row as a dictionary; SQLAlchemy's names are strings of a kind of their own."""
    return {str(name): value for name, value in row.items()}
