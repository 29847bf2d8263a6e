"""What a provider at Irdeto KMS is configured with."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.adapters.xml import character_set
from engine.ports import ConnectionParameter

FACTORY_PIN = "0001"
PIN_DIGITS = 4


def four_digits(value: str) -> str:
    """What is wanted instead of what is no PIN."""
    fine = len(value) == PIN_DIGITS and value.isascii() and value.isdecimal()
    return "" if fine else "four digits"


CONNECTION_PARAMETERS: Mapping[str, ConnectionParameter] = MappingProxyType(
    {
        "end_point": ConnectionParameter(mandatory=True),
        "user_name": ConnectionParameter(mandatory=True),
        "password": ConnectionParameter(mandatory=True, secret=True),
        "character_set_encoding": ConnectionParameter(wanted=character_set),
        "default_pin": ConnectionParameter(secret=True, wanted=four_digits),
    }
)


def default_pin(connection: Mapping[str, str]) -> str:
    """The PIN to which boxes go back."""
    return connection.get("default_pin") or FACTORY_PIN
