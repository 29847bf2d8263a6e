"""Seats, and what is paired with them, which differ from what should be held, as the database sees it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Exists, Select, Subquery, and_, exists, func, or_, select

from engine.domain.rights import Kind
from engine.store import schema
from engine.store.gaps.believed import HELD, believed, certain, lacking, lasting, of_kind
from engine.store.gaps.parts import same
from engine.store.gaps.question import Question, within
from engine.store.gaps.services import services
from engine.store.gaps.wanted import devices, on_seats, pairs_wanted, wanted


def of_seats(asked: Question) -> Iterator[Select[Any]]:
    """Subscriptions that differ, where services sit on devices."""
    yield from services(asked, on_seats(asked, devices(asked).subquery()).subquery())
    yield from registered(asked) if asked.registers else unregistered(asked)


def unregistered(asked: Question) -> Iterator[Select[Any]]:
    """Those that differ in devices, where the platform is not told of these: in pairs that are used, and missing."""
    device, pairs = devices(asked).cte("devices"), believed(asked, Kind.PAIR)
    should = pairs_wanted(device, wanted(asked, device), pairs)
    is_there = and_(same(should, pairs), pairs.c.certain)
    found = select(should.c.subscription_id).join_from(should, pairs, is_there, isouter=True)
    yield found.where(pairs.c.subscription_id.is_(None))
    yield select(HELD.subscription_id).where(*of_kind(asked, Kind.ITEM), HELD.place == "")


def registered(asked: Question) -> Iterator[Select[Any]]:
    """Those that differ in devices, where the platform is told of these.

    A pair that is held stays, if both of it are on one distributor, and neither in another pair. So what should be
    paired and is not is known by two that are in none.
    """
    seat, other = (devices(asked).subquery() for _ in range(2))
    is_seat = and_(seat.c.is_seat, seat.c.distributor.is_not(None))

    def there(held: Any) -> list[Any]:
        return [held.ca_id == seat.c.place, held.place == seat.c.distributor, held.window_start.is_(None)]

    yield lacking(asked, Kind.ITEM, seat, there, is_seat)
    yield with_too_many(asked)
    both = and_(
        seat.c.subscription_id == other.c.subscription_id,
        seat.c.distributor == other.c.distributor,
        seat.c.is_seat,
        ~other.c.is_seat,
    )
    yield torn(asked, other)
    yield in_two_pairs(asked)
    alone = (~in_pair(asked, other, "ca_id"), ~in_pair(asked, seat, "place"))
    yield select(other.c.subscription_id).join_from(other, seat, both).where(*alone)


def with_too_many(asked: Question) -> Select[Any]:
    """Subscriptions with seats that are registered and should not be."""
    seat = devices(asked).subquery()
    mine = and_(seat.c.subscription_id == HELD.subscription_id, seat.c.place == HELD.ca_id, HELD.place != "")
    is_seat = and_(seat.c.is_seat, seat.c.distributor.is_not(None))
    return select(HELD.subscription_id).where(*of_kind(asked, Kind.ITEM), ~exists().where(mine, is_seat))


def torn(asked: Question, other: Subquery) -> Select[Any]:
    """Those with a pair that can't stay: it is in doubt, or the other device is not where its seat is registered.

    Whose seats are not registered just where they are differs already.
    """
    seat = schema.held.alias()
    stays = exists().where(
        *at(asked, seat.c, Kind.ITEM),
        *(one == HELD.subscription_id for one in (seat.c.subscription_id, other.c.subscription_id)),
        seat.c.ca_id == HELD.place,
        seat.c.place == other.c.distributor,
        other.c.place == HELD.ca_id,
        ~other.c.is_seat,
        and_(certain(HELD), HELD.window_start.is_(None)),
    )
    return select(HELD.subscription_id).where(*of_kind(asked, Kind.PAIR), HELD.place != "", ~stays)


def in_pair(asked: Question, device: Subquery, name: str) -> Exists:
    """Whether a device is believed to be in a pair, at the place of this name."""
    held = schema.held.alias()
    mine = held.c.subscription_id == device.c.subscription_id
    return exists().where(mine, held.c[name] == device.c.place, *at(asked, held.c, Kind.PAIR))


def in_two_pairs(asked: Question) -> Select[Any]:
    """Subscriptions with a device that is believed to be in two pairs."""
    one, two = schema.held.alias(), schema.held.alias()
    shared = or_(
        and_(one.c.place == two.c.place, one.c.ca_id < two.c.ca_id),
        and_(one.c.ca_id == two.c.ca_id, one.c.place < two.c.place),
    )
    mine = and_(one.c.subscription_id == two.c.subscription_id, shared, *at(asked, two.c, Kind.PAIR))
    # Said so that SQLite goes by subscriptions.
    here = (within(one.c.subscription_id), func.coalesce(one.c.provider, "") == asked.provider)
    found = select(one.c.subscription_id).join_from(one, two, mine)
    return found.where(*here, one.c.kind == Kind.PAIR, one.c.place != "", *lasting(one.c))


def at(asked: Question, held: Any, kind: Kind) -> list[Any]:
    """Whether it is of this kind, on a device at the provider, and lasts."""
    here = (within(held.subscription_id), held.provider == asked.provider, held.kind == kind, held.place != "")
    return [*here, *lasting(held)]
