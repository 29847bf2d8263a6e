"""The platforms of the harness: how each is made of the operator's file, and how its things are called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from harness import operator_files
from simulators.conax import app as conax
from simulators.icareus import app as icareus
from simulators.icareus.openapi import PATH as ICAREUS_PATH
from simulators.irdeto import app as irdeto
from simulators.kit.ftp_serving import FtpServer
from simulators.kit.platform import Platform
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano import app as tucano

Provider = Mapping[str, Any]


class Ids(NamedTuple):
    """How devices are called: `printed` gives the CA ID of a serial number (nothing: that is the same).

    `sent` makes of a CA ID what crosses the wire, and `read` of a word on the wire the serial number that is meant.
    """

    printed: Callable[[str], str]
    sent: Callable[[str], str]
    read: Callable[[str], str]


def printed(serial_number: str) -> str:
    """CARD-1 has 010000000011 printed on it, STB-1 020000000011; nothing, where the number has another form."""
    found = SERIAL_NUMBER.fullmatch(serial_number)
    return f"{DEVICES[found[1]]}{int(found[2]):09d}{CHECK_DIGIT}" if found else ""


def without_check_digit(ca_id: str) -> str:
    """The 11 digits of 11 or 12."""
    return ca_id[:11]


def serial_number(word: str) -> str:
    """The serial number behind 11 digits; any other word stays."""
    found = ON_THE_WIRE.fullmatch(word)
    return f"{NAMES[found[1]]}-{int(found[2])}" if found else word


DEVICES = {"CARD": "01", "STB": "02"}
NAMES = {digits: name for name, digits in DEVICES.items()}
CHECK_DIGIT = "1"
SERIAL_NUMBER = re.compile(r"(CARD|STB)-(\d{1,9})")
ON_THE_WIRE = re.compile(r"(01|02)(\d{9})")
NO_IDS = Ids(lambda _serial_number: "", str, str)
IN_DIGITS = Ids(printed, without_check_digit, serial_number)


@dataclass(frozen=True)
class Simulated:
    """A platform that is simulated: a row of the table.

    `settings` gives what its simulator must know of the provider in the operator's file, which has to say these things
    of the `connection`; `path` is where on its port it answers. `services` is the parameter that names services, and
    `service`, `item` are what the lines of what is held begin with. `goods` are those that a subscriber gets there,
    with the beginning of their serial numbers; `beside` is the one of them that is paired with the one on which things
    sit, where the platform keeps them on devices, and nothing where on an account. `windows`: whether it knows from
    when until when a usage service lasts; `registers`: whether it is told of devices, and which pairs end.
    `ids` are what the platform calls devices.
    """

    make: Callable[..., Platform[Any]]
    settings: Callable[[Provider], dict[str, Any]]
    connection: str
    path: str
    services: str
    service: str
    item: str
    goods: Mapping[str, str]
    beside: str = ""
    windows: bool = True
    registers: bool = True
    ids: Ids = NO_IDS


def at_tucano(provider: Provider) -> dict[str, Any]:
    """Options by CA ID, credentials, how subscribers' tokens are signed."""
    known = provider["connection"]
    return {
        "options": ca_ids(provider),
        **credentials(known),
        "jwt_secret": known.get("jwt_secret"),
        "api_provider": known.get("api_provider"),
    }


def at_icareus(provider: Provider) -> dict[str, Any]:
    """Products by CA ID, and what tokens are made of."""
    known = provider["connection"]
    return {"products": ca_ids(provider), "organization": str(known["organization_id"]), "key": str(known["key"])}


def at_irdeto(provider: Provider) -> dict[str, Any]:
    """Entitlements by CA ID, and credentials."""
    return {"products": ca_ids(provider), **credentials(provider["connection"])}


def at_conax(provider: Provider) -> dict[str, Any]:
    """Products by CA ID, credentials, and where the folders are."""
    known = provider["connection"]
    return {"products": ca_ids(provider), "home": str(known.get("home_directory", "")), **credentials(known)}


def ca_ids(provider: Provider) -> list[str]:
    """The services that the platform knows, by its ids."""
    return [str(service["ca_id"]) for service in provider["services"]]


def credentials(connection: Mapping[str, Any]) -> dict[str, str]:
    """Who may call the platform."""
    return {"user": str(connection["user_name"]), "password": str(connection["password"])}


BOX = {"STB": "STB"}
CARD = "SMARTCARD"
BOX_AND_CARD = {"STB": "STB", CARD: "CARD"}
CARD_AND_BOX = {CARD: "CARD", "STB": "STB"}
# fmt: off
PLATFORMS: Mapping[str, Simulated] = {
    #                     made by          of          of the connection       path          services      service        item        goods
    "tucano":  Simulated(tucano.tucano,   at_tucano,  "user_name, password",  tucano.PATH,  "options",    "option",      "material", BOX),
    "icareus": Simulated(icareus.icareus, at_icareus, "organization_id, key", ICAREUS_PATH, "productIds", "product",     "device",   BOX, windows=False),
    "irdeto":  Simulated(irdeto.irdeto,   at_irdeto,  "user_name, password",  irdeto.PATH,  "caIds",      "entitlement", "client",   BOX_AND_CARD, CARD),
    "conax":   Simulated(conax.conax,     at_conax,   "user_name, password",  "",           "product",    "product",     "card",     CARD_AND_BOX, "STB", windows=False, registers=False, ids=IN_DIGITS),
}
# fmt: on
SEVERAL = frozenset({"options", "productIds", "caIds", "cards"})
"""The parameters that are lists."""
DEVICE_PARAMETERS = frozenset({"cards", "smartcard", "stb"})
"""The parameters that name devices, where a platform calls these by ids of its own."""
WANTED = "[[providers]] with a connection ({}) and [[providers.services]], each with a ca_id"


def settings(name: str, folder: Path = operator_files.FOLDER) -> dict[str, Any]:
    """What the simulator must know to be the operator's platform. Raises OperatorError."""
    row = PLATFORMS[name]
    with operator_files.reading(folder / f"{name}.toml", WANTED.format(row.connection)) as file:
        return row.settings(operator_files.content(file)["providers"][0])


def platform(name: str, folder: Path = operator_files.FOLDER) -> Platform[Any]:
    """The operator's platform. Raises OperatorError."""
    return PLATFORMS[name].make(**settings(name, folder))


def known_to(folder: Path) -> list[str]:
    """The platforms for which the operator has a file, in the order of the table. Raises OperatorError for none."""
    names = [name for name in PLATFORMS if (folder / f"{name}.toml").exists()]
    if not names:
        wanted = " or ".join(f"{name}.toml" for name in PLATFORMS)
        raise operator_files.OperatorError(f"{folder}: no platform has a file; wanted: {wanted}.")
    return names


def server(simulator: Simulator[Any], port: int = 0) -> Server | FtpServer:
    """The port of a platform, not started yet: for calls, or for files."""
    if simulator.platform.drop:
        return FtpServer(simulator, port=port)
    return Server(simulator.wsgi, port=port, simulator=simulator)
