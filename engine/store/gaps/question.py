"""What is asked of the gap: at which provider, for which subscriptions, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam

from engine.domain.rights import Kind
from engine.store import schema
from engine.store.schema.columns import Moment

ITEMS, PLACED = schema.items.c, schema.item_distributors.c
SERVICES, WATCHED, KNOWN = schema.services.c, schema.service_distributors.c, schema.provider_services.c
Types = tuple[str, ...]
FIRST, LAST = bindparam("first_key", type_=Integer), bindparam("last_key", type_=Integer)
NOW, RENEWED_BEFORE = bindparam("now", type_=Moment), bindparam("renewed_before", type_=Moment)


@dataclass(frozen=True)
class Question:
    """What must be known of a provider to see the gap that no table has: equal ones are asked by one statement.

    `seats` and `paired` are products, by role. `gives` and `takes` are the request types that give and take what is of
    a kind, `changing` all that change what is held. `distributors` are the provider's, in their order. The rest is how
    its platform keeps what subscriptions have, as `Keeping` says it; `on_accounts`: not on devices.
    """

    provider: str
    distributors: Types = ()
    seats: Types = ()
    paired: Types = ()
    gives: tuple[tuple[Kind, Types], ...] = ()
    takes: tuple[tuple[Kind, Types], ...] = ()
    changing: Types = ()
    on_accounts: bool = False
    account_ends: bool = False
    windows: bool = False
    registers: bool = False


class Span(NamedTuple):
    """For which subscriptions it is asked, and when: what differs from one time to the next."""

    keys: range
    now: datetime
    renewed_before: datetime | None = None

    @property
    def said(self) -> dict[str, Any]:
        """The same for a statement."""
        ends = {"first_key": self.keys.start, "last_key": self.keys.stop - 1}
        return {**ends, "now": self.now, "renewed_before": self.renewed_before}


def within(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a row is of one of the subscriptions."""
    return column.between(FIRST, LAST)
