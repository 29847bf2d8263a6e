"""What a caller says with an action: one value per shape, its fields the same on every way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from engine.domain.states import State
from engine.domain.subscription import Subscriber


class Mode(StrEnum):
    """How something ends: cancelled, or regretted within the time that the law or the operator grants."""

    CANCEL = "cancel"
    REGRET = "regret"


class Start(StrEnum):
    """How something begins: prepared only, or in effect at once."""

    DRAFT = State.DRAFT.value
    EFFECTIVE = State.EFFECTIVE.value


@dataclass(frozen=True)
class Nothing:
    """The action says it all."""


@dataclass(frozen=True)
class NewService:
    """A service to be: its product, the choice of a flexible bundle, and where it is watched."""

    product: str
    components: tuple[str, ...] = ()
    distributors: tuple[str, ...] = ()
    state: Start = Start.EFFECTIVE


@dataclass(frozen=True)
class NewItem:
    """A device to be: the physical good, its serial number, its ids at providers that have one of their own."""

    product: str
    serial_number: str
    distributors: tuple[str, ...] = ()
    ca_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewSubscription:
    """Who subscribes, to what, with which devices. Without a number, the next free one is given.

    `customer_number` names the owner, who may have several subscriptions; `subscription_type` is the operator's own.
    """

    subscriber: Subscriber
    services: tuple[NewService, ...] = ()
    items: tuple[NewItem, ...] = ()
    state: Start = Start.EFFECTIVE
    number: str = ""
    customer_number: str = ""
    subscription_type: str = ""


@dataclass(frozen=True)
class Ending:
    """How the subscription ends."""

    mode: Mode = Mode.CANCEL


@dataclass(frozen=True)
class Limit:
    """The day on which a limited state ends."""

    until: date


@dataclass(frozen=True)
class DateOrDays:
    """The day on which a limited state ends, or after how many days: exactly one of them."""

    until: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class OneService:
    """A live service of the subscription, by product code or number."""

    service: str


@dataclass(frozen=True)
class ServiceEnding:
    """A live service of the subscription, and how it ends."""

    service: str
    mode: Mode = Mode.CANCEL


@dataclass(frozen=True)
class Swap:
    """A live service, and the product that takes its place on the same distributors."""

    service: str
    product: str
    components: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amendment:
    """Components that a flexible bundle gains and loses."""

    service: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewUsage:
    """A usage service and its window, UTC."""

    product: str
    start: datetime
    end: datetime
    distributors: tuple[str, ...] = ()


@dataclass(frozen=True)
class OneItem:
    """An installed item of the subscription, by serial number."""

    item: str


@dataclass(frozen=True)
class ItemSwap:
    """An installed item, and the one that takes its place; of the same physical good unless another is named."""

    item: str
    serial_number: str
    product: str = ""
    ca_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemMove:
    """An installed item, and the subscription of the same owner to which it goes, by number.

    There it is put on these distributors; on those that it had here, where none are named.
    """

    item: str
    to_subscription: str
    distributors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Redistribution:
    """Services and items to put on, or take off, distributors."""

    services: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    put_on: tuple[str, ...] = ()
    take_off: tuple[str, ...] = ()
