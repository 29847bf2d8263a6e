"""Which form the tables have, and how they come to have today's."""

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select

from engine.domain.errors import InvalidError
from engine.store.connecting import alone, altering
from engine.store.migrations import FIRST, HEAD, REVISIONS
from engine.store.schema import metadata

# Alembic's table, where it keeps it; no table of the engine's.
WRITTEN = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def prepare(sql: Engine) -> None:
    """Make the tables, or give older ones today's form: in one transaction. Raises InvalidError if they are newer."""
    with sql.connect() as connection:
        if found(connection) == HEAD:
            return
    with altering(sql) as connection:
        alone(connection)
        before = found(connection)
        if before is None:
            metadata.create_all(connection)
            stamp(connection, HEAD)
        else:
            change(connection, before, HEAD)


def found(connection: Connection) -> str | None:
    """The form that the tables have; None if there are none."""
    look = inspect(connection)
    if look.has_table(WRITTEN.name):
        return connection.execute(select(WRITTEN.c.version_num)).scalar()
    return FIRST if look.has_table("subscriptions") else None


def stamp(connection: Connection, revision: str) -> None:
    """Write down which form the tables have."""
    WRITTEN.create(connection, checkfirst=True)
    connection.execute(insert(WRITTEN), {"version_num": revision})


def change(connection: Connection, before: str, wanted: str) -> None:
    """Give the tables another form. Raises InvalidError for one that is not known."""
    if before not in REVISIONS:
        said = f"The database has the form {before}; wanted is {wanted} or an older one: a newer engine has made it."
        raise InvalidError(said, field="database")
    if before == wanted:
        return
    if not inspect(connection).has_table(WRITTEN.name):
        stamp(connection, before)
    # Imported here, because nearly every start finds today's form and needs none of it.
    from engine.store.migrations.moving import move  # noqa: PLC0415

    move(connection, before, wanted)
    check_foreign_keys(connection)


def check_foreign_keys(connection: Connection) -> None:
    """Refuse a move that has left rows without those that they name; SQLite does not look while tables are copied."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise InvalidError(f"The database can't be migrated: rows of {lost[0][0]} name rows that are not there.")
