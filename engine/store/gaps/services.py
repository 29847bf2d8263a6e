"""Services that are not held as they should be, or held as they should not be, as the database sees it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import FromClause, Select, Subquery, and_, case, exists, func, literal, select

from engine.domain.rights import Kind
from engine.store import schema
from engine.store.gaps.believed import HELD, lacking, of_kind
from engine.store.gaps.question import KNOWN, SERVICES, WATCHED, Question, within
from engine.store.gaps.wanted import is_on

SAME = ("subscription_id", "place", "ca_id")


def watched(asked: Question) -> Select[Any]:
    """The services that are on and watched on the provider, once for each of its distributors."""
    placed = and_(WATCHED.subscription_id == SERVICES.subscription_id, WATCHED.number == SERVICES.number)
    return (
        select(SERVICES.subscription_id)
        .join_from(schema.services, schema.service_distributors, placed)
        .where(
            *(within(one.subscription_id) for one in (SERVICES, WATCHED)),
            WATCHED.distributor.in_(asked.distributors),
            *is_on(),
        )
    )


def on_account(asked: Question) -> Subquery:
    """The services that should be on the account: the ids of those that the platform knows."""
    known = and_(KNOWN.provider == asked.provider, KNOWN.product == SERVICES.product)
    columns = (literal("").label("place"), KNOWN.ca_id, SERVICES.window_start, SERVICES.window_end)
    return watched(asked).add_columns(*columns).join(schema.provider_services, known).subquery()


def services(asked: Question, rows: FromClause) -> Iterator[Select[Any]]:
    """Subscriptions whose services differ from the rows, which are those that should be held."""

    def same(held: Any) -> list[Any]:
        return [held.place == rows.c.place, held.ca_id == rows.c.ca_id, held.window_start.is_(None)]

    unlimited = [rows.c.window_start.is_(None)] if asked.windows else []
    yield lacking(asked, Kind.SERVICE, rows, same, *unlimited)
    if asked.windows:
        yield limited(asked, rows)
    should = (rows.c[name] == HELD[name] for name in SAME)
    yield select(HELD.subscription_id).where(*of_kind(asked, Kind.SERVICE), ~exists().where(*should))


def limited(asked: Question, rows: FromClause) -> Select[Any]:
    """Subscriptions for which a service that has an end is not held for just its window."""
    whole = windows(rows)
    endless = rows.alias()
    has_end = ~exists().where(*(endless.c[name] == whole.c[name] for name in SAME), endless.c.window_start.is_(None))

    def same(held: Any) -> list[Any]:
        there = [held.place == whole.c.place, held.ca_id == whole.c.ca_id]
        return [*there, held.window_start == whole.c.first_start, held.window_end == whole.c.last_end]

    return lacking(asked, Kind.SERVICE, whole, same, has_end)


def windows(rows: FromClause) -> Subquery:
    """Windows from the first start on, as long as they go without a break between them."""
    bounds = ("window_start", "window_end")
    before = func.max(rows.c.window_end).over(**turn(rows), rows=(None, -1)).label("before")
    columns = [rows.c[name] for name in (*SAME, *bounds)]
    each = select(*columns, before).where(rows.c.window_start.is_not(None)).subquery()
    is_break = case((each.c.window_start > each.c.before, 1), else_=0)
    counted = select(each, func.sum(is_break).over(**turn(each), rows=(None, 0)).label("breaks")).subquery()
    mine = [counted.c[name] for name in SAME]
    first, last = func.min(counted.c.window_start), func.max(counted.c.window_end)
    found = select(*mine, first.label("first_start"), last.label("last_end"))
    return found.where(counted.c.breaks == 0).group_by(*mine).subquery()


def turn(rows: FromClause) -> dict[str, Any]:
    """In which order windows of one service follow each other."""
    return {"partition_by": [rows.c[name] for name in SAME], "order_by": [rows.c.window_start, rows.c.window_end]}
