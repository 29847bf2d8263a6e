from datetime import UTC, datetime

import pytest

from engine.domain.catalogue import Catalogue, Classification, Composition, Product, ServiceType
from engine.domain.effects.ground import Ground
from engine.domain.provider import Distributor, Hardware, Provider
from engine.domain.provider import Service as Mapped
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window

FLEXIBLE, FIXED = Composition.FLEXIBLE_BUNDLE, Composition.FIXED_BUNDLE
PRODUCTS = (
    Product("NEWS", "News"),
    Product("SPORT", "Sport"),
    Product("KIDS", "Kids"),
    Product("CINEMA", "Cinema"),
    Product("DRAMA", "Drama"),
    Product("CHOICE", "Choice", composition=FLEXIBLE, components=("NEWS", "SPORT", "KIDS"), minimum=1, maximum=2),
    Product("PACK", "Pack", composition=FIXED, components=("NEWS", "KIDS", "STB")),
    Product("MATCH", "Match", service_type=ServiceType.USAGE),
    Product("INVOICE", "Invoice", service_type=ServiceType.EXPENSE, provisioned=False),
    Product("STB", "Set-top Box", classification=Classification.PHYSICAL_GOOD, traceable=True),
    Product("CABLE", "Cable", classification=Classification.PHYSICAL_GOOD),
)
NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
def catalogue():
    return Catalogue({product.code: product for product in PRODUCTS})


@pytest.fixture
def ground(catalogue, provider):
    return Ground(catalogue, {"tv": provider}, NOW)


@pytest.fixture
def provider():
    mapped = ("NEWS", "SPORT", "KIDS", "CINEMA", "DRAMA", "MATCH")
    return Provider(
        "tv",
        "TV",
        "tucano",
        effective=True,
        distributors=(Distributor("MAIN", "Main"), Distributor("TWIN1", "Twin 1"), Distributor("TWIN2", "Twin 2")),
        services=tuple(Mapped(product, f"O_{product}") for product in mapped),
        hardware=(Hardware("STB", "box"),),
    )


@pytest.fixture
def window():
    return Window(datetime(2030, 7, 1, 18, tzinfo=UTC), datetime(2030, 7, 1, 23, tzinfo=UTC))


@pytest.fixture
def subscription(window):
    """One of everything: alone, off, in a bundle, swapped, on request; and a device."""
    main = {"MAIN"}
    return Subscription(
        "S1",
        Subscriber("Ada", "Lovelace"),
        State.EFFECTIVE,
        services=[
            Service(1, "SPORT", State.EFFECTIVE, set(main)),
            Service(2, "CINEMA", State.NOT_EFFECTIVE, set(main)),
            Service(3, "CHOICE", State.EFFECTIVE, set(main)),
            Service(4, "NEWS", State.EFFECTIVE, set(main), bundle=3),
            Service(5, "KIDS", State.SWAPPED, set(main)),
            Service(6, "DRAMA", State.EFFECTIVE, set(main), replaces=5),
            Service(7, "MATCH", State.EFFECTIVE, set(main), window=window),
        ],
        items=[InstalledItem("STB-1", "STB", ItemState.EFFECTIVE, set(main), {"tv": "C1"})],
    )


@pytest.fixture
def states():
    """The state of each service, by its number."""

    def states_of(subscription):
        return {service.number: service.state.value for service in subscription.services}

    return states_of
