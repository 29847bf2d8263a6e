"""What the benchmarks ask of each simulated platform: a test's traffic, and the calls of a crowd."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

from engine.adapters.icareus.tokens import token
from simulators.icareus.app import icareus
from simulators.irdeto.app import irdeto
from simulators.kit.credentials import basic
from simulators.kit.platform import Platform
from simulators.tucano.app import tucano

FEW = 3  # subscribers that a crowd asks about
SERVICES = ("A", "B", "C")
AUTHORIZATION = basic("headend", "headend")
SIGNED = "&token="


@dataclass(frozen=True)
class Wire:
    """A platform's port: how it is made, and as a process; where and with which headers it is asked.

    `scenario` is a test's traffic: operations, and what is sent for each before it is signed. `overlapping(random,
    client, number)` is one call of a crowd, `signed` what goes out for it, and `unsigned` the call again.
    """

    make: Callable[[], Platform[Any]]
    options: tuple[str, ...]
    path: str
    headers: Mapping[str, str]
    scenario: tuple[tuple[str, bytes], ...]
    overlapping: Callable[[Random, int, int], bytes]
    signed: Callable[[bytes], bytes] = bytes
    unsigned: Callable[[str], str] = str


def tucano_command(name: str, reference: str, inner: str) -> bytes:
    """One command of Tucano's."""
    return f'<command name="{name}" reference="{reference}">{inner}</command>'.encode()


def tucano_call(random: Random, client: int, number: int) -> bytes:
    """One of five commands on one of a few accounts; every eighth under a reference that others use too."""
    reference = f"shared-{random.randrange(100)}" if number % 8 == 0 else f"{client}-{number}"
    account = f'<account id="T10000{random.randint(1, FEW)}"/>'
    chosen = "".join(f'<option id="{option}"/>' for option in sorted(random.sample(SERVICES, 2)))
    material = f'<material id="STB-{random.randrange(4)}"/>'
    name, inner = random.choice(
        (
            ("CREATE_ACCOUNT", f'<subscriber number="S{random.randint(1, FEW)}"/>'),
            ("ADD_MATERIAL", account + material),
            ("REMOVE_MATERIAL", account + material),
            ("ACTIVATE_OPTIONS", f"{account}<options>{chosen}</options>"),
            ("SUSPEND_OPTIONS", f"{account}<options>{chosen}</options>"),
        )
    )
    return tucano_command(name, reference, inner)


def icareus_form(action: str, **fields: str) -> bytes:
    """One call of Icareus's, not signed yet."""
    return urlencode({"action": action, "organizationId": "14806", **fields}).encode()


def icareus_user(screen_name: str) -> bytes:
    """The registration of a user."""
    names = {"firstName": "Ada", "lastName": "Lovelace", "screenName": screen_name, "countryId": "1", "regionId": "1"}
    rest = {"postalCode": "1", "cityName": "a", "phoneNumber": "1", "emailAddress": "ada@example.org"}
    return icareus_form("addUser", **names, **rest)


def icareus_call(random: Random, _client: int, _number: int) -> bytes:
    """One of five calls about one of a few users."""
    user, chosen = f"20000{random.randint(1, FEW)}", ",".join(sorted(random.sample(SERVICES, 2)))
    device = f"STB-{random.randrange(4)}"
    return random.choice(
        (
            icareus_user(f"S{random.randint(1, FEW)}"),
            icareus_form("addDeviceToUser", userId=user, deviceId=device),
            icareus_form("removeDeviceFromUser", userId=user, deviceId=device),
            icareus_form("activateProducts", userId=user, productIds=chosen),
            icareus_form("cancelProducts", userId=user, productIds=chosen),
        )
    )


def icareus_signed(body: bytes) -> bytes:
    """The call with a token of this second."""
    values = [value for name, value in parse_qsl(body.decode(), keep_blank_values=True) if name != "action"]
    return body + f"{SIGNED}{token(values, 'headend', int(time.time()))}".encode()


def irdeto_envelope(operation: str, transaction: str, inner: str) -> bytes:
    """One call of Irdeto's."""
    body = f'<{operation} xmlns="urn:headend:irdeto-kms:1"><transactionId>{transaction}</transactionId>{inner}'
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{soap}"><s:Body>{body}</{operation}></s:Body></s:Envelope>'.encode()


def irdeto_call(random: Random, client: int, number: int) -> bytes:
    """One of five calls about one of a few secure clients; every eighth in a transaction that others use too."""
    transaction = f"shared-{random.randrange(100)}" if number % 8 == 0 else f"{client}-{number}"
    box = f"<secureClient>STB-{random.randint(1, FEW)}</secureClient>"
    chosen = sorted(random.sample(SERVICES, 2))
    given, taken = (f'<entitlement caId="{one}"/>' for one in chosen), (f"<caId>{one}</caId>" for one in chosen)
    registered = f"{box}<subscription>S{random.randint(1, FEW)}</subscription><sector>MAIN</sector>"
    operation, inner = random.choice(
        (
            ("REGISTER_SECURE_CLIENT", registered),
            ("DEREGISTER_SECURE_CLIENT", box),
            ("PAIR", f"{box}<smartcard>CARD-{random.randint(1, FEW)}</smartcard>"),
            ("ADD_ENTITLEMENTS", box + "".join(given)),
            ("REMOVE_ENTITLEMENTS", box + "".join(taken)),
        )
    )
    return irdeto_envelope(operation, transaction, inner)


ACCOUNT, USER, BOX = '<account id="T100001"/>', "200001", "<secureClient>STB-1</secureClient>"
PRODUCTS = tuple(word for service in SERVICES for word in ("--product", service))
XML = {"Authorization": AUTHORIZATION, "Content-Type": "text/xml; charset=UTF-8"}
WIRES: Mapping[str, Wire] = {
    "tucano": Wire(
        lambda: tucano(options=SERVICES),
        tuple(word for service in SERVICES for word in ("--option", service)),
        "/tucano",
        XML,
        tuple(
            (name, tucano_command(name, f"{number}", inner))
            for number, (name, inner) in enumerate(
                (
                    ("CREATE_ACCOUNT", '<subscriber number="S1"/>'),
                    ("ADD_MATERIAL", f'{ACCOUNT}<material id="STB-1" type="STB"/>'),
                    ("ACTIVATE_OPTIONS", f'{ACCOUNT}<options><option id="A"/><option id="B"/></options>'),
                    ("SUSPEND_OPTIONS", f'{ACCOUNT}<options><option id="A"/></options>'),
                    ("GET_ACCOUNT", ACCOUNT),
                )
            )
        ),
        tucano_call,
    ),
    "icareus": Wire(
        lambda: icareus(products=SERVICES),
        PRODUCTS,
        "/delegate/account",
        {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
        (
            ("addUser", icareus_user("S1")),
            ("addDeviceToUser", icareus_form("addDeviceToUser", userId=USER, deviceId="STB-1")),
            ("activateProducts", icareus_form("activateProducts", userId=USER, productIds="A,B")),
            ("cancelProducts", icareus_form("cancelProducts", userId=USER, productIds="A")),
            ("getUser", icareus_form("getUser", userId=USER)),
        ),
        icareus_call,
        icareus_signed,
        lambda body: body.partition(SIGNED)[0],
    ),
    "irdeto": Wire(
        lambda: irdeto(products=SERVICES),
        PRODUCTS,
        "/irdeto",
        XML,
        tuple(
            (operation, irdeto_envelope(operation, f"{number}", BOX + inner))
            for number, (operation, inner) in enumerate(
                (
                    ("REGISTER_SECURE_CLIENT", "<subscription>S1</subscription><sector>MAIN</sector>"),
                    ("PAIR", "<smartcard>CARD-1</smartcard>"),
                    ("ADD_ENTITLEMENTS", '<entitlement caId="A"/><entitlement caId="B"/>'),
                    ("REMOVE_ENTITLEMENTS", "<caId>A</caId>"),
                    ("QUERY_SECURE_CLIENT", "<kind>ENTITLEMENTS</kind>"),
                )
            )
        ),
        irdeto_call,
    ),
}
