"""Runs and what they did."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from engine.store.schema.columns import Moment, metadata

COUNTS = ("examined", "changed", "requests", "rejected", "errors")

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
    Column("hold", Integer, nullable=False, default=0),
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

run_chunks = Table(
    "run_chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("provider", String, nullable=False),
    Column("ahead", Boolean, nullable=False, default=False),  # before all others at the provider
    Column("first_key", Integer, nullable=False),
    Column("last_key", Integer, nullable=False),
    Column("position", Integer, nullable=False),  # the last key that is done
    Column("begun", Integer, nullable=False),  # the last key of the batch that is in hand, or was
    Column("done", Boolean, nullable=False, default=False),
    Column("holder", String, nullable=False, default=""),
    Column("hold", Integer, nullable=False, default=0),
    Column("leased_until", Moment),
    *(Column(name, Integer, nullable=False, default=0) for name in COUNTS),
    Index("run_chunks_of_run", "run_id", "done", "id"),
)

run_crews = Table(
    "run_crews",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("engine", String, primary_key=True),
    Column("seen_date", Moment, nullable=False),
)
