"""What release 0.2.0 adds for runs that go through subscriptions in ranges; and to how fast they may be."""

import sqlalchemy as sa
from alembic import op

COUNTS = ("examined", "changed", "requests", "rejected", "errors")


def make_chunks() -> None:
    """Ranges of keys, with who has each in hand; who works on a run; and providers' rates."""
    of_run = sa.ForeignKey("runs.id", ondelete="CASCADE")
    op.create_table(
        "run_chunks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, of_run, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("ahead", sa.Boolean, nullable=False),
        sa.Column("first_key", sa.Integer, nullable=False),
        sa.Column("last_key", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("hold", sa.Integer, nullable=False),
        sa.Column("leased_until", sa.DateTime),
        *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTS),
    )
    op.create_index("run_chunks_of_run", "run_chunks", ["run_id", "done", "id"])
    op.create_table(
        "run_crews",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("engine", sa.String, primary_key=True),
        sa.Column("seen_date", sa.DateTime, nullable=False),
    )
    with op.batch_alter_table("providers") as table:
        table.add_column(sa.Column("rate", sa.JSON, nullable=False, server_default="{}"))
        table.add_column(sa.Column("last_slot_s", sa.Double, nullable=False, server_default="0"))


def drop_chunks() -> None:
    """Runs of the kinds that go through ranges can't go on in the older form."""
    with op.batch_alter_table("providers") as table:
        table.drop_column("last_slot_s")
        table.drop_column("rate")
    op.drop_table("run_crews")
    op.drop_table("run_chunks")
