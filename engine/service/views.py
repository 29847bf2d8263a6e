"""What users see of the engine's things: values without behaviour, which are encoded as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar

import msgspec

from engine.domain.file import FileState
from engine.domain.request import Priority
from engine.domain.states import ItemState, State
from engine.domain.subscription import Subscriber
from engine.service.breaker import Circuit

T = TypeVar("T")
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of what there is, in order; `total` is how much there is in all."""

    total: int
    results: list[T]


@dataclass(frozen=True)
class PlacedView:
    """A distributor on which the platform holds something, its provider, since when, and until when if that is said.

    `awaiting` is the file whose answer has not come: the platform was told so, and may still refuse it.
    """

    distributor: str
    provider: str
    since: Moment | None
    until: Moment | None = None
    awaiting: str = ""


@dataclass(frozen=True)
class CancelledView:
    """A distributor on which something was taken away until a moment; `awaiting` is as for what is held."""

    distributor: str
    provider: str
    end: Moment | None
    awaiting: str


@dataclass(frozen=True)
class WindowView:
    """From when until when a usage service may be watched."""

    start: Moment
    end: Moment


@dataclass(frozen=True)
class ServiceView:
    """A service of a subscription.

    `bundle` is the number of the bundle that it is a component of, `replaces` that of the service that was swapped for
    it; `authorised` says on which of its distributors the platform holds it, and `cancelled` from which it was taken,
    where platforms are told until when.
    """

    number: int
    product: str
    name: str
    state: State
    bundle: int | None
    replaces: int | None
    window: WindowView | None
    distributors: list[str]
    authorised: list[PlacedView]
    cancelled: list[CancelledView] = field(default_factory=list)


@dataclass(frozen=True)
class ItemView:
    """An installed item of a subscription; `initialised` says on which of its distributors the platform holds it."""

    serial_number: str
    product: str
    name: str
    state: ItemState
    ca_ids: Mapping[str, str]
    distributors: list[str]
    initialised: list[PlacedView]


@dataclass(frozen=True)
class SeatView:
    """A device on which services sit: its distributor, what is paired with it (nothing: none), and the services."""

    distributor: str
    paired: str
    services: list[str]


@dataclass(frozen=True)
class WantedView:
    """What a platform should hold, by CA ID; `seats` says the same by device, where services sit on devices."""

    account: bool
    services: list[str]
    items: list[str]
    seats: Mapping[str, SeatView] = field(default_factory=dict)


@dataclass(frozen=True)
class DatedView:
    """A service on a device, where what is given or taken away ends by itself.

    One that is not authorised was taken away; `cancel_end` is the end that was told to the platform. `awaiting` is the
    file whose answer has not come.
    """

    place: str
    ca_id: str
    distributor: str
    authorised: bool
    since: Moment | None
    until: Moment | None
    cancel_end: Moment | None
    awaiting: str


@dataclass(frozen=True)
class HeldView:
    """What a platform is believed to hold, by CA ID and by device as `WantedView` has it; what of it is in doubt.

    `dated` are services with their dates, where the platform is told these.
    """

    services: list[str]
    items: list[str]
    in_doubt: list[str]
    seats: Mapping[str, SeatView] = field(default_factory=dict)
    dated: list[DatedView] = field(default_factory=list)


@dataclass(frozen=True)
class StandingView:
    """How a subscription stands at a provider.

    `pending` is how many requests have not ended. Where the platform takes files, `unfiled` of them wait for the
    processing run, and `awaiting` are the files that were sent with others, and whose answer has not come.
    `differences` are signed: what a reset would take and give; what awaits its answer is none. `since` when it is out
    of sync, where that is known: nobody knows it of what a configuration or the time has made differ.
    """

    effective: bool
    in_sync: bool
    pending: int
    unfiled: int
    awaiting: list[str]
    account: str | None
    should_hold: WantedView
    believed_held: HeldView
    differences: list[str]
    since: Moment | None = None


@dataclass(frozen=True)
class OutOfSyncView:
    """A subscription that is out of sync at a provider: since when, what has not ended there, and what differs."""

    subscription: str
    subscription_id: int
    provider: str
    since: Moment | None
    pending: int
    differences: list[str]


@dataclass(frozen=True)
class OutOfSyncPage:
    """Some subscriptions that are out of sync, each at all providers where it is; `after` which id the next page is.

    There is none after the last page.
    """

    results: list[OutOfSyncView]
    after: int | None


@dataclass(frozen=True)
class OutOfSyncCount:
    """How many subscriptions are out of sync at each provider; `newest_id` is the highest id of a subscription."""

    providers: Mapping[str, int]
    newest_id: int


@dataclass(frozen=True)
class FileView:
    """A file of requests, as its platform knows it; `text` is its content, where that was asked for.

    `start` and `end` are those of what it gives or takes. `code` and `line` say why it was refused. `overdue`: it was
    sent longer ago than an answer may take.
    """

    id: int
    provider: str
    name: str
    type: str
    ca_id: str
    priority: Priority
    records: int
    state: FileState
    start: Moment | None
    end: Moment | None
    made_date: Moment
    sent_date: Moment | None
    answered_date: Moment | None
    reference_number: str
    code: str
    line: int
    overdue: bool
    text: str | None = None


@dataclass(frozen=True)
class SubscriptionView:
    """A subscription; `until` is when a limited state is meant to end, `providers` how it stands at each, by code."""

    id: int
    number: str
    state: State
    until: date | None
    type: str
    customer_number: str
    subscriber: Subscriber
    services: list[ServiceView]
    installed_items: list[ItemView]
    providers: Mapping[str, StandingView]


@dataclass(frozen=True)
class InstalledItemView:
    """An installed item at one provider: its id there, whose it is, and whether the platform holds it, since when."""

    serial_number: str
    product: str
    name: str
    state: ItemState
    subscription_id: int
    subscription: str
    provider: str
    ca_id: str
    distributors: list[str]
    initialised: bool
    in_doubt: bool
    since: Moment | None


@dataclass(frozen=True)
class ProviderView:
    """A provider, without its connection; `services` are the CA IDs that the platform has for products."""

    code: str
    name: str
    protocol: str
    effective: bool
    circuit: Circuit
    distributors: list[str]
    services: Mapping[str, str]
