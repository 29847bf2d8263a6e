"""What a provider at Tucano is configured with."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.adapters.xml import character_set
from engine.ports import ProviderParameter

LONGEST_LIFE_MINUTES = 1440
DEFAULT_LIFE_MINUTES = 15
SHORTEST_SECRET_BYTES = 32  # as long as the hash of HS256: RFC 7518, section 3.2


def minutes(value: str) -> str:
    """What is wanted instead of a life that no token has."""
    short = value.isascii() and value.isdecimal() and len(value) <= len(str(LONGEST_LIFE_MINUTES))
    in_range = short and 1 <= int(value) <= LONGEST_LIFE_MINUTES
    return "" if in_range else f"a whole number from 1 to {LONGEST_LIFE_MINUTES}"


def signing_secret(value: str) -> str:
    """What is wanted instead of a secret that is too short to sign with."""
    return "" if len(value.encode()) >= SHORTEST_SECRET_BYTES else f"at least {SHORTEST_SECRET_BYTES} bytes"


CONNECTION_PARAMETERS: Mapping[str, ProviderParameter] = MappingProxyType(
    {
        "end_point": ProviderParameter(mandatory=True),
        "user_name": ProviderParameter(mandatory=True),
        "password": ProviderParameter(mandatory=True, secret=True),
        "character_set_encoding": ProviderParameter(wanted=character_set),
        "jwt_secret": ProviderParameter(secret=True, wanted=signing_secret),
        "api_provider": ProviderParameter(),
        "token_life_minutes": ProviderParameter(whole_number=True, wanted=minutes),
    }
)
SECRETS = tuple(name for name, parameter in CONNECTION_PARAMETERS.items() if parameter.secret)


def token_life_minutes(connection: Mapping[str, str]) -> int:
    """For how long a subscriber's token is good."""
    return int(connection.get("token_life_minutes", DEFAULT_LIFE_MINUTES))
