"""What tables are made of."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, ForeignKey, Integer, MetaData, TypeDecorator, text


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
PENDING_ENTRY = "communication_queue.state = 'PENDING'"
UNFILED_REQUEST = "requests.life_cycle_state = 'PENDING' AND file_id IS NULL AND place IS NOT NULL"
REQUEST_AGAIN = f"{UNFILED_REQUEST} AND attempts > 0"
HELD_PAIR = "held.kind = 'pair'"
HELD_ITEM = "held.kind = 'item'"
OPEN_FILE = "files.cleared = false"


def only(condition: str) -> dict[str, Any]:
    """What makes an index hold only the rows that meet the condition, on each kind of database."""
    words = text(condition.partition(".")[2])
    return {"sqlite_where": words, "postgresql_where": words}


def subscription_key(*, primary_key: bool = False) -> Column[int]:
    """A column that names a subscription."""
    return Column("subscription_id", Integer, ForeignKey("subscriptions.id"), primary_key=primary_key, nullable=False)
