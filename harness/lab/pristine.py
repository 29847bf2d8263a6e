"""A configured database that each test gets back as it was, because making one takes longer than a test may."""

from collections.abc import Iterator
from functools import cached_property
from itertools import cycle
from typing import Any, Protocol, cast

from engine.store.database import Database
from engine.store.schema import metadata

WAIT_AT_MOST = "SET lock_timeout = '10s'"  # for a transaction that a test has left open


class Pristine(Protocol):
    """A database as it was when this was made."""

    def restore(self) -> None:
        """Make it again what it was."""

    def again(self, database: Database) -> Database:
        """What another engine that is started now finds where this one's rows are."""


class InMemory:
    """SQLite in memory: its image.

    Whoever is started again gets one of two others in turn, with what SQLAlchemy has made of statements before: to make
    that again takes longer than most tests.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._image = database.image()

    def restore(self) -> None:
        """Put the image back."""
        self._database.replace(self._image)

    def again(self, database: Database) -> Database:
        """A copy of it as it is now: what was in memory ended with its engine."""
        other = next(one for one in self._others if one is not database)
        other.replace(database.image())
        return other

    @cached_property
    def _others(self) -> Iterator[Database]:
        return cycle((Database(), Database()))


class OnServer:
    """PostgreSQL: a copy of the rows beside them, in a schema of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        tables = [table.name for table in metadata.sorted_tables]
        self._execute("CREATE SCHEMA kept", *(f"CREATE TABLE kept.{name} AS TABLE {name}" for name in tables))
        filled = [name for name in tables if self._execute(f"SELECT FROM kept.{name} LIMIT 1").rowcount]
        sequences = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        # Deleting few rows takes a twentieth of what TRUNCATE takes, and of what a database from a template does.
        self._statements = (
            *(f"DELETE FROM {name}" for name in reversed(tables)),  # noqa: S608 (names of our own)
            *(f"INSERT INTO {name} TABLE kept.{name}" for name in filled),
            *(f"SELECT setval('{name}', {last or 1}, {bool(last)})" for name, last in self._execute(sequences)),
        )

    def _execute(self, *statements: str) -> Any:
        """All in one call and one transaction."""
        with self._database.transaction(durable=False) as connection:
            driver = cast("Any", connection.connection.driver_connection)
            return driver.execute("; ".join(statements))

    def restore(self) -> None:
        """Put the rows back, and number new ones from where it went on then."""
        self._execute(WAIT_AT_MOST, *self._statements)

    def again(self, database: Database) -> Database:
        """Other connections to the same."""
        return Database(database.sql.url.render_as_string(hide_password=False))


def pristine(database: Database) -> Pristine:
    """What puts this database back as it is now."""
    return OnServer(database) if database.shared else InMemory(database)
