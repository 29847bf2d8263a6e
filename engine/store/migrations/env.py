"""What Alembic runs for each migration. The transaction belongs to whoever brings the connection."""

from alembic import context

from engine.store.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Databases are migrated by: python -m engine migrate --database URL")
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
