"""Tokens of calls: whether they were made with the key, for these values, and lately. No HTTP, no clock of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from hmac import compare_digest

import msgspec

from simulators.icareus.codes import Code

VERSION = "01"
_SHAPE = re.compile(r"([0-9a-f]{2})([0-9a-f]{8})([0-9a-f]{32})")


class TokenError(Exception):
    """A token that opens nothing: the platform's code, and what is wrong. The token is never in it."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail


class Token(msgspec.Struct, frozen=True):
    """A token taken apart: when it is of, as digits and as it is signed, and the sum of what is signed."""

    time_s: int
    time_hex: str
    digest: str


def token(text: str) -> Token:
    """A text as a token, neither its sum nor its time looked at. Raises TokenError."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise TokenError(Code.INVALID_TOKEN, "the token is not 42 hexadecimal digits in lower case")
    version, time_hex, digest = found.groups()
    if version != VERSION:
        raise TokenError(Code.INVALID_TOKEN, f"the token's version is not {VERSION}")
    return Token(int(time_hex, 16), time_hex, digest)


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may come in: the one organisation there is, who knows the key, and whose clock is about right."""

    organization: str
    key: str = field(repr=False)
    window_s: int

    def __post_init__(self) -> None:
        """Raise ValueError where no call could ever come in."""
        if not re.fullmatch("[0-9]{1,18}", self.organization):
            raise ValueError("the organisation is 1 to 18 digits")
        if not self.key:
            raise ValueError("the key is empty")
        if self.window_s < 0:
            raise ValueError("the token's window has less than no seconds")

    def check(self, shown: Token, values: Iterable[str], organization: str, at: datetime) -> None:
        """Raise TokenError unless the token is for these values, of this organisation, at about this time."""
        if organization != self.organization:
            raise TokenError(Code.UNKNOWN_ORGANIZATION, f"there is no organisation {organization}")
        signed = ":".join((*values, shown.time_hex, self.key)).encode()
        if not compare_digest(md5(signed, usedforsecurity=False).hexdigest(), shown.digest):
            raise TokenError(Code.INVALID_TOKEN, "the token was not made with the key, of these values in their order")
        if abs(at.timestamp() - shown.time_s) > self.window_s:
            found, now = (_second(each) for each in (shown.time_s, at.timestamp()))
            raise TokenError(
                Code.EXPIRED_TOKEN, f"the token is of {found}, and now is {now}: {self.window_s} s apart is the most"
            )


def _second(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
