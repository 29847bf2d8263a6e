"""The distributors' rules: what may, and what must, be together on each viewing location of a subscription."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.catalogue import Catalogue
from engine.domain.errors import NotAllowedError
from engine.domain.provider import Distributor, Provider, Restriction
from engine.domain.rights import is_over
from engine.domain.states import ON
from engine.domain.subscription import InstalledItem, Service, Subscription

Finding = tuple[str, str]  # what was found, what was wanted


class RuleViolatedError(NotAllowedError):
    """A subscription that would break rules of distributors."""

    code = "RULE_VIOLATED"


@dataclass(frozen=True)
class Location:
    """What is on one distributor: services that are on (bundles speak through their components), and devices."""

    provider: Provider
    distributor: Distributor
    catalogue: Catalogue
    services: tuple[Service, ...]
    items: tuple[InstalledItem, ...]
    bundles: Mapping[int, str]
    in_use: frozenset[str]

    def services_of(self, restriction: Restriction) -> list[str]:
        """Products of the services that the restriction counts."""
        types = restriction.service_types
        return [one.product for one in self.services if not types or self.service_type(one) in types]

    def goods_of(self, types: Iterable[str]) -> list[str]:
        """Serial numbers of the devices of these types."""
        return [one.serial_number for one in self.items if self.good_type(one) in types]

    def service_type(self, service: Service) -> str:
        """The type of the service's product."""
        return self.catalogue.products[service.product].service_type

    def good_type(self, item: InstalledItem) -> str:
        """The platform's name for the device's type."""
        return self.provider.hardware_type(item.product)


def check(subscription: Subscription, providers: Iterable[Provider], catalogue: Catalogue, now: datetime) -> None:
    """Refuse a subscription that breaks a rule of a distributor. Raises RuleViolatedError, which names them all."""
    broken = [sentence for provider in providers for sentence in violations(subscription, provider, catalogue, now)]
    if broken:
        raise RuleViolatedError(" ".join(broken), field="distributors")


def violations(subscription: Subscription, provider: Provider, catalogue: Catalogue, now: datetime) -> Iterator[str]:
    """Which rules are broken at a provider: distributor, rule, what was found, what was wanted."""
    used = [one for one in locations(subscription, provider, catalogue, now) if one.services or one.items]
    for location in used:
        for rule, find in RULES.items():
            for found, wanted in find(location):
                yield f"{location.distributor.code}, {rule}: found {found}; wanted: {wanted}."
    watched = [one.distributor.code for one in used if one.services]
    present = {item.product for location in used for item in location.items}
    for good in provider.hardware:
        if watched and good.mandatory and good.product not in present:
            found = ", ".join(sorted(present)) or "no physical good"
            yield f"{', '.join(watched)}, mandatory hardware: found {found}; wanted: {good.product}."


def locations(
    subscription: Subscription, provider: Provider, catalogue: Catalogue, now: datetime
) -> Iterator[Location]:
    """The provider's distributors, each with what is on it."""
    on = [one for one in subscription.services if one.state in ON and not is_over(one.window, now)]
    leaves = [one for one in on if not catalogue.products[one.product].is_bundle]
    in_use = frozenset().union(*(one.distributors for one in on), *(one.distributors for one in subscription.items))
    for distributor in provider.distributors:
        yield Location(
            provider,
            distributor,
            catalogue,
            tuple(one for one in leaves if distributor.code in one.distributors),
            tuple(one for one in subscription.items if distributor.code in one.distributors),
            {one.number: one.product for one in subscription.services},
            in_use,
        )


def allowed_services(location: Location) -> Iterator[Finding]:
    """Services that are on the distributor and may not be; a bundle that may be there brings its components."""
    named = location.distributor.allowed_services
    allowed = {one.product for one in location.provider.services} if named is None else set(named)
    for service in location.services:
        if not allowed & {service.product, location.bundles.get(service.bundle or 0, "")}:
            yield service.product, f"one of {', '.join(sorted(allowed)) or 'none'}"


def required_distributor(location: Location) -> Iterator[Finding]:
    """The distributor that must be in use, and isn't."""
    required = location.distributor.required_distributor
    if required and required not in location.in_use:
        yield f"nothing on {required}", f"{required} in use"


def restrictions(location: Location) -> Iterator[Finding]:
    """Too few or too many services, or physical goods."""
    for restriction in location.distributor.restrictions:
        types = restriction.physical_good_types
        counted = location.goods_of(types) if types else location.services_of(restriction)
        most = restriction.maximum
        enough = restriction.minimum <= len(counted) and (most is None or len(counted) <= most)
        if not enough and (counted or restriction.mandatory):
            named = f" ({', '.join(sorted(counted))})" if counted else ""
            yield f"{len(counted)} {kind_of(restriction, len(counted))}{named}", wanted_of(restriction)


def kind_of(restriction: Restriction, number: int) -> str:
    """What the restriction counts, in words, for so many of them."""
    plural = "" if number == 1 else "s"
    if restriction.physical_good_types:
        return f"physical good{plural} of type {' or '.join(restriction.physical_good_types)}"
    return f"{' or '.join(restriction.service_types)} service{plural}".lstrip()


def wanted_of(restriction: Restriction) -> str:
    """How many the restriction wants, in words."""
    least, most = restriction.minimum, restriction.maximum
    if most is None:
        return f"at least {least} {kind_of(restriction, least)}"
    return (
        f"{least} to {most} {kind_of(restriction, most)}" if least else f"at most {most} {kind_of(restriction, most)}"
    )


def dependencies(location: Location) -> Iterator[Finding]:
    """What must be there too, and isn't."""
    wanted = location.distributor.dependencies
    if not wanted.enabled:
        return
    watched = {one.product for one in location.services} | {
        location.bundles[one.bundle] for one in location.services if one.bundle
    }
    for kind, names, found in (
        ("service", wanted.services, watched),
        ("service of type", wanted.service_types, {location.service_type(one) for one in location.services}),
        ("physical good", wanted.physical_goods, {one.product for one in location.items}),
        ("physical good of type", wanted.physical_good_types, {location.good_type(one) for one in location.items}),
    ):
        for name in names:
            if name not in found:
                yield f"no {kind} {name}", f"{kind} {name}"


RULES: Mapping[str, Callable[[Location], Iterator[Finding]]] = {
    "allowed services": allowed_services,
    "required distributor": required_distributor,
    "restriction": restrictions,
    "dependency": dependencies,
}
