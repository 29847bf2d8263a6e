"""An archive for tests of the calls, with a name that is known before."""

from sqlalchemy import update

from engine.service import archive_password
from engine.store import schema
from tests.engine.api.bodies import ARCHIVE, PASSWORD

DEFINITION = """definitions = [
    { code = "ARCHIVE", name = "Archive", kind = "archive", effective = true, filters = { created_to = 2030-06-15 } },
]"""


def allow_archives(engine, folder):
    """Set up archive runs, and their password."""
    engine.load_configuration({"archive.toml": DEFINITION})
    engine.context.archive_folder = folder / "archives"
    archive_password.put(engine.context.database, PASSWORD["archive_password"])


def put_away(engine, folder):
    """Archive what there is, under a name that is known."""
    allow_archives(engine, folder)
    assert engine.run("ARCHIVE", PASSWORD["archive_password"]).state == "COMPLETED"
    (made,) = engine.archives.find().results
    with engine.context.database.transaction() as connection:
        connection.execute(update(schema.archives).values(name=ARCHIVE))
    (engine.context.archive_folder / made.name).rename(engine.context.archive_folder / ARCHIVE)
