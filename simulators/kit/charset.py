"""Character sets as HTTP names them."""

import codecs
import re

DEFAULT = "utf-8"
_OF_HOSTS = frozenset({"idna", "punycode"})  # for names: they take minutes for a body
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^"';\s]+)""", re.IGNORECASE)


def charset_of(content_type: str) -> str:
    """The character set a Content-Type names, UTF-8 when it names none."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else DEFAULT


def as_text(body: bytes, content_type: str) -> str | None:
    """A body as text in its own character set; None when it isn't."""
    charset = charset_of(content_type)
    try:
        return None if codecs.lookup(charset).name in _OF_HOSTS else body.decode(charset)
    except (UnicodeError, LookupError):  # some codecs refuse in a way of their own
        return None


def as_bytes(text: str, content_type: str) -> bytes:
    """The text of a body in its own character set again; nothing where it can't be."""
    try:
        return text.encode(charset_of(content_type))
    except (UnicodeError, LookupError):  # what can be read in a set can't always be written in it
        return b""
