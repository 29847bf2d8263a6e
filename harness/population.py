"""Subscribers out of nothing, the same for the same seed: for demos and for load."""

import itertools
from collections.abc import Iterator
from typing import Any

from faker import Faker

LOCALE = "en_GB"
POOL = 500


def people(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Subscribers as an order to become one takes them; beyond the pool, names come round again with other numbers."""
    faker = Faker(LOCALE)
    faker.seed_instance(seed)
    pool = [person(faker) for _ in range(min(count, POOL))]
    for number, one in zip(range(count), itertools.cycle(pool), strict=False):
        local, _, domain = one["email"].partition("@")
        yield one if number < POOL else {**one, "email": f"{local}+{number}@{domain}"}


def person(faker: Faker) -> dict[str, Any]:
    """One subscriber; addresses of e-mail lead nowhere."""
    first_name, last_name = faker.first_name(), faker.last_name()
    return {
        "first_name": first_name,
        "last_name": last_name,
        "email": f"{first_name}.{last_name}@example.org".lower().replace("'", ""),
        "phone": f"+44 20 7946 {faker.numerify('0###')}",
        "language": "en",
        "address": {
            "street": faker.street_address().replace("\n", ", "),
            "postal_code": faker.postcode(),
            "city": faker.city(),
            "region": faker.county(),
            "country": "GB",
        },
    }


def as_toml(seed: int, count: int) -> str:
    """The population as a file to be read."""
    lines = [f"# {count} subscribers who do not exist: Faker, seed {seed}. Written by `make docs`."]
    for one in people(seed, count):
        address = one.pop("address")
        lines += ["", "[[subscribers]]", *pairs(one), "", "[subscribers.address]", *pairs(address)]
    return "\n".join(lines) + "\n"


def pairs(values: dict[str, str]) -> list[str]:
    """Lines of TOML."""
    return [f'{name} = "{value}"' for name, value in values.items()]
