"""What a platform should hold for a subscription, and what it is believed to hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from engine.domain.keeping import ON_ACCOUNTS, Keeping, Role
from engine.domain.provider import Provider
from engine.domain.states import FINAL, ON, ItemState
from engine.domain.subscription import InstalledItem, Service, Subscription, Window


class Kind(StrEnum):
    """What a right is to: the account itself, a service, a device, or the pairing of a device with a seat."""

    ACCOUNT = "account"
    SERVICE = "service"
    ITEM = "item"
    PAIR = "pair"


@dataclass(frozen=True)
class Seat:
    """A device on which services sit, on the first of its distributors; and the device that is paired with it."""

    distributor: str
    paired: str = ""
    services: Mapping[str, Window | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What the platform should hold: services (with the windows of usage services) and items, by CA ID.

    `items` gives each device's kind in the platform's words. Where services sit on devices, `seats` has all there is.
    `no_account`: an account that is left must go. `registers`: whether the platform is told of seats, and of pairs that
    are to end.
    """

    account: bool = False
    services: Mapping[str, Window | None] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, Seat] = field(default_factory=dict)
    no_account: bool = False
    registers: bool = True

    @property
    def all_services(self) -> set[str]:
        """The services, wherever they are."""
        return set(self.services).union(*(seat.services for seat in self.seats.values()))

    @property
    def all_items(self) -> set[str]:
        """The devices, those that are paired too."""
        return {*self.items, *self.seats, *(seat.paired for seat in self.seats.values() if seat.paired)}


@dataclass(frozen=True)
class Held:
    """One thing that the platform is believed to hold, by its id there, or that is in doubt.

    `place` is the seat of a service or of what is paired with it, and the distributor of a seat; nothing, where the
    platform keeps accounts. `authorised` changes only when the platform has said yes. `in_doubt`: a request about it
    may have been carried out or not, so that it must be asked for again if it is wanted, and taken away again if it is
    not.

    Where what is given ends by itself, `until` says when, and `distributor` for which one it was given; what was taken
    away leaves a trace there, with the `cancel_end` that was said. `awaiting` is the name of the file with which it was
    asked for: this is so if the platform, which has not answered yet, does not refuse it. `ahead`: its time is still to
    come, so that what is wanted now is asked for all the same.
    """

    kind: Kind
    ca_id: str
    authorised: bool = True
    in_doubt: bool = False
    window: Window | None = None
    since: datetime | None = None
    place: str = ""
    distributor: str = ""
    until: datetime | None = None
    cancel_end: datetime | None = None
    awaiting: str = ""
    ahead: bool = False

    @property
    def certain(self) -> bool:
        """Whether the platform holds it beyond doubt, and now."""
        return self.authorised and not self.in_doubt and not self.ahead


def wanted(
    subscription: Subscription,
    provider: Provider,
    now: datetime,
    keeping: Keeping = ON_ACCOUNTS,
    held: Iterable[Held] = (),
) -> Wanted:
    """What the provider's platform, which keeps things so, should hold for the subscription now.

    Of what it holds, only the pairs matter: what belongs together stays together.
    """
    watched = [one for one in subscription.services if is_on(one, provider) and not is_over(one.window, now)]
    installed = [item for item in subscription.items if is_installed(item, provider)]
    if keeping.roles:
        seats = dict(seats_wanted(watched, installed, provider, keeping, held))
        used = {ca_id: seat for ca_id, seat in seats.items() if keeping.registers or seat.services}
        return Wanted(seats=used, registers=keeping.registers)
    return Wanted(
        account=bool(watched or installed),
        services=services_wanted(watched, provider, keeping),
        items={item.ca_id(provider.code): provider.hardware_type(item.product) for item in installed},
        no_account=keeping.account_ends and subscription.state in FINAL,
    )


def seats_wanted(
    watched: list[Service], installed: list[InstalledItem], provider: Provider, keeping: Keeping, held: Iterable[Held]
) -> Iterator[tuple[str, Seat]]:
    """The devices on which services sit, each with the services of all its distributors."""
    together = sorted((not one.certain, one.place, one.ca_id) for one in held if one.kind is Kind.PAIR)
    seats = [item for item in installed if provider.role(item.product, keeping.roles) is Role.ENTITLED]
    others = [item for item in installed if provider.role(item.product, keeping.roles) is Role.PAIRED]
    places = {one.code for one in provider.distributors}
    for distributor in (one.code for one in provider.distributors):
        here = {item.ca_id(provider.code): item for item in seats if first_of(item, provider) == distributor}
        to_pair = [item.ca_id(provider.code) for item in others if first_of(item, provider) == distributor]
        pairs = paired(here, to_pair, [(seat, other) for _doubt, seat, other in together])
        for ca_id, item in here.items():
            on_it = [service for service in watched if service.distributors & item.distributors & places]
            yield ca_id, Seat(distributor, pairs.get(ca_id, ""), services_wanted(on_it, provider, keeping))


def paired(seats: Iterable[str], others: Iterable[str], together: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Which device goes with which seat of a distributor, where all of these are.

    A pair ends only when one of it leaves. Of what is left, the first goes with the first, and so on.
    """
    alone, to_pair, pairs = list(seats), list(others), {}
    for seat, other in together:
        if seat in alone and other in to_pair:
            pairs[seat] = other
            alone.remove(seat)
            to_pair.remove(other)
    return pairs | dict(zip(alone, to_pair, strict=False))


def first_of(item: InstalledItem, provider: Provider) -> str:
    """The first distributor of the provider that the device is on."""
    return next(one.code for one in provider.distributors if one.code in item.distributors)


def is_on(service: Service, provider: Provider) -> bool:
    """Whether the service has a signal, and is watched on this provider."""
    return service.state in ON and provider.serves(service.distributors)


def is_over(window: Window | None, now: datetime) -> bool:
    """Whether a usage service's time has passed: it then is off by itself, at the platform too."""
    return window is not None and window.end <= now


def lasting(held: Iterable[Held], now: datetime) -> list[Held]:
    """What is held, or in doubt, without that whose time has passed; that whose time is to come is marked."""
    return [
        replace(right, ahead=True) if is_ahead(right, now) else right
        for right in held
        if (right.authorised or right.in_doubt)
        and not is_over(right.window, now)
        and not (right.until is not None and right.until <= now)
    ]


def is_ahead(right: Held, now: datetime) -> bool:
    """Whether its time is still to come: only what ends by itself has one."""
    return right.until is not None and right.since is not None and right.since > now


def is_installed(item: InstalledItem, provider: Provider) -> bool:
    """Whether the device is in effect, and used on this provider."""
    return item.state is ItemState.EFFECTIVE and provider.serves(item.distributors)


def services_wanted(
    watched: Iterable[Service], provider: Provider, keeping: Keeping = ON_ACCOUNTS
) -> dict[str, Window | None]:
    """CA IDs of the services. One wanted twice is wanted for as long as either: no window is longer than any.

    A platform knows one window for a service. Where two do not touch it is told the first, so that nobody is given the
    time between them; the second is wanted when the first is over. One that knows none holds the service until then.
    """
    windows: dict[str, list[Window | None]] = {}
    for service in watched:
        ca_id = provider.ca_id(service.product)
        if ca_id is not None:
            windows.setdefault(ca_id, []).append(service.window if keeping.windows else None)
    return {ca_id: together(found) for ca_id, found in windows.items()}


def together(windows: list[Window | None]) -> Window | None:
    """From the first start on, as long as the windows go without a break between them; for ever, if one has no end."""
    bounded = [window for window in windows if window is not None]
    if len(bounded) < len(windows):
        return None
    first, *others = sorted(bounded, key=lambda window: window.start)
    end = first.end
    for window in others:
        end = max(end, window.end) if window.start <= end else end
    return Window(first.start, end)
