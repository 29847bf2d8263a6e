"""The catalogue and the providers, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from engine.domain.catalogue import Catalogue, Product
from engine.domain.provider import Provider
from engine.store import schema
from engine.store.connecting import alone

PARTS = {
    "distributors": schema.distributors,
    "services": schema.provider_services,
    "hardware": schema.provider_hardware,
}
PROVIDER_COLUMNS = [column.name for column in schema.providers.columns if column.name != "last_number"]


def save(connection: Connection, products: Iterable[Product], providers: Iterable[Provider]) -> None:
    """Make rows of what is configured. What is there already is changed; nothing is taken away that is in use.

    In one order whoever does it, so that engines which start together do not wait for each other.
    """
    alone(connection)
    for product in products:
        put(connection, schema.products, asdict(product))
    for provider in sorted(providers, key=attrgetter("code")):
        body = asdict(provider)
        put(connection, schema.providers, {name: body[name] for name in PROVIDER_COLUMNS})
        for distributor in body["distributors"]:
            distributor["position"] = body["distributors"].index(distributor)
            put(connection, schema.distributors, {**distributor, "provider": provider.code})
        for part in ("services", "hardware"):
            connection.execute(delete(PARTS[part]).where(PARTS[part].c.provider == provider.code))
            rows = [{**row, "provider": provider.code} for row in body[part]]
            if rows:
                connection.execute(insert(PARTS[part]), rows)


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


def plain(row: RowMapping) -> dict[str, Any]:
    """The row as a dictionary; SQLAlchemy's names are strings of a kind of their own."""
    return {str(name): value for name, value in row.items()}
