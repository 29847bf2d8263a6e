"""The payload of a message: tag, length, value, in hexadecimal. Knows no file and no memory."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

import msgspec

from simulators.kit.windows import Instant

FIRST_YEAR = 1990  # of the decades in a packed date
TENS = 10  # years of a decade; seconds of an interval's unit
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class PayloadError(ValueError):
    """What is wrong with a payload."""


Byte = Annotated[int, msgspec.Meta(ge=0, le=255)]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text for the mailbox or, where it has a duration, for the screen."""

    text: str
    sequence: Annotated[int, msgspec.Meta(ge=1, le=255)]
    duration_s: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    start: Instant | None = None
    repetitions: Byte = 0
    interval_s: Annotated[int, msgspec.Meta(ge=0, le=2_550, multiple_of=10)] = 0

    @property
    def is_mail(self) -> bool:
        """Whether it goes to the mailbox."""
        return self.duration_s == 0


class _Tag(NamedTuple):
    """A part of the message, how many bytes it has (None: any), and how they are read."""

    name: str
    size: int | None
    read: Callable[[bytes], Any]


def read(payload: str) -> Message:
    """The message in a payload. Raises PayloadError with a sentence."""
    if not _HEX.fullmatch(payload):
        raise PayloadError("it must be bytes in hexadecimal, two digits each")
    found: dict[str, Any] = {}
    for name, value in _parts(bytes.fromhex(payload)):
        if name in found:
            raise PayloadError(f"it has its {name} twice")
        found[name] = value
    missing = [name for name in ("text", "sequence", "duration_s") if name not in found]
    if missing:
        raise PayloadError(f"it has no {missing[0]}")
    return Message(**found)


def _parts(content: bytes) -> Iterator[tuple[str, Any]]:
    """Each part's name and value."""
    at = 0
    while at < len(content):
        tag, size = TAGS.get(content[at]), content[at + 1] if at + 1 < len(content) else 0
        if tag is None:
            raise PayloadError(f"there is no tag {content[at]:02x}")
        value = content[at + 2 : at + 2 + size]
        if len(value) < size or tag.size not in {None, size} or not size:
            raise PayloadError(f"its {tag.name} has a wrong length")
        yield tag.name, tag.read(value)
        at += 2 + size


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise PayloadError(f"its text is not UTF-8: {error.reason} at byte {error.start + 1}") from error


def _sequence(value: bytes) -> int:
    if not value[0]:
        raise PayloadError("its sequence must be 1 to 255")
    return value[0]


def _packed(value: bytes) -> datetime:
    """A date in four bytes: decade and day, year and month, hour, minute."""
    decade, day, year, month = value[0] >> 5, value[0] & 0x1F, value[1] >> 4, value[1] & 0x0F
    if year >= TENS:
        raise PayloadError(f"its start is no date: a decade has no year {year}")
    try:
        return datetime(FIRST_YEAR + TENS * decade + year, month, day, value[2], value[3], tzinfo=UTC)
    except ValueError as error:
        raise PayloadError(f"its start is no date: {error}") from error


# fmt: off
TAGS = {
    0x01: _Tag("text",        None, _text),
    0x02: _Tag("sequence",    1,    _sequence),
    0x03: _Tag("start",       4,    _packed),
    0x04: _Tag("duration_s",  2,    int.from_bytes),
    0x05: _Tag("repetitions", 1,    lambda value: value[0]),
    0x06: _Tag("interval_s",  1,    lambda value: value[0] * TENS),
}
# fmt: on
