"""Secrets, masked in what the journal keeps."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulators.kit.charset import as_bytes, as_text
from simulators.kit.platform import Violation

MASK = "***"
_WORDLY = re.compile(r"\w")


class Mask:
    """Puts `***` in the place of secrets, wherever they are words of their own: not 1234 in SC12345.

    `hide` does so with what is known by its looks.
    """

    def __init__(self, secrets: Iterable[str], hide: Callable[[str], str] | None = None) -> None:
        self._secrets = sorted({*secrets} - {""}, key=len, reverse=True)
        self._hide = hide or str
        self._idle = not self._secrets and hide is None

    def text(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = _without(text, secret)
        return self._hide(text)

    def raw(self, body: bytes) -> bytes:
        """Bytes that are no text, without the secrets as UTF-8 has them."""
        if self._idle:
            return body
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def body(self, body: bytes, content_type: str) -> tuple[str, bool]:
        """A body as the journal keeps it, without the secrets: text, else base64 and True."""
        text = as_text(body, content_type)
        masked = None if text is None else self.text(text)
        raw = body if masked is None or self._idle else as_bytes(masked, content_type)
        hidden = self.raw(raw)  # a body that is not in the character set it claims: its secrets are among the bytes
        if masked is None or hidden != raw:
            return b64encode(hidden).decode(), True
        return masked, False

    def parameters(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters without the secrets, however deep in them."""
        return {name: self._value(value) for name, value in parameters.items()} if not self._idle else parameters

    def violations(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """The violations, none of which quotes a secret."""
        return tuple(Violation(self.text(one.path), self.text(one.message)) for one in violations)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self.parameters(value)
        return [self._value(each) for each in value] if isinstance(value, list | tuple | set | frozenset) else value


def _without(text: str, secret: str) -> str:
    """By search and not by a pattern: a secret may be as long as a body, and a pattern of it takes seconds to make."""
    parts, start, found = [], 0, text.find(secret)
    while found >= 0:
        end = found + len(secret)
        if _WORDLY.match(text[end : end + 1]) or _WORDLY.match(text[max(found - 1, 0) : found]):
            found = text.find(secret, found + 1)
            continue
        parts += [text[start:found], MASK]
        start, found = end, text.find(secret, end)
    return "".join((*parts, text[start:]))
