"""The archive password, as its row: never the password, only its hash; and how often it was said wrong."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from engine.store.schema import archive_password

ONLY = 1  # there is one


def put(connection: Connection, salt: str, digest: str) -> None:
    """Keep another password; what was said wrong before counts no more."""
    connection.execute(delete(archive_password))
    connection.execute(insert(archive_password), {"id": ONLY, "salt": salt, "hash": digest, "failures": 0})


def take(connection: Connection) -> RowMapping | None:
    """What is kept; nobody else takes it until the transaction ends. None, where no password was set."""
    return connection.execute(select(archive_password).with_for_update()).mappings().first()


def note(connection: Connection, failures: int, not_before: datetime | None) -> None:
    """Write down how often in a row it was said wrong, and from when on it may be said again."""
    connection.execute(update(archive_password).values(failures=failures, not_before=not_before))
