"""Seats, and what is paired with them, which differ from what should be held, as the database sees it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, Select, and_, exists, func, select

from engine.domain.rights import Kind
from engine.store.gaps.believed import HELD, believed, lacking, of_kind
from engine.store.gaps.parts import same
from engine.store.gaps.question import Question
from engine.store.gaps.services import services
from engine.store.gaps.wanted import devices, on_seats, pairs_wanted, wanted


def of_seats(asked: Question) -> Iterator[Select[Any]]:
    """Subscriptions that differ, where services sit on devices."""
    device = devices(asked).cte("devices")
    yield from services(asked, on_seats(asked, device).subquery())
    is_wanted = registered(device) if asked.registers else HELD.place != ""
    yield select(HELD.subscription_id).where(*of_kind(asked, Kind.ITEM), ~is_wanted)
    pairs = believed(asked, Kind.PAIR)
    if not asked.registers:
        yield from missing(pairs_wanted(device, pairs, wanted(asked, device)), pairs)
        return
    yield unregistered(asked, device)
    should = pairs_wanted(device, pairs)
    yield from missing(should, pairs)
    yield (
        select(pairs.c.subscription_id)
        .join_from(pairs, should, same(pairs, should), isouter=True)
        .where(should.c.subscription_id.is_(None))
    )
    for name in ("place", "ca_id"):
        of_device = (pairs.c.subscription_id, pairs.c[name])
        yield select(pairs.c.subscription_id).group_by(*of_device).having(func.count() > 1)


def registered(device: CTE) -> Any:
    """Whether what is held is a device that should be registered."""
    mine = and_(device.c.subscription_id == HELD.subscription_id, device.c.place == HELD.ca_id, HELD.place != "")
    return exists().where(mine, device.c.is_seat, device.c.distributor.is_not(None))


def unregistered(asked: Question, device: CTE) -> Select[Any]:
    """Subscriptions that have a seat which is not registered on its distributor."""

    def there(held: Any) -> list[Any]:
        return [held.ca_id == device.c.place, held.place == device.c.distributor, held.window_start.is_(None)]

    return lacking(asked, Kind.ITEM, device, there, device.c.is_seat, device.c.distributor.is_not(None))


def missing(should: Any, pairs: CTE) -> Iterator[Select[Any]]:
    """Subscriptions that have two devices which are to be paired, and are not."""
    found = select(should.c.subscription_id)
    certain = and_(same(should, pairs), pairs.c.certain)
    yield found.join_from(should, pairs, certain, isouter=True).where(pairs.c.subscription_id.is_(None))
