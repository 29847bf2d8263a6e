"""Moving a database from one form to another."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from engine.store.migrations import REVISIONS


def configuration(connection: Connection) -> Config:
    """Alembic's settings, for work on this connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def move(connection: Connection, found: str, wanted: str) -> None:
    """Give the tables the form that is wanted, in the transaction that the connection is in."""
    config = configuration(connection)
    if REVISIONS.index(wanted) > REVISIONS.index(found):
        command.upgrade(config, wanted)
    else:
        command.downgrade(config, wanted)
