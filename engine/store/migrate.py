"""Migrating a database by hand, up or down."""

from engine.domain.errors import InvalidError, UnknownError
from engine.store import revisions
from engine.store.connecting import alone, altering, create, opened
from engine.store.migrations import HEAD, REVISIONS


def migrate(url: str, to: str = HEAD) -> tuple[str, str]:
    """Give the database's tables the form `to`, in one transaction. Returns the form before and after.

    On the way down is lost what only the newer form can say. No engine may run on the database. Raises DomainError.
    """
    if to not in REVISIONS:
        raise UnknownError("revision", to, REVISIONS, field="to")
    sql = create(url)
    try:
        with opened(), altering(sql) as connection:
            alone(connection)
            before = revisions.found(connection)
            if before is None:
                raise InvalidError(
                    "The database has no tables of an engine; the first start makes them.", field="database"
                )
            revisions.change(connection, before, to)
    finally:
        sql.dispose()
    return before, to
