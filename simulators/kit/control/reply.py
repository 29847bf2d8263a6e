"""Answers of the control port that aren't JSON."""

import msgspec


class Text(msgspec.Struct, frozen=True):
    """A text with its content type."""

    text: str
    content_type: str = "text/plain; charset=utf-8"
