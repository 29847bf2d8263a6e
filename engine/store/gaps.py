"""The gap of many subscriptions at once, as the database sees it.

It is the gap of `engine.domain.gap`, for platforms that keep services on devices, know no windows, register nothing and
take files. Each function here says in SQL what a function there says in Python; the tests hold the two together. It is
said for a range of subscriptions' keys, since each table has the rows of a range side by side.

Pairs too are read here: a pair is one file, but a run that begins with a million of them would load as many whole
subscriptions, only to find which card goes with which box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from engine.domain.gap import Part
from engine.domain.rights import Kind
from engine.domain.states import ON, ItemState
from engine.store import schema
from engine.store.requests import IS_PENDING, OF_PROVIDER
from engine.store.schema.columns import Moment

ITEMS, PLACED = schema.items.c, schema.item_distributors.c
SERVICES, WATCHED, KNOWN = schema.services.c, schema.service_distributors.c, schema.provider_services.c
HELD, REQUESTS, FILES = schema.held.c, schema.requests.c, schema.files.c
Types = tuple[str, ...]
FIRST, LAST = bindparam("first_key", type_=Integer), bindparam("last_key", type_=Integer)
NOW, RENEWED_BEFORE = bindparam("now", type_=Moment), bindparam("renewed_before", type_=Moment)
# Of a pair, a newer one ends all that have either device.
APART: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.SERVICE: (("subscription_id", "place", "ca_id"),),
    Kind.PAIR: (("subscription_id", "place"), ("subscription_id", "ca_id")),
}


@dataclass(frozen=True)
class Question:
    """What must be known of a provider to see the gap that no table has: equal ones are asked by one statement.

    `seats` and `paired` are products, by role. `gives` and `takes` are the request types that give and take what is of
    a kind. `distributors` are the provider's, in their order.
    """

    provider: str
    distributors: Types = ()
    seats: Types = ()
    paired: Types = ()
    gives: tuple[tuple[Kind, Types], ...] = ()
    takes: tuple[tuple[Kind, Types], ...] = ()


class Span(NamedTuple):
    """For which subscriptions it is asked, and when: what differs from one time to the next."""

    keys: range
    now: datetime
    renewed_before: datetime

    @property
    def said(self) -> dict[str, Any]:
        """The same for a statement."""
        ends = {"first_key": self.keys.start, "last_key": self.keys.stop - 1}
        return {**ends, "now": self.now, "renewed_before": self.renewed_before}


def within(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a row is of one of the subscriptions."""
    return column.between(FIRST, LAST)


def devices(asked: Question) -> CTE:
    """The devices in effect that have a role, with the first of the provider's distributors that each is on."""
    order = {code: position for position, code in enumerate(asked.distributors)} or {"": 0}
    first = (
        select(PLACED.distributor)
        .where(
            PLACED.subscription_id == ITEMS.subscription_id,
            PLACED.serial_number == ITEMS.serial_number,
            PLACED.distributor.in_(asked.distributors),
        )
        .order_by(case(order, value=PLACED.distributor))
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            ITEMS.subscription_id,
            ITEMS.serial_number,
            func.coalesce(ITEMS.ca_ids[asked.provider].as_string(), ITEMS.serial_number).label("place"),
            ITEMS.product.in_(asked.seats).label("is_seat"),
            first.label("distributor"),
        )
        .where(
            within(ITEMS.subscription_id),
            ITEMS.state == ItemState.EFFECTIVE,
            ITEMS.product.in_([*asked.seats, *asked.paired]),
        )
        .cte("devices")
    )


def wanted(asked: Question, device: CTE) -> CTE:
    """The services that should be on each seat."""
    return (
        select(device.c.subscription_id, device.c.place, KNOWN.ca_id, device.c.distributor)
        .distinct()
        .join_from(
            device,
            schema.item_distributors,
            and_(PLACED.subscription_id == device.c.subscription_id, PLACED.serial_number == device.c.serial_number),
        )
        .join(
            schema.service_distributors,
            and_(WATCHED.subscription_id == PLACED.subscription_id, WATCHED.distributor == PLACED.distributor),
        )
        .join(
            schema.services,
            and_(SERVICES.subscription_id == WATCHED.subscription_id, SERVICES.number == WATCHED.number),
        )
        .join(schema.provider_services, and_(KNOWN.provider == asked.provider, KNOWN.product == SERVICES.product))
        .where(
            device.c.is_seat,
            *(within(one.subscription_id) for one in (PLACED, WATCHED, SERVICES)),
            PLACED.distributor.in_(asked.distributors),
            SERVICES.state.in_(sorted(ON)),
            or_(SERVICES.window_end.is_(None), SERVICES.window_end > NOW),
        )
        .cte("wanted")
    )


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


def pairs_wanted(device: CTE, should: CTE, pairs: CTE) -> Subquery:
    """Pairs of each distributor: those that stay together, then of what is left the first with the first, and so on."""
    seat, other = device.alias("seat"), device.alias("other")
    stay = (
        select(seat.c.subscription_id, seat.c.place, other.c.place.label("ca_id"), seat.c.distributor)
        .join_from(seat, pairs, and_(pairs.c.subscription_id == seat.c.subscription_id, pairs.c.place == seat.c.place))
        .join(other, and_(other.c.subscription_id == seat.c.subscription_id, other.c.place == pairs.c.ca_id))
        .where(seat.c.is_seat, ~other.c.is_seat, seat.c.distributor == other.c.distributor)
        .cte("stay")
    )
    others = left_over(other, stay, "ca_id", ~other.c.is_seat).cte("others")
    # Most seats have no device that waits for one, and need no turn.
    waits = and_(*(others.c[name] == seat.c[name] for name in ("subscription_id", "distributor")))
    seats = left_over(seat, stay, "place", seat.c.is_seat, exists().where(waits)).subquery()
    turn = and_(*(seats.c[name] == others.c[name] for name in ("subscription_id", "distributor", "turn")))
    fresh = select(seats.c.subscription_id, seats.c.place, others.c.place, seats.c.distributor).join(others, turn)
    both = union_all(select(stay), fresh).subquery()
    used = and_(should.c.subscription_id == both.c.subscription_id, should.c.place == both.c.place)
    return select(both).where(exists().where(used)).subquery()


def left_over(device: Any, stay: CTE, name: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Devices of no pair that stays together, each with its turn among those of its subscription and distributor."""
    mine = [device.c.subscription_id, device.c.distributor]
    turn = func.row_number().over(partition_by=mine, order_by=device.c.serial_number)
    in_pair = and_(stay.c.subscription_id == device.c.subscription_id, stay.c[name] == device.c.place)
    found = select(*mine, device.c.place, turn.label("turn"))
    return found.where(*conditions, device.c.distributor.is_not(None), ~exists().where(in_pair))


def parts(asked: Question) -> dict[Part, Select[Any]]:
    """Each part of the gap: what it is about, and for which distributor."""
    device = devices(asked)
    should, has, pairs = wanted(asked, device), expected(asked, Kind.SERVICE), expected(asked, Kind.PAIR)
    known = seated(should, has)
    return {
        Part.SERVICES_GONE: without(has, should),
        Part.PAIRS_NEW: without(pairs_wanted(device, should, pairs), pairs, pairs.c.certain),
        Part.SERVICES_DUE: things(known).where(known.c.certain, known.c.since < RENEWED_BEFORE),
        Part.SERVICES_NEW: things(known).where(~known.c.certain),
    }
