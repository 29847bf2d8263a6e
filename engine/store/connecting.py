"""How a database is reached, by URL: `sqlite://` (in memory), `sqlite:///file`, `postgresql+psycopg://…`."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import StaticPool

from engine.domain.errors import CollisionError, InvalidError

PRAGMAS = ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 30000")
CONNECT_WITHIN_S = 10
ALONE = 7205759403  # any number will do that is the same for all engines
DEADLOCK, TAKEN = "40P01", "23505"
TAKEN_IN_SQLITE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def create(url: str, **options: Any) -> Engine:
    """What SQLAlchemy reaches the database by, from a URL or the absolute path of a SQLite file.

    `options` are SQLAlchemy's, for databases on a server. A URL that can't be used is not repeated: it may hold a
    password.
    """
    try:
        # A path is no URL: what it is made of is not to be read as one.
        parsed = URL.create("sqlite", database=url) if Path(url).is_absolute() else make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return create_sqlite(parsed)
        return create_server(parsed, options)
    except ImportError as error:
        raise InvalidError(f"The database's driver is not installed: {error}.", field="database") from error
    except (ArgumentError, ValueError) as error:
        wanted = "wanted is one such as sqlite:///file or postgresql://user@host/database"
        raise InvalidError(f"The database URL can't be read; {wanted}.", field="database") from error


def create_sqlite(url: URL) -> Engine:
    """A SQLite database: a file, or one in memory, which lives on its one connection."""
    if url.database in {None, "", ":memory:"}:
        once = {"check_same_thread": False}
        sql = create_engine("sqlite://", poolclass=StaticPool, connect_args=once, hide_parameters=True)
    else:
        sql = create_engine(url, hide_parameters=True)
    prepare_sqlite(sql)
    return sql


def create_server(url: URL, options: Mapping[str, Any]) -> Engine:
    """A database of a server's, by the driver that is installed with the extra `postgresql`."""
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise ArgumentError(url.get_backend_name())
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_WITHIN_S)})
    # A server that was started again has forgotten the connections which the pool still keeps: each is tried first.
    sql = create_engine(url, hide_parameters=True, pool_pre_ping=True, **options)
    prepare_server(sql)
    return sql


@contextmanager
def opened() -> Iterator[None]:
    """Say in one sentence why a database can't be opened."""
    try:
        yield
    except DBAPIError as error:
        why = str(error.orig).strip().partition("\n")[0].rstrip(".")
        raise InvalidError(f"The database can't be opened: {why}.", field="database") from error


@contextmanager
def unlocked() -> Iterator[None]:
    """Say in one sentence that two engines have waited for each other, and that this one has given way."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != DEADLOCK:
            raise
        said = "Another engine is changing the same at this moment; nothing was done. Try again."
        raise CollisionError(said) from error


def is_taken(error: IntegrityError) -> bool:
    """Whether a name that stands for one thing only was to stand for another too."""
    return (
        getattr(error.orig, "sqlstate", "") == TAKEN or getattr(error.orig, "sqlite_errorname", "") in TAKEN_IN_SQLITE
    )


@contextmanager
def altering(sql: Engine) -> Iterator[Connection]:
    """A transaction in which tables change their form; SQLite copies them, and must not look at foreign keys then."""
    options = {"writes": True, "durable": True}
    with sql.connect().execution_options(**options) as connection:
        inner = driver(connection) if sql.dialect.name == "sqlite" else None
        if inner:
            inner.execute("PRAGMA foreign_keys = OFF")  # of no effect within a transaction
        try:
            with connection.begin():
                yield connection
        finally:
            if inner:
                inner.execute("PRAGMA foreign_keys = ON")


def alone(connection: Connection) -> None:
    """Keep others from making tables, or configuring, until the transaction ends; on SQLite it does that already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ALONE})")


def beside(connection: Connection) -> None:
    """Keep others from configuring until the transaction ends, and wait for who does; several may do so at once."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({ALONE})")


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


def prepare_server(sql: Engine) -> None:
    """Write what PostgreSQL's texts can't hold as what stands for it, and keep rows out of what an error says."""
    # Imported here, because it is an extra.
    from psycopg.adapt import Dumper  # noqa: PLC0415

    class TextDumper(Dumper):
        """Platforms in trouble answer with any byte there is."""

        def dump(self, obj: str) -> bytes:
            return obj.replace("\0", "\N{REPLACEMENT CHARACTER}").encode()

    def connect(inner: Any, _record: Any) -> None:
        inner.adapters.register_dumper(str, TextDumper)

    def shorten(context: ExceptionContext) -> None:
        """Keep the sentence only: what follows it repeats the row, and passwords with it."""
        error, inner = context.sqlalchemy_exception, context.original_exception
        sentence = getattr(getattr(inner, "diag", None), "message_primary", None)
        if error and sentence:
            whole = str(inner)
            error.args = tuple(str(part).replace(whole, sentence) for part in error.args)
            inner.args = (sentence,)

    event.listen(sql, "connect", connect)
    event.listen(sql, "handle_error", shorten)
