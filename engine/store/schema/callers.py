"""Who calls the Web API."""

from sqlalchemy import Column, Integer, String, Table

from engine.store.schema.columns import Moment, metadata

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("hash", String, nullable=False, unique=True),
    Column("created_date", Moment, nullable=False),
    Column("last_used_date", Moment),
    Column("revoked_date", Moment),
)
