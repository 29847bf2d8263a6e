"""The tables."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: stored without an offset, read with one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the dialect is SQLAlchemy's to pass)
        """Drop the offset, which is zero."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say that it is UTC."""
        return value.replace(tzinfo=UTC) if value else None


metadata = MetaData()

# Conditions of partial indexes; a query that uses one says just the same words.
LIVE_SERVICE = "services.state NOT IN ('CANCELLED', 'REGRETTED', 'SWAPPED', 'REMOVED')"
SCHEDULED_ACTION = "actions.state = 'SCHEDULED'"


def only(condition: str) -> dict[str, Any]:
    """What makes an index hold only the rows that meet the condition, on each kind of database."""
    words = text(condition.partition(".")[2])
    return {"sqlite_where": words, "postgresql_where": words}


def subscription_key(*, primary_key: bool = False) -> Column[int]:
    """A column that names a subscription."""
    return Column("subscription_id", Integer, ForeignKey("subscriptions.id"), primary_key=primary_key, nullable=False)


products = Table(
    "products",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("classification", String, nullable=False),
    Column("service_type", String, nullable=False),
    Column("composition", String, nullable=False),
    Column("provisioned", Boolean, nullable=False),
    Column("traceable", Boolean, nullable=False),
    Column("tier", Integer),
    Column("components", JSON, nullable=False),
    Column("minimum", Integer, nullable=False),
    Column("maximum", Integer),
)

providers = Table(
    "providers",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("protocol", String, nullable=False),
    Column("effective", Boolean, nullable=False),
    Column("description", String, nullable=False),
    Column("connection", JSON, nullable=False),
    Column("retry", JSON, nullable=False),
    Column("breaker", JSON, nullable=False),
    Column("timeouts", JSON, nullable=False),
    Column("last_number", Integer, nullable=False, default=0),
)

distributors = Table(
    "distributors",
    metadata,
    Column("code", String, primary_key=True),
    Column("provider", ForeignKey("providers.code"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("allowed_services", JSON(none_as_null=True)),
    Column("restrictions", JSON, nullable=False, server_default="[]"),
    Column("dependencies", JSON, nullable=False, server_default="{}"),
    Column("required_distributor", String, nullable=False, server_default=""),
)

provider_services = Table(
    "provider_services",
    metadata,
    Column("provider", ForeignKey("providers.code"), primary_key=True),
    Column("product", ForeignKey("products.code"), primary_key=True),
    Column("ca_id", String, nullable=False),
    Column("parameters", JSON, nullable=False),
)

provider_hardware = Table(
    "provider_hardware",
    metadata,
    Column("provider", ForeignKey("providers.code"), primary_key=True),
    Column("product", ForeignKey("products.code"), primary_key=True),
    Column("type", String, nullable=False),
    Column("mandatory", Boolean, nullable=False),
)

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

held = Table(
    "held",
    metadata,
    subscription_key(primary_key=True),
    Column("provider", ForeignKey("providers.code"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("ca_id", String, primary_key=True),
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
    subscription_key(),
    Column("provider", ForeignKey("providers.code"), nullable=False),
    Column("parameters_set", JSON, nullable=False),
    Column("process_name", String, nullable=False),
    Column("process_id", ForeignKey("actions.id"), nullable=False),
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
    UniqueConstraint("provider", "number"),
    Index("requests_of_subscription", "subscription_id", "provider"),
    Index("requests_pending", "subscription_id", "provider", **only("requests.life_cycle_state = 'PENDING'")),
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

definitions = Table(
    "definitions",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("description", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("schedule", String, nullable=False),
    Column("effective", Boolean, nullable=False),
    Column("last_due", Moment),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("definition", ForeignKey("definitions.code"), nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_date", Moment, nullable=False),
    Column("start_date", Moment),
    Column("end_date", Moment),
    Column("leased_until", Moment),
    Column("position", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("counts", JSON, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("runs_of_definition", "definition", "id"),
)

run_log = Table(
    "run_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("subscription", String, nullable=False),
    Column("message", Text, nullable=False),
    Column("error", Boolean, nullable=False),
    Index("run_log_of_run", "run_id", "id"),
)
