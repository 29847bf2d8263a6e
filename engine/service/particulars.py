"""What is said with a utility in our names, made into the platform's: the STB of a pair, products."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.domain.effects.ground import utc
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.keeping import Role
from engine.domain.rights import Kind, first_of, is_installed, lasting, seats_wanted
from engine.domain.subscription import InstalledItem
from engine.service.addressee import Seated, check_device
from engine.service.context import Context
from engine.service.plan import expected

Said = Mapping[str, Any]
STB, PRODUCTS, START = "stb_identifier", "product_identifiers", "start_date"


def told(context: Context, connection: Connection, seat: Seated, utility: str, said: Said) -> list[Said]:
    """What the platform is told: for each request that is to be made, one saying. Raises DomainError."""
    made = PARTICULARS.get(utility)
    return made(context, connection, seat, said) if made else [said]


def pair(context: Context, connection: Connection, seat: Seated, said: Said) -> list[Said]:
    """The STB with which the card is to be a pair: the one that is named, else the one that is there already."""
    named = said.get("stb", "")
    stb = installed_stb(context, seat, named) if named else partner(context, connection, seat)
    return [{"stb": stb.ca_id(seat.provider.code), "distributor": first_of(seat.item, seat.provider)}]


def installed_stb(context: Context, seat: Seated, serial_number: str) -> InstalledItem:
    """The STB of this serial number, which the card's subscription must have. Raises DomainError."""
    stbs = {item.serial_number: item for item in seat.subscription.items}
    if serial_number not in stbs:
        raise UnknownError(f"installed item of {seat.subscription.number}", serial_number, stbs, field=STB)
    try:
        check_device(context, seat.provider, stbs[serial_number], "pair", Role.PAIRED)
    except NotAllowedError as refusal:
        raise NotAllowedError(refusal.message, field=STB) from refusal
    return stbs[serial_number]


def partner(context: Context, connection: Connection, seat: Seated) -> InstalledItem:
    """The STB that the card is believed to be a pair with, else that which stands beside it on its distributor."""
    provider, keeping, card = seat.provider, seat.adapter.keeping, seat.ca_id
    installed = [item for item in seat.subscription.items if is_installed(item, provider)]
    stbs = {item.ca_id(provider.code): item for item in installed}
    held = lasting(expected(connection, seat.key, provider, seat.adapter), context.clock.now())
    there = [right.ca_id for right in held if right.kind is Kind.PAIR and right.place == card and right.ca_id in stbs]
    wanted = dict(seats_wanted([], installed, provider, keeping, held))
    beside = wanted[card].paired if card in wanted else ""
    for ca_id in (*there, beside):
        if ca_id:
            return stbs[ca_id]
    place = first_of(seat.item, provider)
    said = f"{seat.item.serial_number} is no pair yet, and {seat.subscription.number} has no STB beside it on {place}"
    raise NotAllowedError(f"{said}; wanted: one there, or {STB}.", field=STB)


def products(_context: Context, _connection: Connection, seat: Seated, said: Said) -> list[Said]:
    """The services that these products are at the provider, each by itself, from the moment that is said."""
    catalogue = seat.configuration.catalogue
    codes = [catalogue.service(name, field=PRODUCTS).code for name in said["products"]]
    twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twice or not codes:
        found = f"{', '.join(twice)} twice" if twice else "nothing"
        raise InvalidError(f"{PRODUCTS}: found {found}; wanted: products, each once.", field=PRODUCTS)
    start = {START: minute(said[START])} if said.get(START) else {}
    place = first_of(seat.item, seat.provider)
    return [{"service": mapped(seat, code), "distributor": place, **start} for code in codes]


def mapped(seat: Seated, product: str) -> str:
    """The provider's id of a product. Raises NotAllowedError where it has none."""
    ca_id = seat.provider.ca_id(product)
    if ca_id is None:
        wanted = ", ".join(service.product for service in seat.provider.services)
        said = f"{product} has no CA ID at {seat.provider.code}; wanted: one of {wanted}"
        raise NotAllowedError(f"{said}.", field=PRODUCTS)
    return ca_id


def minute(moment: datetime) -> str:
    """A moment as requests keep it: whole minutes, UTC."""
    return utc(moment, START).replace(second=0).isoformat()


PARTICULARS: Mapping[str, Callable[[Context, Connection, Seated, Said], list[Said]]] = {
    "pair": pair,
    "add_subscriptions": products,
    "cancel_subscriptions": products,
}
