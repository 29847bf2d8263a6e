"""Rows of one table, by which tests see what a database has kept."""

from contextlib import closing

from sqlalchemy import func, insert, select

from engine.store import schema
from engine.store.database import Database

PATIENCE_S = 10
COUNT = select(func.count()).select_from(schema.products)


def product(code):
    return {
        "code": code,
        "name": code,
        "classification": "service",
        "service_type": "termed",
        "composition": "flat",
        "provisioned": True,
        "traceable": False,
        "components": [],
        "minimum": 0,
    }


def again(database):
    """Another way to the same."""
    return closing(Database(database.sql.url.render_as_string(hide_password=False)))


def count(database):
    with database.reading() as connection:
        return connection.execute(COUNT).scalar_one()


def add(database, code):
    with database.transaction() as connection:
        connection.execute(insert(schema.products), product(code))
