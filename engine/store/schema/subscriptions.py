"""Subscriptions, by what their owners are known, and the numbers that engines give."""

from sqlalchemy import DDL, JSON, Column, Date, ForeignKey, Index, Integer, String, Table, event

from engine.store.schema.columns import LIVE_SERVICE, Moment, metadata, only, subscription_key

counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("last", Integer, nullable=False),
)
FIRST_COUNTER = DDL("INSERT INTO counters (name, last) VALUES ('subscriptions', 0)")  # type: ignore[no-untyped-call]
event.listen(counters, "after_create", FIRST_COUNTER)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("until", Date),
    Column("subscriber", JSON, nullable=False),
    Column("customer_number", String, nullable=False, server_default=""),
    Column("type", String, nullable=False, server_default=""),
    Column("created_date", Moment),
    Index("subscriptions_of_customer", "customer_number"),
    Index("subscriptions_until", "until", "id"),
)

services = Table(
    "services",
    metadata,
    subscription_key(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("product", ForeignKey("products.code"), nullable=False),
    Column("state", String, nullable=False),
    Column("bundle", Integer),
    Column("replaces", Integer),
    Column("before_swap", String),
    Column("window_start", Moment),
    Column("window_end", Moment),
    Index("services_ending", "window_end", "subscription_id", **only(LIVE_SERVICE)),
)

service_distributors = Table(
    "service_distributors",
    metadata,
    subscription_key(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("distributor", ForeignKey("distributors.code"), primary_key=True),
)

items = Table(
    "items",
    metadata,
    Column("serial_number", String, primary_key=True),
    subscription_key(),
    Column("product", ForeignKey("products.code"), nullable=False),
    Column("state", String, nullable=False),
    Column("ca_ids", JSON, nullable=False),
    Index("items_of_subscription", "subscription_id"),
)

item_distributors = Table(
    "item_distributors",
    metadata,
    subscription_key(primary_key=True),
    Column("serial_number", String, primary_key=True),
    Column("distributor", ForeignKey("distributors.code"), primary_key=True),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    subscription_key(),
    Column("authentication_code_hash", String, unique=True),
    Column("identifier", String, unique=True),
    Column("pass_code_salt", String, nullable=False, default=""),
    Column("pass_code_hash", String, nullable=False, default=""),
    Index("access_tokens_of_subscription", "subscription_id"),
)
