"""Character sets as HTTP names them."""

import re

DEFAULT = "utf-8"
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^"';\s]+)""", re.IGNORECASE)


def charset_of(content_type: str) -> str:
    """The character set a Content-Type names, UTF-8 when it names none."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else DEFAULT


def as_text(body: bytes, content_type: str) -> str | None:
    """A body as text in its own character set; None when it isn't."""
    try:
        return body.decode(charset_of(content_type))
    except (UnicodeError, LookupError):  # some codecs refuse in a way of their own
        return None
