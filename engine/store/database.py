"""Connections and transactions."""

import threading
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.pool import StaticPool

from engine.store.connecting import create, driver, opened, unlocked
from engine.store.revisions import prepare

# Who waits for a turn keeps a connection for it, beside those of the transactions, and is never to wait for one.
TURNS = {"isolation_level": "AUTOCOMMIT", "max_overflow": -1}
IN_ORDER = "(SELECT unnest(CAST(:keys AS integer[])) AS key ORDER BY 1) AS mine"  # in that of their keys, as everybody
TAKE_TURNS = text(f"SELECT pg_advisory_lock(key, hashtext(:name)) FROM {IN_ORDER}")  # noqa: S608 (no value of anybody's)
END_TURNS = text(f"SELECT pg_advisory_unlock(key, hashtext(:name)) FROM {IN_ORDER}")  # noqa: S608


class Database:
    """One database, by URL: `sqlite://` (in memory), `sqlite:///file`, `postgresql+psycopg://…`.

    SQLite knows one writer at a time: its writers queue here, in order, instead of on its busy handler. PostgreSQL is
    `shared`: several engines may work on one database at once.
    """

    def __init__(self, url: str = "sqlite://") -> None:
        self.sql = create(url)
        self.shared = self.sql.dialect.name == "postgresql"
        self._in_memory = isinstance(self.sql.pool, StaticPool)
        self._writer = nullcontext() if self.shared else threading.RLock()
        self._reader = self._writer if self._in_memory else nullcontext()
        self._look = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.shared else {}
        self._turns = create(url, **TURNS) if self.shared else None
        try:
            with opened():
                prepare(self.sql)
        except BaseException:
            self.close()
            raise

    @classmethod
    def of(cls, image: bytes) -> "Database":
        """A SQLite database in memory, made from an image."""
        database = cls()
        database.replace(image)
        return database

    @property
    def archive_folder(self) -> Path:
        """Where archives are if nothing is said: beside a database that is a file, else where the process works."""
        kept_in_file = not (self.shared or self._in_memory)
        return (Path(str(self.sql.url.database)).parent if kept_in_file else Path()) / "archives"

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Connection]:
        """A connection on which all is done or nothing, whatever kills the process.

        What is `durable` outlives a power cut as well, and waits for the disk; what isn't may be undone by one.
        Raises CollisionError where two engines wait for each other; then this one's part has not happened.
        """
        options = {"writes": True, "durable": durable}
        with self._writer, unlocked(), self._connection(**options) as connection, connection.begin():
            if self.shared and not durable:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with self._reader, self._connection(**self._look) as connection, self._look_at(connection):
            yield connection

    def _look_at(self, connection: Connection) -> AbstractContextManager[Any]:
        """On a server a look ends by committing nothing: what is rolled back takes prepared statements along."""
        return connection.begin() if self.shared else nullcontext()

    def turn(self, key: int, name: str) -> AbstractContextManager[None]:
        """Wait until no other engine has this turn, and have it; it ends with the process, however that ends."""
        return self.turns([key], name)

    @contextmanager
    def turns(self, keys: Collection[int], name: str) -> Iterator[None]:
        """Likewise several turns of one name.

        A SQLite file has one engine, which keeps its turns itself.
        """
        if self._turns is None:
            yield
            return
        which = {"keys": list(keys), "name": name}
        with self._turns.connect() as connection:
            connection.execute(TAKE_TURNS, which)
            try:
                yield
            finally:
                connection.execute(END_TURNS, which)

    def _connection(self, **options: Any) -> Connection:
        return self.sql.connect().execution_options(**options)

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
        if self._turns is not None:
            self._turns.dispose()
