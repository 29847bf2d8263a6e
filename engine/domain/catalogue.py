"""What the operator sells: services flat or bundled, and physical goods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError


class Classification(StrEnum):
    """What a product is."""

    SERVICE = "service"
    PHYSICAL_GOOD = "physical_good"


class ServiceType(StrEnum):
    """How a service is watched, or charged."""

    ONE_TIME = "one_time"
    USAGE = "usage"
    TERMED = "termed"
    EXPENSE = "expense"


class Composition(StrEnum):
    """What a product is made of."""

    FLAT = "flat"
    FLEXIBLE_BUNDLE = "flexible_bundle"
    FIXED_BUNDLE = "fixed_bundle"


class SwapClass(StrEnum):
    """What the change from one product to another is."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    SWITCH = "switch"


@dataclass(frozen=True)
class Product:
    """One entry of the catalogue.

    `components` are the choice of a flexible bundle, or the fixed content of a fixed one. `minimum` and `maximum`
    bound how many of the choice a subscription takes. A lower `tier` is a higher package.
    """

    code: str
    name: str
    classification: Classification = Classification.SERVICE
    service_type: ServiceType = ServiceType.TERMED
    composition: Composition = Composition.FLAT
    provisioned: bool = True
    traceable: bool = False
    tier: int | None = None
    components: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int | None = None

    @property
    def is_bundle(self) -> bool:
        """Whether it has components."""
        return self.composition is not Composition.FLAT

    @property
    def is_service(self) -> bool:
        """Whether it can be watched, rather than held in the hand."""
        return self.classification is Classification.SERVICE


@dataclass(frozen=True)
class Catalogue:
    """All products, by code."""

    products: Mapping[str, Product] = field(default_factory=dict)

    @cached_property
    def codes_by_name(self) -> Mapping[str, str]:
        """Product codes by name, in small letters."""
        return {product.name.casefold(): product.code for product in self.products.values()}

    def product(self, name: str, field: str = "product") -> Product:
        """The product of this code, or of this name. Raises UnknownError."""
        found = self.products.get(name) or self.products.get(self.codes_by_name.get(name.casefold(), ""))
        if found is None:
            raise UnknownError("product", name, self.products, field=field)
        return found

    def service(self, name: str, *service_types: ServiceType, field: str = "product") -> Product:
        """The product, which must be a service, of one of these types if any are named."""
        product = self.product(name, field)
        if not product.is_service:
            raise NotAllowedError(f"{product.code} is a physical good; a service is wanted.", field=field)
        if service_types and product.service_type not in service_types:
            wanted = " or ".join(service_types)
            raise NotAllowedError(
                f"{product.code} is a {product.service_type} service; a {wanted} one is wanted.", field=field
            )
        return product

    def physical_good(self, name: str) -> Product:
        """The product, which must be a physical good that can be traced by a serial number."""
        product = self.product(name)
        if product.is_service or not product.traceable:
            kind = "service" if product.is_service else "physical good that is not traceable"
            raise NotAllowedError(f"{product.code} is a {kind}; a traceable physical good is wanted.", field="product")
        return product

    def components_of(self, bundle: Product, chosen: tuple[str, ...]) -> tuple[Product, ...]:
        """The services that this choice gives. Raises if the composition does not allow it."""
        if bundle.composition is not Composition.FLEXIBLE_BUNDLE and chosen:
            raise NotAllowedError(
                f"{bundle.code} is a {bundle.composition} product: its components can't be chosen.", field="components"
            )
        if bundle.composition is Composition.FIXED_BUNDLE:
            parts = (self.product(code) for code in bundle.components)
            return tuple(part for part in parts if part.is_service)
        products = tuple(self.service(name) for name in chosen)
        if bundle.is_bundle:
            check_choice(bundle, [product.code for product in products])
        return products


def swap_class(old: Product, new: Product) -> SwapClass:
    """The class that follows from the tiers: a lower tier is a higher package. Without two tiers it is a switch."""
    if old.tier is None or new.tier is None or old.tier == new.tier:
        return SwapClass.SWITCH
    return SwapClass.UPGRADE if new.tier < old.tier else SwapClass.DOWNGRADE


def check_choice(bundle: Product, chosen: list[str]) -> None:
    """Refuse a choice of components outside the bundle's composition."""
    twice = sorted({code for code in chosen if chosen.count(code) > 1})
    if twice:
        raise InvalidError(f"{', '.join(twice)} named twice in {bundle.code}.", field="components")
    outside = sorted(set(chosen) - set(bundle.components))
    if outside:
        raise NotAllowedError(
            f"{', '.join(outside)} not in the composition of {bundle.code}; allowed: {', '.join(bundle.components)}.",
            field="components",
        )
    most = len(bundle.components) if bundle.maximum is None else bundle.maximum
    if not bundle.minimum <= len(chosen) <= most:
        raise NotAllowedError(
            f"{bundle.code} takes {bundle.minimum} to {most} components; found {len(chosen)}.", field="components"
        )
