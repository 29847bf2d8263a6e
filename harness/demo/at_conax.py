"""Conax in stories: three households with their cards; requests, files and effects in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from harness.demo.story import EVERYBODY, RUNS, File, Person, Request, Step

A, B, C = "S0000000005", "S0000000006", "S0000000007"
# As they are printed: 12 digits, of which 11 cross the wire.
CARDS = {A: "010000000011", B: "010000000022", C: "010000000033"}
STBS = {A: "020000000011", B: "020000000022", C: "020000000033"}
SPORT, CINEMA, RELIGION = "Sport", "Cinema", "Religion"
CA_IDS = {SPORT: "10001005", CINEMA: "10001006", RELIGION: "10001003"}
MAIN = ["CONAX_MAIN"]
PROCESS, ANSWERS = "PROCESS_REQUESTS", "ERROR_HANDLING"
ADD, CANCEL, RENEW, PAIR = "ADD_SUBSCRIPTIONS", "CANCEL_SUBSCRIPTIONS", "RENEW_SUBSCRIPTIONS", "CREATE_PAIRING"
AtConax = partial(Step, platform="conax", in_sync=False)


def household(number: str, person: Person, *products: str) -> Mapping[str, Any]:
    """Someone with a card, an STB and these services."""
    return {
        "number": number,
        "subscriber": person,
        "services": [{"product": product, "distributors": MAIN} for product in products],
        "items": [
            {"product": product, "serial_number": serial[number], "distributors": MAIN}
            for product, serial in (("SMARTCARD", CARDS), ("STB", STBS))
        ],
    }


def run(title: str, at: datetime, *definitions: str, **expected: Any) -> Step:
    """Runs at a moment, one after the other, and what must come of them."""
    return AtConax(title, RUNS, EVERYBODY, {"definitions": definitions}, at=at, **expected)


def asked(command: str, number: str, product: str, name: str) -> Request:
    """A request about a household's card, in a file of this name."""
    return Request(command, {"smartcard": CARDS[number], "service": CA_IDS[product]}, "PENDING", file=name)


def paired(number: str, name: str) -> Request:
    """A request that makes a pair of a household's card and STB."""
    return Request(PAIR, {"smartcard": CARDS[number], "stb": STBS[number]}, "PENDING", file=name)


def done(*requests: Request) -> tuple[Request, ...]:
    """The same requests, when the platform has said yes."""
    return tuple(replace(one, life_cycle_state="COMPLETED") for one in requests)


def file(name: str, operation: str, product: str, *numbers: str, end: str) -> File:
    """A file about a product on these households' cards, until the last minute of a day."""
    about = {"product": CA_IDS[product], "cards": [wire(CARDS[one]) for one in numbers]}
    return File(f"{name}.emm", operation, {**about, "end": f"{end}T23:59:00Z"})


def pair_file(name: str, number: str) -> File:
    """The file of a pair."""
    return File(f"{name}.emm", PAIR, {"smartcard": wire(CARDS[number]), "stb": wire(STBS[number])})


def effects(sign: str, product: str, end: str, numbers: Sequence[str]) -> tuple[str, ...]:
    """What a file changes: of several cards, each is named."""
    line = f"product {CA_IDS[product]} until {end}"
    return tuple(f"{sign}{wire(CARDS[one])}: {line}" if len(numbers) > 1 else f"{sign}{line}" for one in numbers)


def wire(digits: str) -> str:
    """A card or an STB without its check digit."""
    return digits[:11]


def shown(number: str, product: str, end: str, awaited: str = "") -> str:
    """That the engine says until when something is authorised, and which answer it awaits."""
    return f"{number} {product} until {end}{awaited and f', awaits {awaited}'}"
