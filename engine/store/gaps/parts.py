"""The parts of the gap by which a run asks for what is missing, at platforms that take files."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, false, func, select

from engine.domain.gap import Part
from engine.domain.rights import Kind
from engine.store.gaps.expected import expected
from engine.store.gaps.question import RENEWED_BEFORE, Question
from engine.store.gaps.wanted import devices, pairs_wanted, wanted


def same(one: CTE | Subquery, other: CTE | Subquery) -> ColumnElement[bool]:
    """Whether two rows are about one thing."""
    return and_(*(one.c[name] == other.c[name] for name in ("subscription_id", "place", "ca_id")))


def things(rows: CTE | Subquery) -> Select[Any]:
    """What these rows are about, and for which distributor."""
    return select(*(rows.c[name] for name in ("subscription_id", "place", "ca_id", "distributor")))


def without(rows: CTE | Subquery, others: CTE | Subquery, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Those that are not among the others which meet the conditions."""
    found = things(rows).join(others, and_(same(rows, others), *conditions), isouter=True)
    return found.where(others.c.subscription_id.is_(None))


def seated(should: CTE, has: CTE) -> CTE:
    """The services that should be on each seat, each with what is expected of it."""
    certain = func.coalesce(has.c.certain, false()).label("certain")
    found = things(should).add_columns(certain, has.c.since)
    return found.join(has, same(should, has), isouter=True).cte("seated")


def parts(asked: Question) -> dict[Part, Select[Any]]:
    """Each part of the gap: what it is about, and for which distributor."""
    device = devices(asked).cte("devices")
    should, has, pairs = wanted(asked, device), expected(asked, Kind.SERVICE), expected(asked, Kind.PAIR)
    known = seated(should, has)
    return {
        Part.SERVICES_GONE: without(has, should),
        Part.PAIRS_NEW: without(pairs_wanted(device, should, pairs), pairs, pairs.c.certain),
        Part.SERVICES_DUE: things(known).where(known.c.certain, known.c.since < RENEWED_BEFORE),
        Part.SERVICES_NEW: things(known).where(~known.c.certain),
    }
