"""Four viewing points at Irdeto: each has its own box, card and channels."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from harness.demo.story import Person, Request, Step

HOUSE = "S0000000003"
PLACES = ("IRDETO_MAIN", "IRDETO_TWIN1", "IRDETO_TWIN2", "IRDETO_TWIN3")
CHANNELS = ("Sport", "Cinema", "Geological", "Religion")
BOXES, CARDS = ([f"{kind}-003{number}" for number in range(1, 5)] for kind in ("STB", "CARD"))
ENTITLEMENTS = [f"CA_{channel.upper()}" for channel in CHANNELS]
AtIrdeto = partial(Step, platform="irdeto")


def register(box: str, place: str) -> Request:
    """A box is made known on a viewing point."""
    return Request(
        "REGISTER_SECURE_CLIENT",
        {"secure_client": box, "distributor": place},
        received={"secureClient": box, "sector": place, "subscription": HOUSE},
    )


def pair(box: str, card: str) -> Request:
    """A box takes one card, and the card goes into one box."""
    return Request("PAIR", {"secure_client": box, "smartcard": card}, received={"secureClient": box, "smartcard": card})


def entitlements(command: str, box: str, *ca_ids: str) -> Request:
    """Channels of one box."""
    ids = sorted(ca_ids)
    return Request(command, {"secure_client": box, "entitlements": ids}, received={"secureClient": box, "caIds": ids})


def household(person: Person, *places: int) -> dict[str, Any]:
    """Someone subscribes: on each of these places a box, a card and a channel."""
    goods = [
        {"product": product, "serial_number": serial[place], "distributors": [PLACES[place]]}
        for place in places
        for product, serial in (("STB", BOXES), ("SMARTCARD", CARDS))
    ]
    channels = [{"product": CHANNELS[place], "distributors": [PLACES[place]]} for place in places]
    return {"number": HOUSE, "subscriber": person, "services": channels, "items": goods}


def viewing_points(people: Sequence[Person]) -> tuple[Step, ...]:
    """What comes first is required; what is watched in one place is nothing to the others."""
    person = people[2 % len(people)]
    return (
        AtIrdeto(
            "TWIN2 is not to be had without TWIN1",
            "BECOME_SUBSCRIBER",
            HOUSE,
            household(person, 0, 2),
            in_sync=None,
            refused="IRDETO_TWIN2, required distributor: found nothing on IRDETO_TWIN1; wanted: IRDETO_TWIN1 in use.",
        ),
        all_four(person),
        AtIrdeto(
            "Sport can be watched on TWIN3, too",
            "CHANGE_DISTRIBUTION",
            HOUSE,
            {"services": ["Sport"], "put_on": ["IRDETO_TWIN3"]},
            (entitlements("ADD_ENTITLEMENTS", BOXES[3], "CA_SPORT"),),
            ("+entitlement CA_SPORT",),
        ),
        AtIrdeto(
            "Sport is taken from Main alone: the other viewing points are not touched",
            "CHANGE_DISTRIBUTION",
            HOUSE,
            {"services": ["Sport"], "take_off": ["IRDETO_MAIN"]},
            (entitlements("REMOVE_ENTITLEMENTS", BOXES[0], "CA_SPORT"),),
            ("-entitlement CA_SPORT",),
        ),
    )


def all_four(person: Person) -> Step:
    """The household, whole."""
    return AtIrdeto(
        "Four viewing points: each has a box, a card and a channel of its own",
        "BECOME_SUBSCRIBER",
        HOUSE,
        household(person, 0, 1, 2, 3),
        (
            *(register(box, place) for box, place in zip(BOXES, PLACES, strict=True)),
            *(pair(box, card) for box, card in zip(BOXES, CARDS, strict=True)),
            *(entitlements("ADD_ENTITLEMENTS", *right) for right in zip(BOXES, ENTITLEMENTS, strict=True)),
        ),
        (
            *(f"+client {box} sector {place}" for box, place in zip(BOXES, PLACES, strict=True)),
            *(f"+paired {card}" for card in CARDS),
            *(f"+entitlement {ca_id}" for ca_id in ENTITLEMENTS),
        ),
    )
