"""Our side of one platform: how to reach it, where its services are watched, and its ids of what we sell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.domain.catalogue import ServiceType
from engine.domain.keeping import Role


@dataclass(frozen=True)
class Restriction:
    """How many things may be on a distributor, where anything is.

    They are services of these types, or physical goods of these types (in the platform's words), or, where no types
    are named, services of any type. Unless it is mandatory, none of them at all is right too.
    """

    minimum: int = 0
    maximum: int | None = None
    mandatory: bool = False
    service_types: tuple[ServiceType, ...] = ()
    physical_good_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dependencies:
    """What must be on a distributor too, where anything is on it: every one of these, while they are enabled."""

    enabled: bool = True
    services: tuple[str, ...] = ()
    service_types: tuple[ServiceType, ...] = ()
    physical_goods: tuple[str, ...] = ()
    physical_good_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Distributor:
    """One viewing location of a subscription on a provider, such as Main or TWIN1, and its rules.

    `allowed_services` are products, by code (a bundle stands for its components); without a list, all services that
    the provider maps. `required_distributor` is the code of the one that must be in use too.
    """

    code: str
    name: str
    allowed_services: tuple[str, ...] | None = None
    restrictions: tuple[Restriction, ...] = ()
    dependencies: Dependencies = field(default_factory=Dependencies)
    required_distributor: str = ""


@dataclass(frozen=True)
class Service:
    """A product that the platform knows: its CA ID there, and what else the platform wants to be told of it."""

    product: str
    ca_id: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hardware:
    """A physical good that the platform takes, and the platform's name for its type.

    One that is mandatory is wanted on each subscription that watches a service on the provider. `role` is for platforms
    that keep services on devices; without one, the platform's type decides.
    """

    product: str
    type: str
    mandatory: bool = False
    role: Role | None = None


@dataclass(frozen=True)
class Retry:
    """How often, how long apart, and for how long in all a request is tried that did not get through.

    The pause doubles from `first_pause_s` up to `longest_pause_s`; no attempt starts later than `total_s` after the
    first.
    """

    attempts: int = 3
    first_pause_s: float = 0.1
    longest_pause_s: float = 2.0
    total_s: float = 10.0

    def pauses(self) -> Iterator[float]:
        """Seconds to wait before the second attempt, the third, and so on."""
        return (min(self.first_pause_s * 2**attempt, self.longest_pause_s) for attempt in range(self.attempts - 1))


@dataclass(frozen=True)
class Breaker:
    """After how many failures in a row the platform is left alone, and for how long."""

    failures: int = 10
    pause_s: float = 5.0


@dataclass(frozen=True)
class Rate:
    """How many requests a second runs send to the platform, from all engines together; 0: as many as can be."""

    requests_per_s: float = 0.0


@dataclass(frozen=True)
class Timeouts:
    """How long to wait for the platform, in seconds: for it to take the connection, and for each part of its answer."""

    connect_s: float = 3.0
    read_s: float = 10.0


@dataclass(frozen=True)
class Provider:
    """Configuration of one platform. While it is not effective, nothing is sent to it.

    `connection` says how it is reached, `operations` how it is worked with: numbers and words, as texts.
    """

    code: str
    name: str
    protocol: str
    effective: bool = False
    description: str = ""
    connection: Mapping[str, str] = field(default_factory=dict, repr=False)
    operations: Mapping[str, str] = field(default_factory=dict)
    distributors: tuple[Distributor, ...] = ()
    services: tuple[Service, ...] = ()
    hardware: tuple[Hardware, ...] = ()
    retry: Retry = field(default_factory=Retry)
    breaker: Breaker = field(default_factory=Breaker)
    timeouts: Timeouts = field(default_factory=Timeouts)
    rate: Rate = field(default_factory=Rate)

    def ca_id(self, product: str) -> str | None:
        """The platform's id of this product, if it has one."""
        return next((service.ca_id for service in self.services if service.product == product), None)

    def hardware_type(self, product: str) -> str:
        """The platform's name for this kind of physical good; ours, where it has none."""
        return next((good.type for good in self.hardware if good.product == product), product)

    def role(self, product: str, roles: Mapping[str, Role]) -> Role:
        """What this kind of physical good is to the platform, which has roles for its hardware types."""
        good = next((good for good in self.hardware if good.product == product), None)
        return (good.role or roles.get(good.type, Role.PLAIN)) if good else Role.PLAIN

    def serves(self, distributors: set[str]) -> bool:
        """Whether any of these distributors is one of this provider."""
        return any(distributor.code in distributors for distributor in self.distributors)
