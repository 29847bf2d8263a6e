"""What is sold and to whom it is sent, and what is run."""

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Integer, String, Table

from engine.store.schema.columns import Moment, metadata

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
    Column("operations", JSON, nullable=False, server_default="{}"),
    Column("last_transaction", Integer, nullable=False, server_default="0"),
    Column("rate", JSON, nullable=False, server_default="{}"),
    Column("last_slot_s", Double, nullable=False, server_default="0"),  # up to when its rate is used up, in seconds
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
    Column("role", String),
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
