"""The gap between what a platform should hold for a subscription and what it is believed to hold.

Every request comes out of this gap: activation, swap, upgrade and reset are one path.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from engine.domain.rights import Held, Kind, Seat, Wanted
from engine.domain.subscription import Subscription, Window


class Part(StrEnum):
    """A part of the gap that can be asked of all subscriptions at once: things on devices."""

    SERVICES_GONE = "services gone"
    SERVICES_NEW = "services new"
    SERVICES_DUE = "services due"
    PAIRS_NEW = "pairs new"


@dataclass(frozen=True)
class Gap:
    """What must happen at the platform, for a subscription: ids sorted, so that equal gaps are equal requests.

    Of seats: those that are to go; those that are to come, with their distributors; pairs (seat, paired) and services
    by seat. `seated_due` are services that are held as they should be, and are to be renewed; `distributors` those of
    the seats; `given_for` those for which what is to go was given, by seat and id. These three separate nothing.
    """

    subscription: Subscription
    account_missing: bool = False
    account_gone: bool = False
    items_gone: tuple[str, ...] = ()
    items_new: Mapping[str, str] = field(default_factory=dict)
    services_gone: tuple[str, ...] = ()
    services_new: Mapping[str, Window | None] = field(default_factory=dict)
    seats_gone: tuple[str, ...] = ()
    seats_new: Mapping[str, str] = field(default_factory=dict)
    pairs_gone: tuple[tuple[str, str], ...] = ()
    pairs_new: tuple[tuple[str, str], ...] = ()
    seated_gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seated_new: Mapping[str, Mapping[str, Window | None]] = field(default_factory=dict)
    seated_due: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    distributors: Mapping[str, str] = field(default_factory=dict, compare=False)
    given_for: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether the platform is believed to hold just what it should."""
        return self == Gap(self.subscription)


def gap(
    subscription: Subscription, should: Wanted, held: Iterable[Held], renewed_before: datetime | None = None
) -> Gap:
    """What separates what should be held from what is; what was authorised before a moment is to be renewed."""
    held = list(held)
    services, items = by_id(held, Kind.SERVICE), by_id(held, Kind.ITEM)
    account = by_id(held, Kind.ACCOUNT)
    return replace(
        seats_gap(subscription, should, [right for right in held if right.place], renewed_before),
        account_missing=is_missing(should, account.values()),
        account_gone=should.no_account and bool(account),
        items_gone=tuple(sorted(items.keys() - should.items.keys())),
        items_new={ca_id: should.items[ca_id] for ca_id in sorted(should.items) if not is_held(items.get(ca_id), None)},
        services_gone=tuple(sorted(services.keys() - should.services.keys())),
        services_new=not_held(should.services, services),
    )


def is_missing(should: Wanted, accounts: Iterable[Held]) -> bool:
    """Whether an account is to be asked for: one that is wanted, or one that must go and whose id is not known."""
    known = [right for right in accounts if right.certain]
    nameless = any(not right.ca_id for right in accounts)
    return (should.account and not known) or (should.no_account and nameless)


def seats_gap(subscription: Subscription, should: Wanted, held: list[Held], renewed_before: datetime | None) -> Gap:
    """The part of the gap that is about seats."""
    seats = should.seats
    known = {right.ca_id: right for right in held if right.kind is Kind.ITEM}
    pairs = {(right.place, right.ca_id): right for right in held if right.kind is Kind.PAIR}
    should_pair = {(ca_id, seat.paired) for ca_id, seat in seats.items() if seat.paired}
    on_seats = {ca_id: by_id(held, Kind.SERVICE, ca_id) for ca_id in {*seats, *(right.place for right in held)}}
    gone = {ca_id: tuple(sorted(on_seats[ca_id].keys() - services_of(seats, ca_id).keys())) for ca_id in on_seats}
    new = {ca_id: not_held(seat.services, on_seats[ca_id]) for ca_id, seat in sorted(seats.items())}
    due = {
        ca_id: tuple(one for one in sorted(seat.services) if is_due(on_seats[ca_id].get(one), renewed_before))
        for ca_id, seat in sorted(seats.items())
    }
    return Gap(
        subscription=subscription,
        seats_gone=tuple(sorted(known.keys() - seats.keys())) if should.registers else (),
        seats_new={
            ca_id: seat.distributor
            for ca_id, seat in sorted(seats.items())
            if should.registers and not (is_held(known.get(ca_id), None) and known[ca_id].place == seat.distributor)
        },
        pairs_gone=tuple(sorted(pairs.keys() - should_pair)) if should.registers else (),
        pairs_new=tuple(sorted(pair for pair in should_pair if not is_held(pairs.get(pair), None))),
        seated_gone={ca_id: gone[ca_id] for ca_id in sorted(gone) if gone[ca_id]},
        seated_new={ca_id: services for ca_id, services in new.items() if services},
        seated_due={ca_id: services for ca_id, services in due.items() if services},
        distributors={ca_id: seat.distributor for ca_id, seat in seats.items()},
        given_for={(ca_id, one): on_seats[ca_id][one].distributor for ca_id in gone for one in gone[ca_id]},
    )


def by_id(held: Iterable[Held], kind: Kind, place: str = "") -> dict[str, Held]:
    """What is held of a kind in one place, by its id."""
    return {right.ca_id: right for right in held if right.kind is kind and right.place == place}


def services_of(seats: Mapping[str, Seat], ca_id: str) -> Mapping[str, Window | None]:
    """What should be held on a device."""
    return seats[ca_id].services if ca_id in seats else {}


def not_held(should: Mapping[str, Window | None], services: Mapping[str, Held]) -> dict[str, Window | None]:
    """The services that should be held, and are not, or not for just their windows."""
    return {ca_id: should[ca_id] for ca_id in sorted(should) if not is_held(services.get(ca_id), should[ca_id])}


def is_due(right: Held | None, renewed_before: datetime | None) -> bool:
    """Whether the platform holds it since so long that it is to be renewed."""
    if renewed_before is None or right is None or right.since is None:
        return False
    return right.certain and right.since < renewed_before


def is_held(right: Held | None, window: Window | None) -> bool:
    """Whether the platform holds this beyond doubt, for just this window."""
    return right is not None and right.certain and right.window == window
