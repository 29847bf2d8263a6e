"""How a provider at Conax is reached, and where its folders are."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from engine.adapters.conax.operations import whole
from engine.adapters.xml import character_set
from engine.domain.provider import Provider
from engine.ports import Places, ProviderParameter, Site

FTP_PORT = 21
FOLDERS = re.compile(r"(/(?!\.{1,2}(/|$))[^/\x00-\x1f\x7f]+)*")


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
