"""What a provider at Conax is configured with: how it is reached, and how it is worked with."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from engine.adapters.conax import dates
from engine.adapters.xml import character_set
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.ports import Places, ProviderParameter, Site

FTP_PORT = 21
FREQUENCY = "renewal_frequency_months"
FOLDERS = re.compile(r"(/(?!\.{1,2}(/|$))[^/\x00-\x1f\x7f]+)*")
PRODUCT, DEVICE = re.compile(r"[0-9]{1,8}"), re.compile(r"[0-9]{11,12}")


class Number(NamedTuple):
    """A whole number that may be configured: its ends, and what it is by default."""

    least: int
    most: int
    default: int


def whole(least: int, most: int) -> Callable[[str], str]:
    """What is wanted instead of a value that is no whole number in this range."""

    def wanted(value: str) -> str:
        short = value.isascii() and value.isdecimal() and len(value) <= len(str(most))
        return "" if short and least <= int(value) <= most else f"a whole number from {least} to {most}"

    return wanted


def yes_or_no(value: str) -> str:
    """What is wanted instead of what is neither true nor false."""
    return "" if value in {"true", "false"} else "true or false"


def folders(value: str) -> str:
    """What is wanted instead of what is no path of folders."""
    return "" if FOLDERS.fullmatch(value) else "folders, each as /name"


def charset(value: str) -> str:
    """What is wanted instead of a character encoding that there is not, or in which FTP's own words are others."""
    instead = character_set(value)
    return instead or ("" if "USER".encode(value) == b"USER" else "a character set that holds ASCII, such as UTF-8")


def product(ca_id: str) -> str:
    """What is wanted instead of an id that no product has."""
    return "" if PRODUCT.fullmatch(ca_id) else "a product id of 1 to 8 digits"


def device(role: Role, ca_id: str) -> str:
    """What is wanted instead of an id that no card and no STB has."""
    return "" if role is Role.PLAIN or DEVICE.fullmatch(ca_id) else "11 or 12 digits"


CONNECTION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {
        "host_name": ProviderParameter(mandatory=True),
        "port": ProviderParameter(whole_number=True, wanted=whole(1, 65_535)),
        "home_directory": ProviderParameter(wanted=folders),
        "user_name": ProviderParameter(mandatory=True),
        "password": ProviderParameter(mandatory=True, secret=True),
        "character_encoding": ProviderParameter(wanted=charset),
        "ftps": ProviderParameter(truth=True, wanted=yes_or_no),
        "certificate_file": ProviderParameter(),
        "passive": ProviderParameter(truth=True, wanted=yes_or_no),
    }
)
OPERATIONS: Mapping[str, Number] = MappingProxyType(
    {
        "maximum_records": Number(1, 20_000, 20_000),
        "add_end_period_months": Number(1, 36, 1),
        FREQUENCY: Number(1, 35, 1),
        "renew_end_period_months": Number(1, 36, 1),
        "cancel_end_period_months": Number(1, 36, 1),
        "overdue_after_hours": Number(1, 8_760, 24),
    }
)
OPERATION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {name: ProviderParameter(whole_number=True, wanted=whole(one.least, one.most)) for name, one in OPERATIONS.items()}
)


def operation(provider: Provider, name: str) -> int:
    """An operation parameter, as it is configured or by default."""
    return int(provider.operations.get(name, OPERATIONS[name].default))


def encoding(provider: Provider) -> str:
    """The character encoding of names and texts."""
    return provider.connection.get("character_encoding", "UTF-8")


def as_host_and_port(url: str) -> Mapping[str, str]:
    """The parameters that say where the platform is, out of an ftp URL."""
    parts = urlsplit(url)
    return {"host_name": parts.hostname or "", "port": str(parts.port or FTP_PORT)}


def site(provider: Provider) -> Site:
    """Where the platform's folders are."""
    known = provider.connection
    return Site(
        host=known["host_name"],
        port=int(known.get("port", FTP_PORT)),
        user_name=known["user_name"],
        password=known["password"],
        secured=known.get("ftps") == "true",
        certificate_file=known.get("certificate_file", ""),
        passive=known.get("passive", "true") == "true",
        encoding=encoding(provider),
    )


def places(provider: Provider) -> Places:
    """The folders of requests and of answers, under the home directory."""
    inside = f"{provider.connection.get('home_directory', '')}/autreq"
    return Places(f"{inside}/req", f"{inside}/ok", f"{inside}/err", f"{inside}/err/errors.txt")


def overdue_after(provider: Provider) -> timedelta:
    """How long an answer may take."""
    return timedelta(hours=operation(provider, "overdue_after_hours"))


def renewed_before(provider: Provider, now: datetime) -> datetime:
    """What was authorised before this moment is to be renewed."""
    return dates.renewed_before(now, operation(provider, FREQUENCY))


def warnings(provider: Provider) -> Iterator[str]:
    """What is allowed and hardly meant: rights that end before they are renewed, or just on that day."""
    months, where = operation(provider, FREQUENCY), f"providers[{provider.code}].operations"
    for name in ("add_end_period_months", "renew_end_period_months"):
        until = operation(provider, name)
        if months >= until:
            then = "on the day they are renewed" if months == until else "before they are renewed"
            yield f"{where}: {FREQUENCY} {months} is not below {name} {until}: rights end {then}."
