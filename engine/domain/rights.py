"""What a platform should hold for a subscription, what it is believed to hold, and the gap between the two.

Every request comes out of this gap: activation, swap, upgrade and reset are one path.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.domain.provider import Provider
from engine.domain.states import ON, ItemState
from engine.domain.subscription import InstalledItem, Service, Subscription, Window


class Kind(StrEnum):
    """What a right is to: the account itself, a service, or a device."""

    ACCOUNT = "account"
    SERVICE = "service"
    ITEM = "item"


@dataclass(frozen=True)
class Wanted:
    """What the platform should hold: services (with the windows of usage services) and items, by CA ID.

    `items` gives each device's kind in the platform's words.
    """

    account: bool = False
    services: Mapping[str, Window | None] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """One thing that the platform is believed to hold, by its id there, or that is in doubt.

    `authorised` changes only when the platform has said yes. `in_doubt`: a request about it may have been carried out
    or not, so that it must be asked for again if it is wanted, and taken away again if it is not.
    """

    kind: Kind
    ca_id: str
    authorised: bool = True
    in_doubt: bool = False
    window: Window | None = None
    since: datetime | None = None

    @property
    def certain(self) -> bool:
        """Whether the platform holds it beyond doubt."""
        return self.authorised and not self.in_doubt


@dataclass(frozen=True)
class Gap:
    """What must happen at the platform, for a subscription: ids sorted, so that equal gaps are equal requests."""

    subscription: Subscription
    account_missing: bool = False
    items_gone: tuple[str, ...] = ()
    items_new: Mapping[str, str] = field(default_factory=dict)
    services_gone: tuple[str, ...] = ()
    services_new: Mapping[str, Window | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the platform is believed to hold just what it should."""
        return not (
            self.account_missing or self.items_gone or self.items_new or self.services_gone or self.services_new
        )


def wanted(subscription: Subscription, provider: Provider, now: datetime) -> Wanted:
    """What the provider's platform should hold for the subscription now."""
    watched = [one for one in subscription.services if is_on(one, provider) and not is_over(one.window, now)]
    installed = [item for item in subscription.items if is_installed(item, provider)]
    return Wanted(
        account=bool(watched or installed),
        services=services_wanted(watched, provider),
        items={item.ca_id(provider.code): provider.hardware_type(item.product) for item in installed},
    )


def is_on(service: Service, provider: Provider) -> bool:
    """Whether the service has a signal, and is watched on this provider."""
    return service.state in ON and provider.serves(service.distributors)


def is_over(window: Window | None, now: datetime) -> bool:
    """Whether a usage service's time has passed: it then is off by itself, at the platform too."""
    return window is not None and window.end <= now


def lasting(held: Iterable[Held], now: datetime) -> list[Held]:
    """What is held without that whose time has passed."""
    return [right for right in held if not is_over(right.window, now)]


def is_installed(item: InstalledItem, provider: Provider) -> bool:
    """Whether the device is in effect, and used on this provider."""
    return item.state is ItemState.EFFECTIVE and provider.serves(item.distributors)


def services_wanted(watched: Iterable[Service], provider: Provider) -> dict[str, Window | None]:
    """CA IDs of the services. One wanted twice is wanted for as long as either: no window is longer than any.

    A platform knows one window for a service. Where two do not touch it is told the first, so that nobody is given the
    time between them; the second is wanted when the first is over.
    """
    services: dict[str, Window | None] = {}
    for service in watched:
        ca_id = provider.ca_id(service.product)
        if ca_id is not None:
            services[ca_id] = together(services[ca_id], service.window) if ca_id in services else service.window
    return services


def together(one: Window | None, other: Window | None) -> Window | None:
    """The window that covers both, where they touch; else the first of them."""
    if one is None or other is None:
        return None
    first, second = sorted((one, other), key=lambda window: window.start)
    return first if first.end < second.start else Window(first.start, max(first.end, second.end))


def gap(subscription: Subscription, should: Wanted, held: Iterable[Held]) -> Gap:
    """What separates what should be held from what is."""
    by_kind: dict[Kind, dict[str, Held]] = {kind: {} for kind in Kind}
    for right in held:
        by_kind[right.kind][right.ca_id] = right
    services, items = by_kind[Kind.SERVICE], by_kind[Kind.ITEM]
    return Gap(
        subscription=subscription,
        account_missing=should.account and not any(account.certain for account in by_kind[Kind.ACCOUNT].values()),
        items_gone=tuple(sorted(items.keys() - should.items.keys())),
        items_new={ca_id: should.items[ca_id] for ca_id in sorted(should.items) if not is_held(items.get(ca_id), None)},
        services_gone=tuple(sorted(services.keys() - should.services.keys())),
        services_new={
            ca_id: should.services[ca_id]
            for ca_id in sorted(should.services)
            if not is_held(services.get(ca_id), should.services[ca_id])
        },
    )


def is_held(right: Held | None, window: Window | None) -> bool:
    """Whether the platform holds this beyond doubt, for just this window."""
    return right is not None and right.certain and right.window == window
