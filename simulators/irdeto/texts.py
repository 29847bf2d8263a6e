"""What a message's text may be, mode by mode, and how it reads."""

import re
from collections.abc import Callable
from typing import NamedTuple

from simulators.irdeto.codes import TextMode

MOST_BYTES = 2_000  # of what a device is sent
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class TextError(ValueError):
    """What is wrong with a text."""


class Reading(NamedTuple):
    """What a device is sent for a text, and how its viewer reads that."""

    sent: Callable[[str], bytes]
    read: Callable[[bytes], str]


def readable(mode: str, text: str) -> str:
    """The text as the viewer reads it; of RAW, which only the device understands, its bytes. Raises TextError."""
    if mode not in MODES:
        raise TextError(f"there is no text mode {mode[:64]!r}; there are {', '.join(MODES)}")
    if not text:
        raise TextError("it is empty")
    reading = MODES[TextMode(mode)]
    sent = reading.sent(text)
    if len(sent) > MOST_BYTES:
        raise TextError(f"{len(sent)} bytes would have to be sent; {MOST_BYTES} are the most")
    return reading.read(sent)


def _ansi(text: str) -> bytes:
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError as error:
        raise TextError(f"{text[error.start]!r}, character {error.start + 1}, is not in windows-1252") from error


def _bytes(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise TextError("it must be bytes in hexadecimal, two digits each")
    return bytes.fromhex(text)


def _utf_16(sent: bytes) -> str:
    try:
        return sent.decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise TextError(f"it is not UTF-16BE: {error.reason} at byte {error.start + 1}") from error


# fmt: off
MODES = {
    TextMode.ANSI:    Reading(_ansi,  lambda sent: sent.decode("cp1252")),
    TextMode.UNICODE: Reading(_bytes, _utf_16),
    TextMode.RAW:     Reading(_bytes, lambda sent: sent.hex().upper()),
}
# fmt: on
