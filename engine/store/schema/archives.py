"""Archive files, what they took, and who may make and delete them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from engine.store.schema.columns import Moment, metadata

archives = Table(
    "archives",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("contents", String, nullable=False),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("made_date", Moment, nullable=False),
    Column("records", Integer, nullable=False, default=0),
    Column("first_date", Moment),
    Column("last_date", Moment),
    Column("size", BigInteger, nullable=False, default=0),
    Column("sha256", String, nullable=False, default=""),
)

archived_logs = Table(
    "archived_logs",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True),
    Column("archive", String, primary_key=True),  # by its name, which outlives its record
    Column("moved_date", Moment, nullable=False),
    Column("lines", Integer, nullable=False),
)

archive_password = Table(
    "archive_password",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: there is one
    Column("salt", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("not_before", Moment),
)
