"""Connections and transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import StaticPool

from engine.domain.errors import InvalidError
from engine.store.schema import metadata

PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 30000")


class Database:
    """One database, by URL: `sqlite://` (in memory), `sqlite:///file`, `postgresql+psycopg://…`.

    SQLite knows one writer at a time: its writers queue here, in order, instead of on its busy handler.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        self.sql = create(url)
        self._sqlite = self.sql.dialect.name == "sqlite"
        self._in_memory = isinstance(self.sql.pool, StaticPool)
        if self._sqlite:
            prepare_sqlite(self.sql)
        self._writer = threading.RLock() if self._sqlite else nullcontext()
        self._reader = self._writer if self._in_memory else nullcontext()
        try:
            metadata.create_all(self.sql)
        except OperationalError as error:
            raise InvalidError(f"The database can't be opened: {error.orig}.", field="database") from error

    @classmethod
    def of(cls, image: bytes) -> "Database":
        """A SQLite database in memory, made from an image."""
        database = cls()
        database.replace(image)
        return database

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Connection]:
        """A connection on which all is done or nothing, whatever kills the process.

        What is `durable` outlives a power cut as well, and waits for the disk; what isn't may be undone by one.
        """
        options = {"writes": True, "durable": durable}
        with self._writer, self.sql.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with self._reader, self.sql.connect() as connection:
            yield connection

    def image(self) -> bytes:
        """The whole of a SQLite database as bytes, for `replace`."""
        with self._writer, self.sql.connect() as connection:
            image = driver(connection).serialize()
        # Two bytes of the head say that a file has a journal beside it, which what is in memory can't have.
        return image[:18] + b"\x01\x01" + image[20:]

    def replace(self, image: bytes) -> None:
        """Make the database in memory what the image was: fast, so that each test can have one of its own."""
        with self._writer, self.sql.connect() as connection:
            driver(connection).deserialize(image)

    def close(self) -> None:
        """Let go of all connections."""
        self.sql.dispose()


def create(url: str) -> Engine:
    """What SQLAlchemy reaches the database by, from a URL or the absolute path of a SQLite file.

    A URL that can't be used is not repeated: it may hold a password.
    """
    try:
        # A path is no URL: what it is made of is not to be read as one.
        parsed = URL.create("sqlite", database=url) if Path(url).is_absolute() else make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
            return create_memory()
        return create_engine(parsed, hide_parameters=True)
    except ImportError as error:
        raise InvalidError(f"The database's driver is not installed: {error}.", field="database") from error
    except (ArgumentError, ValueError) as error:
        wanted = "wanted is one such as sqlite:///file"
        raise InvalidError(f"The database URL can't be read; {wanted}.", field="database") from error


def create_memory() -> Engine:
    """A SQLite database in memory, which lives on its one connection."""
    once = {"check_same_thread": False}
    return create_engine("sqlite://", poolclass=StaticPool, connect_args=once, hide_parameters=True)


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def prepare_sqlite(sql: Engine) -> None:
    """Take transactions into our own hands: writers say so at the beginning, so that none fails half-way for a lock."""

    def connect(inner: sqlite3.Connection, _record: Any) -> None:
        inner.isolation_level = None
        for pragma in PRAGMAS:
            inner.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        inner = driver(connection)  # statements of SQLAlchemy's own would cost ten times as much here
        inner.execute(f"PRAGMA synchronous = {'FULL' if options.get('durable') else 'NORMAL'}")
        inner.execute("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    event.listen(sql, "connect", connect)
    event.listen(sql, "begin", begin)
