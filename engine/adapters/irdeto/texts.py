"""Texts as boxes show them: in one of three modes, each with its own form on the wire."""

import string
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from engine.domain.errors import InvalidError

TextMode = Literal["ANSI", "UNICODE", "RAW"]
MOST_BYTES = 2000
"""The longest text, in bytes as boxes get it."""
FIRST_PRINTABLE = " "
ALLOWED_CONTROLS = frozenset("\t\n\r")


def ansi(text: str) -> str:
    """Characters of windows-1252, as they are. Raises InvalidError, which names the first that is none."""
    for place, character in enumerate(text, start=1):
        control = character < FIRST_PRINTABLE and character not in ALLOWED_CONTROLS
        if control or not character.encode("cp1252", "ignore"):
            found = f"{character!r} (U+{ord(character):04X}) in place {place}"
            raise InvalidError(
                f"text: found {found}; wanted: characters of windows-1252, or another text_mode.", field="text"
            )
    return text


def utf_16(text: str) -> str:
    """UTF-16, big end first, as hexadecimal digits. Raises InvalidError, which names what is no character."""
    try:
        return text.encode("utf-16-be").hex().upper()
    except UnicodeEncodeError as error:
        found = f"{text[error.start]!a} in place {error.start + 1}"
        raise InvalidError(f"text: found {found}; wanted: characters of Unicode.", field="text") from error


def raw(text: str) -> str:
    """Bytes as hexadecimal digits, passed on as they are. Raises InvalidError."""
    for place, character in enumerate(text, start=1):
        if character not in string.hexdigits:
            raise InvalidError(f"text: found {character!r} in place {place}; wanted: hexadecimal digits.", field="text")
    if len(text) % 2:
        raise InvalidError(f"text: found {len(text)} hexadecimal digits; wanted: two for each byte.", field="text")
    return text


MODES: Mapping[TextMode, Callable[[str], str]] = MappingProxyType({"ANSI": ansi, "UNICODE": utf_16, "RAW": raw})


def on_the_wire(mode: TextMode, text: str) -> str:
    """The text in the form of its mode. Raises InvalidError where the mode can't hold it, it is empty, or too long."""
    if not text:
        raise InvalidError("text: found nothing; wanted: what the box is to show.", field="text")
    form = MODES[mode](text)
    size = len(form) if mode == "ANSI" else len(form) // 2
    if size > MOST_BYTES:
        raise InvalidError(f"text: found {size} bytes in {mode}; wanted: at most {MOST_BYTES}.", field="text")
    return form
