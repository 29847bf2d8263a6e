"""What audits have found."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from engine.store.schema.columns import Moment, metadata, subscription_key

audit_differences = Table(
    "audit_differences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("process_name", String, nullable=False),
    Column("process_id", Integer, nullable=False),  # of a run, or of an audit of one subscription
    subscription_key(),
    Column("provider", ForeignKey("providers.code"), nullable=False),
    Column("found_date", Moment, nullable=False),
    Column("difference", String, nullable=False),
    Column("thing", String, nullable=False),
    Column("believed", Text, nullable=False),
    Column("found", Text, nullable=False),
    Index("audit_differences_of_process", "process_id", "process_name", "id"),
    Index("audit_differences_of_subscription", "subscription_id", "id"),
)
