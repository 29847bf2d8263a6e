"""Which subscriptions are meant, where not all of them are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from engine.store import schema

TABLE = schema.subscriptions.c


@dataclass(frozen=True)
class Selection:
    """Subscriptions that were made from a moment on, and before another; of one of these types. Nothing said: all."""

    created_from: datetime | None = None
    created_to: datetime | None = None
    types: tuple[str, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """What this asks of subscriptions."""
        asked = (
            (self.created_from is not None, TABLE.created_date >= self.created_from),
            (self.created_to is not None, TABLE.created_date < self.created_to),
            (bool(self.types), TABLE.type.in_(self.types)),
        )
        return [condition for is_said, condition in asked if is_said]


ALL = Selection()
