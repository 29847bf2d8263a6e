"""Runs and what they did."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from engine.store.schema.columns import Moment, metadata

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
