"""The tables of release 0.1.0, as they were: written out, because those of the engine go on changing."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    make_catalogue()
    make_providers()
    make_subscriptions()
    make_services()
    make_items()
    make_held()
    make_actions()
    make_requests()


def downgrade() -> None:
    """There is nothing before the first release."""
    raise NotImplementedError


def subscription_key(*, primary_key: bool = False) -> "sa.Column[int]":
    """A column that names a subscription."""
    return sa.Column(
        "subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), primary_key=primary_key, nullable=False
    )


def make_catalogue() -> None:
    """What is sold."""
    op.create_table(
        "products",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("classification", sa.String, nullable=False),
        sa.Column("service_type", sa.String, nullable=False),
        sa.Column("composition", sa.String, nullable=False),
        sa.Column("provisioned", sa.Boolean, nullable=False),
        sa.Column("traceable", sa.Boolean, nullable=False),
        sa.Column("tier", sa.Integer),
        sa.Column("components", sa.JSON, nullable=False),
        sa.Column("minimum", sa.Integer, nullable=False),
        sa.Column("maximum", sa.Integer),
    )


def make_providers() -> None:
    """Who is provisioned, and what things are called there."""
    op.create_table(
        "providers",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("protocol", sa.String, nullable=False),
        sa.Column("effective", sa.Boolean, nullable=False),
        sa.Column("description", sa.String, nullable=False),
        sa.Column("connection", sa.JSON, nullable=False),
        sa.Column("retry", sa.JSON, nullable=False),
        sa.Column("breaker", sa.JSON, nullable=False),
        sa.Column("timeouts", sa.JSON, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "distributors",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_table(
        "provider_services",
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), primary_key=True),
        sa.Column("product", sa.String, sa.ForeignKey("products.code"), primary_key=True),
        sa.Column("ca_id", sa.String, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
    )
    op.create_table(
        "provider_hardware",
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), primary_key=True),
        sa.Column("product", sa.String, sa.ForeignKey("products.code"), primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("mandatory", sa.Boolean, nullable=False),
    )


def make_subscriptions() -> None:
    """Who subscribes."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String, nullable=False, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("subscriber", sa.JSON, nullable=False),
    )


def make_services() -> None:
    """To what."""
    op.create_table(
        "services",
        subscription_key(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("product", sa.String, sa.ForeignKey("products.code"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("bundle", sa.Integer),
        sa.Column("replaces", sa.Integer),
        sa.Column("before_swap", sa.String),
        sa.Column("window_start", sa.DateTime),
        sa.Column("window_end", sa.DateTime),
    )
    op.create_table(
        "service_distributors",
        subscription_key(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("distributor", sa.String, sa.ForeignKey("distributors.code"), primary_key=True),
    )


def make_items() -> None:
    """With what."""
    op.create_table(
        "items",
        sa.Column("serial_number", sa.String, primary_key=True),
        subscription_key(),
        sa.Column("product", sa.String, sa.ForeignKey("products.code"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("ca_ids", sa.JSON, nullable=False),
    )
    op.create_index("items_of_subscription", "items", ["subscription_id"])
    op.create_table(
        "item_distributors",
        subscription_key(primary_key=True),
        sa.Column("serial_number", sa.String, primary_key=True),
        sa.Column("distributor", sa.String, sa.ForeignKey("distributors.code"), primary_key=True),
    )


def make_held() -> None:
    """What platforms are believed to hold."""
    op.create_table(
        "held",
        subscription_key(primary_key=True),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("ca_id", sa.String, primary_key=True),
        sa.Column("authorised", sa.Boolean, nullable=False),
        sa.Column("in_doubt", sa.Boolean, nullable=False),
        sa.Column("window_start", sa.DateTime),
        sa.Column("window_end", sa.DateTime),
        sa.Column("since", sa.DateTime),
    )


def make_actions() -> None:
    """What was done."""
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer, primary_key=True),
        subscription_key(),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("order", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("executed_date", sa.DateTime, nullable=False),
    )
    op.create_index("actions_of_subscription", "actions", ["subscription_id"])


def make_requests() -> None:
    """What was and is to be sent."""
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("sequence_number", sa.Integer, nullable=False),
        subscription_key(),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), nullable=False),
        sa.Column("parameters_set", sa.JSON, nullable=False),
        sa.Column("process_name", sa.String, nullable=False),
        sa.Column("process_id", sa.Integer, sa.ForeignKey("actions.id"), nullable=False),
        sa.Column("created_date", sa.DateTime, nullable=False),
        sa.Column("priority", sa.String, nullable=False),
        sa.Column("process_immediately", sa.Boolean, nullable=False),
        sa.Column("scheduled_date", sa.DateTime),
        sa.Column("executed_date", sa.DateTime),
        sa.Column("life_cycle_state", sa.String, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("response", sa.Text, nullable=False),
        sa.Column("reference_number", sa.String, nullable=False),
        sa.Column("error_code", sa.String, nullable=False),
        sa.Column("error_description", sa.Text, nullable=False),
        sa.Column("in_doubt", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("provider", "number"),
    )
    op.create_index("requests_of_subscription", "requests", ["subscription_id", "provider"])
    waiting = sa.text("life_cycle_state = 'PENDING'")
    op.create_index(
        "requests_pending",
        "requests",
        ["subscription_id", "provider"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
