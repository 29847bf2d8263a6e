"""What a provider at Irdeto KMS is configured with."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.adapters.xml import character_set
from engine.ports import ProviderParameter

FACTORY_PIN = "0001"
PIN_DIGITS = 4


def four_digits(value: str) -> str:
    """What is wanted instead of what is no PIN."""
    fine = len(value) == PIN_DIGITS and value.isascii() and value.isdecimal()
    return "" if fine else "four digits"


CONNECTION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {
        "end_point": ProviderParameter(mandatory=True),
        "user_name": ProviderParameter(mandatory=True),
        "password": ProviderParameter(mandatory=True, secret=True),
        "character_set_encoding": ProviderParameter(wanted=character_set),
        "default_pin": ProviderParameter(secret=True, wanted=four_digits),
    }
)


def default_pin(connection: Mapping[str, str]) -> str:
    """The PIN to which boxes go back."""
    return connection.get("default_pin") or FACTORY_PIN
