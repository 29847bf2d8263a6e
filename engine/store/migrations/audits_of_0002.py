"""What release 0.2.0 adds to keep what audits have found."""

import sqlalchemy as sa
from alembic import op


def make_audits() -> None:
    """Differences between what was believed and what platforms said, by what asked for them."""
    op.create_table(
        "audit_differences",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("process_name", sa.String, nullable=False),
        sa.Column("process_id", sa.Integer, nullable=False),
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), nullable=False),
        sa.Column("found_date", sa.DateTime, nullable=False),
        sa.Column("difference", sa.String, nullable=False),
        sa.Column("thing", sa.String, nullable=False),
        sa.Column("believed", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
    )
    op.create_index("audit_differences_of_process", "audit_differences", ["process_id", "process_name", "id"])
    op.create_index("audit_differences_of_subscription", "audit_differences", ["subscription_id", "id"])


def drop_audits() -> None:
    """What was found is lost; it was believed at once."""
    op.drop_table("audit_differences")
