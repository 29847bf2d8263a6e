"""What was done to subscriptions, what was sent for it, and what platforms are believed to hold."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from engine.store.schema.columns import SCHEDULED_ACTION, Moment, metadata, only, subscription_key

held = Table(
    "held",
    metadata,
    subscription_key(primary_key=True),
    Column("provider", ForeignKey("providers.code"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("ca_id", String, primary_key=True),
    Column("place", String, primary_key=True),
    Column("authorised", Boolean, nullable=False),
    Column("in_doubt", Boolean, nullable=False),
    Column("window_start", Moment),
    Column("window_end", Moment),
    Column("since", Moment),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    subscription_key(),
    Column("code", String, nullable=False),
    Column("details", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("created_date", Moment),
    Column("scheduled_date", Moment),
    Column("executed_date", Moment),
    Column("service", Integer),
    Column("swap_class", String),
    Column("reason", Text, nullable=False, server_default=""),
    Index("actions_of_subscription", "subscription_id"),
    Index("actions_scheduled", "scheduled_date", "subscription_id", **only(SCHEDULED_ACTION)),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("type", String, nullable=False),
    Column("sequence_number", Integer, nullable=False),
    Column("subscription_id", Integer, ForeignKey("subscriptions.id")),  # none: for all of them
    Column("provider", ForeignKey("providers.code"), nullable=False),
    Column("parameters_set", JSON, nullable=False),
    Column("process_name", String, nullable=False),
    Column("process_id", Integer, nullable=False),  # of an action, a run or a utility
    Column("created_date", Moment, nullable=False),
    Column("priority", String, nullable=False),
    Column("process_immediately", Boolean, nullable=False),
    Column("scheduled_date", Moment),
    Column("executed_date", Moment),
    Column("life_cycle_state", String, nullable=False),
    Column("request", Text, nullable=False, default=""),
    Column("response", Text, nullable=False, default=""),
    Column("reference_number", String, nullable=False, default=""),
    Column("error_code", String, nullable=False, default=""),
    Column("error_description", Text, nullable=False, default=""),
    Column("in_doubt", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("begun", Boolean, nullable=False, default=False),
    Column("answer", JSON(none_as_null=True)),
    Column("communication_entry", Integer, ForeignKey("communication_queue.id")),
    UniqueConstraint("provider", "number"),
    Index("requests_of_subscription", "subscription_id", "provider"),
    Index("requests_of_process", "process_id"),
    Index("requests_of_entry", "communication_entry"),
    Index("requests_pending", "subscription_id", "provider", **only("requests.life_cycle_state = 'PENDING'")),
)
