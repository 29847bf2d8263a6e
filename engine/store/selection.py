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
        first = [TABLE.created_date >= self.created_from] if self.created_from else []
        last = [TABLE.created_date < self.created_to] if self.created_to else []
        return [*first, *last, *([TABLE.type.in_(self.types)] if self.types else [])]


ALL = Selection()
