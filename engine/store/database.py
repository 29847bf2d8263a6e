"""Connections and transactions."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool

from engine.store.connecting import create, driver, opened
from engine.store.revisions import prepare


class Database:
    """One database, by URL: `sqlite://` (in memory), `sqlite:///file`, `postgresql+psycopg://…`.

    SQLite knows one writer at a time: its writers queue here, in order, instead of on its busy handler.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        self.sql = create(url)
        self._sqlite = self.sql.dialect.name == "sqlite"
        self._in_memory = isinstance(self.sql.pool, StaticPool)
        self._writer = threading.RLock() if self._sqlite else nullcontext()
        self._reader = self._writer if self._in_memory else nullcontext()
        with opened():
            prepare(self.sql)

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
