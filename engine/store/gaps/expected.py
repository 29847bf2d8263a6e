"""What is held when all that is under way has succeeded, as the database sees it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, Select, and_, false, func, literal, or_, select, union_all

from engine.domain.rights import Kind
from engine.store import schema
from engine.store.gaps.question import NOW, Question, within
from engine.store.requests import IS_PENDING, OF_PROVIDER

HELD, REQUESTS, FILES = schema.held.c, schema.requests.c, schema.files.c
# Of a pair, a newer one ends all that have either device.
APART: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.SERVICE: (("subscription_id", "place", "ca_id"),),
    Kind.PAIR: (("subscription_id", "place"), ("subscription_id", "ca_id")),
}


def known(asked: Question, kind: Kind) -> Select[Any]:
    """What is believed to be held of a kind, as number 0."""
    return select(
        HELD.subscription_id,
        HELD.place,
        HELD.ca_id,
        HELD.distributor,
        literal(0).label("number"),
        HELD.authorised,
        HELD.in_doubt,
        HELD.since,
        HELD.until,
    ).where(within(HELD.subscription_id), func.coalesce(HELD.provider, "") == asked.provider, HELD.kind == kind)


def pending(asked: Question, kind: Kind) -> Select[Any]:
    """What is under way of a kind, as what it comes to, by its number."""
    gives, takes = dict(asked.gives).get(kind, ()), dict(asked.takes).get(kind, ())
    return (
        select(
            REQUESTS.subscription_id,
            REQUESTS.place,
            REQUESTS.ca_id,
            REQUESTS.distributor,
            REQUESTS.number,
            REQUESTS.type.in_(gives),
            false(),
            FILES.period_start,
            FILES.period_end,
        )
        .join_from(schema.requests, schema.files, REQUESTS.file_id == FILES.id, isouter=True)
        .where(
            within(REQUESTS.subscription_id),
            literal(asked.provider) == OF_PROVIDER,
            IS_PENDING,
            REQUESTS.type.in_([*gives, *takes]),
        )
    )


def expected(asked: Question, kind: Kind) -> CTE:
    """What is held of a kind, and lasts, when all that is under way has succeeded: the newest says what is so."""
    both = union_all(known(asked, kind), pending(asked, kind)).subquery()
    newest = [func.max(both.c.number).over(partition_by=[both.c[name] for name in names]) for names in APART[kind]]
    ranked = select(both, *(one.label(f"newest_{place}") for place, one in enumerate(newest))).subquery()
    ahead = and_(ranked.c.until.is_not(None), func.coalesce(ranked.c.since > NOW, false()))
    return (
        select(*(ranked.c[name] for name in ("subscription_id", "place", "ca_id", "distributor", "since")))
        .add_columns(and_(ranked.c.authorised, ~ranked.c.in_doubt, ~ahead).label("certain"))
        .where(
            *(ranked.c.number == ranked.c[f"newest_{place}"] for place in range(len(newest))),
            or_(ranked.c.authorised, ranked.c.in_doubt),
            or_(ranked.c.until.is_(None), ranked.c.until > NOW),
        )
        .cte(f"expected_{kind}")
    )
