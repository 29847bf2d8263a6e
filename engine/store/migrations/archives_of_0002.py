"""What release 0.2.0 adds for archives."""

import sqlalchemy as sa
from alembic import op

# The opposite order of making.
TABLES = ("archive_password", "archived_logs", "archives")


def make_archives() -> None:
    """Archive files, what they took, and who may make and delete them."""
    op.create_table(
        "archives",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("contents", sa.String, nullable=False),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("made_date", sa.DateTime, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("first_date", sa.DateTime),
        sa.Column("last_date", sa.DateTime),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
    )
    op.create_table(
        "archived_logs",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("archive", sa.String, primary_key=True),
        sa.Column("moved_date", sa.DateTime, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
    )
    op.create_table(
        "archive_password",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("not_before", sa.DateTime),
    )


def drop_archives() -> None:
    """What was archived is in its files alone then: the older form knows of none."""
    for name in TABLES:
        op.drop_table(name)
