"""What is believed held now, whatever is under way, as the database sees it; and whose should be, and is not."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, false, func, or_, select

from engine.domain.rights import Kind
from engine.store import schema
from engine.store.gaps.question import NOW, Question, within

Condition = ColumnElement[bool]
HELD = schema.held.c


def of_kind(asked: Question, kind: Kind) -> list[Condition]:
    """Whether it is of this kind, at the provider, and lasts; said so that SQLite goes by subscriptions."""
    here = (within(HELD.subscription_id), func.coalesce(HELD.provider, "") == asked.provider, HELD.kind == kind)
    return [*here, *lasting(HELD)]


def lasting(held: Any) -> list[Condition]:
    """Whether it is held, or in doubt, and its time has not passed."""
    return [
        or_(held.authorised, held.in_doubt),
        or_(held.window_end.is_(None), held.window_end > NOW),
        or_(held.until.is_(None), held.until > NOW),
    ]


def certain(held: Any) -> Condition:
    """Whether it is held beyond doubt, and its time is now."""
    ahead = and_(held.until.is_not(None), func.coalesce(held.since > NOW, false()))
    return and_(held.authorised, ~held.in_doubt, *lasting(held)[1:], ~ahead)


def believed(asked: Question, kind: Kind) -> CTE:
    """What lasts of a kind on devices, each with whether it is certain, for no window."""
    is_certain = and_(certain(HELD), HELD.window_start.is_(None)).label("certain")
    columns = (HELD.subscription_id, HELD.place, HELD.ca_id, is_certain)
    return select(*columns).where(*of_kind(asked, kind), HELD.place != "").cte(f"believed_{kind}")


def lacking(
    asked: Question, kind: Kind, rows: FromClause, same: Callable[[Any], Iterable[Condition]], *conditions: Condition
) -> Select[Any]:
    """Subscriptions of rows for which nothing of a kind is certain that is the same."""
    held = schema.held.alias()
    of_row = (
        held.c.subscription_id == rows.c.subscription_id,
        within(held.c.subscription_id),
        held.c.provider == asked.provider,
        held.c.kind == kind,
        *same(held.c),
        certain(held.c),
    )
    found = select(rows.c.subscription_id).join_from(rows, held, and_(*of_row), isouter=True)
    return found.where(held.c.subscription_id.is_(None), *conditions)
