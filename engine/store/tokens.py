"""The tokens of those who call the Web API, as rows: never a token, only the hash of each."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from engine.store.schema import tokens

VALID = select(tokens.c.id, tokens.c.last_used_date).where(
    tokens.c.hash == bindparam("of"), tokens.c.revoked_date.is_(None)
)
TOUCH = update(tokens).where(tokens.c.id == bindparam("this_id")).values(last_used_date=bindparam("at"))
BY_NAME = select(tokens).where(tokens.c.name == bindparam("called"))


def add(connection: Connection, name: str, digest: str, at: datetime) -> None:
    """Keep a new token."""
    connection.execute(insert(tokens), {"name": name, "hash": digest, "created_date": at})


def valid(connection: Connection, digest: str) -> tuple[int, datetime | None] | None:
    """The key of the token that has this hash and is not revoked, and when it was last used."""
    row = connection.execute(VALID, {"of": digest}).first()
    return (row[0], row[1]) if row else None


def touch(connection: Connection, key: int, at: datetime) -> None:
    """Write down that the token is used."""
    connection.execute(TOUCH, {"this_id": key, "at": at})


def find(connection: Connection, name: str) -> RowMapping | None:
    """The row of the token of this name."""
    return connection.execute(BY_NAME, {"called": name}).mappings().first()


def revoke(connection: Connection, name: str, at: datetime) -> None:
    """Let the token of this name be of no use any more."""
    connection.execute(
        update(tokens).where(tokens.c.name == name, tokens.c.revoked_date.is_(None)), {"revoked_date": at}
    )


def everyone(connection: Connection) -> list[RowMapping]:
    """All tokens, in the order of their making."""
    return list(connection.execute(select(tokens).order_by(tokens.c.id)).mappings().all())
