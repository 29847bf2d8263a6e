"""A subscription: whose it is, what it watches, on which devices, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.domain.errors import NotAllowedError, UnknownError
from engine.domain.states import FINAL, ON, ItemState, State


@dataclass(frozen=True)
class Address:
    """Where the subscriber lives."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class Subscriber:
    """Who owns the subscription. `language` is an IETF tag such as `en`."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    address: Address = field(default_factory=Address)


@dataclass(frozen=True)
class Window:
    """From when until when a usage service may be watched; both UTC."""

    start: datetime
    end: datetime


@dataclass
class Service:
    """One service of a subscription. Its number is unique within the subscription, for ever.

    `bundle` is the number of the bundle that it is a component of; `replaces` the number of the service that was
    swapped for it; `before_swap` the state to which it comes back if that swap is regretted.
    """

    number: int
    product: str
    state: State
    distributors: set[str] = field(default_factory=set)
    bundle: int | None = None
    replaces: int | None = None
    window: Window | None = None
    before_swap: State | None = None

    @property
    def is_live(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state not in FINAL


@dataclass
class InstalledItem:
    """A device of the subscription. `ca_ids` holds its id at each provider (by code) that has one of its own."""

    serial_number: str
    product: str
    state: ItemState
    distributors: set[str] = field(default_factory=set)
    ca_ids: Mapping[str, str] = field(default_factory=dict)

    def ca_id(self, provider: str) -> str:
        """Its id at the provider: the CA ID, else the serial number."""
        return self.ca_ids.get(provider, self.serial_number)


@dataclass
class Subscription:
    """What one subscriber has. `until` is when the present limited state (resting, short term) ends.

    `customer_number` names the owner, `type` is the operator's own; both may be left open.
    """

    number: str
    subscriber: Subscriber
    state: State = State.DRAFT
    until: date | None = None
    services: list[Service] = field(default_factory=list)
    items: list[InstalledItem] = field(default_factory=list)
    customer_number: str = ""
    type: str = ""

    @property
    def owner(self) -> object:
        """Whose it is: equal for two subscriptions of one owner. Who has no number is known by what is said of him."""
        return self.customer_number or self.subscriber

    def components(self, bundle: Service) -> Iterator[Service]:
        """The services that came with this bundle, whatever their state."""
        return (service for service in self.services if service.bundle == bundle.number)

    def family(self, service: Service) -> list[Service]:
        """The service itself and its components that are not final."""
        return [service, *(part for part in self.components(service) if part.is_live)]

    def service(self, name: str, field_name: str = "service") -> Service:
        """The live service of this product code or of this number. Raises if there is none, or more than one."""
        live = [service for service in self.services if service.is_live]
        found = [service for service in live if name in (service.product, str(service.number))]
        if not found:
            raise UnknownError(
                f"service of {self.number}", name, (service.product for service in live), field=field_name
            )
        if len(found) > 1:
            numbers = ", ".join(str(service.number) for service in found)
            raise NotAllowedError(
                f"{self.number} has {len(found)} services {name}; name one by its number: {numbers}.", field=field_name
            )
        return found[0]

    def item(self, serial_number: str) -> InstalledItem:
        """The installed item with this serial number. Raises UnknownError."""
        for item in self.items:
            if item.serial_number == serial_number:
                return item
        serials = (item.serial_number for item in self.items)
        raise UnknownError(f"installed item of {self.number}", serial_number, serials, field="item")

    def add(self, service: Service) -> Service:
        """Put a new service on the subscription and give it its number."""
        service.number = 1 + max((other.number for other in self.services), default=0)
        self.services.append(service)
        return service

    def wake_items(self) -> None:
        """Items are effective from the first time that their subscription is on, and stay so."""
        if self.state in ON:
            for item in self.items:
                item.state = ItemState.EFFECTIVE
