"""What release 0.2.0 adds. Until it is released, whatever changes the tables adds its two functions here.

A column for rows that exist is added nullable or with a `server_default`, filled, and then made as the engine's tables
say. On SQLite a table that is altered by `batch_alter_table` is copied; its foreign keys are checked at the end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """To the newer form; rows that are there are filled from what they hold."""
    make_counters()
    mark_what_was_begun()


def downgrade() -> None:
    """To the older form, in the opposite order; what only the newer one can say is lost."""
    forget_what_was_begun()
    op.drop_table("counters")


def make_counters() -> None:
    """Numbers that engines take in turn; subscriptions go on after the last one that was made."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO counters (name, last) SELECT 'subscriptions', COALESCE(MAX(id), 0) FROM subscriptions")


def mark_what_was_begun() -> None:
    """Requests say whether they may have been sent before; of those that wait now, nobody knows."""
    begun = sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false())
    with op.batch_alter_table("requests") as table:
        table.add_column(begun)
    op.execute("UPDATE requests SET begun = (life_cycle_state = 'PENDING')")
    with op.batch_alter_table("requests") as table:
        table.alter_column("begun", server_default=None)


def forget_what_was_begun() -> None:
    """An older engine takes all that it finds PENDING for begun."""
    with op.batch_alter_table("requests") as table:
        table.drop_column("begun")
