"""What release 0.2.0 adds to say since when subscriptions have been out of sync."""

import sqlalchemy as sa
from alembic import op


def make_out_of_sync() -> None:
    """Notes by subscription and provider; of what differs already it is not known since when."""
    op.create_table(
        "out_of_sync",
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), primary_key=True),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("settled_by", sa.Integer),
    )


def drop_out_of_sync() -> None:
    """What differs goes on differing; since when is lost."""
    op.drop_table("out_of_sync")
