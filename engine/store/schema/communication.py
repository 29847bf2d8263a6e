"""What is to be told to subscribers."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.store.schema.columns import PENDING_ENTRY, Moment, metadata, only, subscription_key

communication_queue = Table(
    "communication_queue",
    metadata,
    Column("id", Integer, primary_key=True),
    subscription_key(),
    Column("text", Text, nullable=False),
    Column("external_system", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("created_date", Moment, nullable=False),
    Column("executed_date", Moment),
    Index("communication_of_subscription", "subscription_id"),
    Index("communication_pending", "external_system", "id", **only(PENDING_ENTRY)),
)
