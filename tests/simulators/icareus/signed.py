"""Tokens made by hand: nothing here knows the simulator."""

from collections.abc import Iterable
from hashlib import md5

ORGANIZATION, KEY = "14806", "headend"
NEW_YEAR_S = 1_767_225_600  # 2026-01-01T00:00:00Z
OPTIONAL = ("languageId", "comments")
ADA = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "screenName": "S1",
    "countryId": "246",
    "regionId": "1",
    "postalCode": "00100",
    "cityName": "Helsinki",
    "phoneNumber": "+358 1",
    "emailAddress": "ada@example.org",
}


def token(values: Iterable[str], at: int = NEW_YEAR_S, key: str = KEY, version: str = "01") -> str:
    """A token for values in their order, at a time in UNIX seconds."""
    time = f"{at:08x}"
    return f"{version}{time}{md5(':'.join((*values, time, key)).encode(), usedforsecurity=False).hexdigest()}"


def form(action: str, at: int = NEW_YEAR_S, **fields: str) -> dict[str, str]:
    """A signed call of an action, its parameters in the order given."""
    values = {"organizationId": ORGANIZATION, **fields}
    signed = token((value for name, value in values.items() if name not in OPTIONAL), at)
    return {"action": action, **values, "token": signed}
