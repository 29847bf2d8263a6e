"""What should be held, as the database sees it: services, and devices with what goes with them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Exists,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    null,
    or_,
    select,
    union_all,
)

from engine.domain.states import ON, ItemState
from engine.store import schema
from engine.store.gaps.question import ITEMS, KNOWN, NOW, PLACED, SERVICES, WATCHED, Question, within


def devices(asked: Question) -> Select[Any]:
    """The devices in effect that have a role, with the first of the provider's distributors that each is on."""
    return select(
        ITEMS.subscription_id,
        ITEMS.serial_number,
        id_at(asked).label("place"),
        ITEMS.product.in_(asked.seats).label("is_seat"),
        first_of(asked).label("distributor"),
    ).where(
        within(ITEMS.subscription_id),
        ITEMS.state == ItemState.EFFECTIVE,
        ITEMS.product.in_([*asked.seats, *asked.paired]),
    )


def first_of(asked: Question) -> ColumnElement[Any]:
    """The first of the provider's distributors that a device is on, if it is on one: most are on the first."""
    if not asked.distributors:
        return null()
    return case(*((is_placed([code]), code) for code in asked.distributors))


def is_placed(distributors: Sequence[str]) -> Exists:
    """Whether a device is on one of these."""
    return exists().where(
        PLACED.subscription_id == ITEMS.subscription_id,
        PLACED.serial_number == ITEMS.serial_number,
        within(PLACED.subscription_id),
        PLACED.distributor.in_(distributors),
    )


def id_at(asked: Question) -> ColumnElement[Any]:
    """By what the provider's platform knows a device."""
    return func.coalesce(ITEMS.ca_ids[asked.provider].as_string(), ITEMS.serial_number)


def wanted(asked: Question, device: CTE) -> CTE:
    """The services that should be on each seat."""
    rows = on_seats(asked, device).subquery()
    columns = (rows.c.subscription_id, rows.c.place, rows.c.ca_id, rows.c.distributor)
    return select(*columns).distinct().cte("wanted")


def on_seats(asked: Question, device: CTE | Subquery) -> Select[Any]:
    """The services that should be on each seat, with their windows; once for each way that leads there."""
    return (
        select(
            device.c.subscription_id,
            device.c.place,
            KNOWN.ca_id,
            device.c.distributor,
            SERVICES.window_start,
            SERVICES.window_end,
        )
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
            *is_on(),
        )
    )


def is_on() -> tuple[ColumnElement[bool], ...]:
    """Whether a service has a signal, and its time has not passed."""
    return SERVICES.state.in_(sorted(ON)), or_(SERVICES.window_end.is_(None), SERVICES.window_end > NOW)


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
