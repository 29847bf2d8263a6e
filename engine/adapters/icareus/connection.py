"""What a provider at Icareus is configured with."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote_plus

from engine.ports import ProviderParameter

LONGEST_NUMBER = 18
NOWHERE = "0"
PAIR = re.compile(r"([^=]+)=\s*([0-9]{1,18})(?:[\s,;]+|$)")


def number(value: str) -> str:
    """What is wanted instead of a number that the platform does not give."""
    fine = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
    return "" if fine else f"a whole number of at most {LONGEST_NUMBER} digits"


def numbers_of_names(value: str) -> str:
    """What is wanted instead of a text that does not say the platform's numbers."""
    return "" if pairs(value) is not None else "names with the platform's numbers, such as GB=826 FI=246, each once"


def pairs(value: str) -> dict[str, str] | None:
    """The platform's numbers by name, in any case; a number ends its pair. None where it says no such thing."""
    found: dict[str, str] = {}
    text, at = value.strip(), 0
    while at < len(text):
        pair = PAIR.match(text, at)
        name = pair[1].strip().casefold() if pair else ""
        if pair is None or not name or name in found:
            return None
        found[name] = pair[2]
        at = pair.end()
    return found


CONNECTION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {
        "url": ProviderParameter(mandatory=True),
        "organization_id": ProviderParameter(mandatory=True, whole_number=True, wanted=number),
        "key": ProviderParameter(mandatory=True, secret=True),
        "country_ids": ProviderParameter(wanted=numbers_of_names),
        "region_ids": ProviderParameter(wanted=numbers_of_names),
        "default_country_id": ProviderParameter(whole_number=True, wanted=number),
        "default_region_id": ProviderParameter(whole_number=True, wanted=number),
    }
)


def as_url(url: str) -> Mapping[str, str]:
    """The parameters that say where the platform is."""
    return {"url": url}


def place_id(connection: Mapping[str, str], what: str, name: str) -> str:
    """The platform's number of a country or a region; the provider's default for what has none.

    The platform wants a number in any case.
    """
    known = pairs(connection.get(f"{what}_ids", "")) or {}
    return known.get(name.strip().casefold()) or connection.get(f"default_{what}_id") or NOWHERE


def forms(secret: str) -> tuple[str, ...]:
    """A secret, and how a form and an answer in JSON would write it."""
    in_json = (json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    return tuple(dict.fromkeys((*in_json, quote_plus(secret), secret)))
