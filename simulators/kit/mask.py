"""Secrets, masked in what the journal keeps."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from simulators.kit.platform import Violation

MASK = "***"
_WORDLY = re.compile(r"\w")


class Mask:
    """Puts `***` in the place of secrets, wherever they are words of their own: not 1234 in SC12345."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({*secrets} - {""}, key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = _without(text, secret)
        return text

    def raw(self, body: bytes) -> bytes:
        """Bytes that are no text, without the secrets as UTF-8 has them."""
        if not self._secrets:
            return body
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def parameters(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters without the secrets, however deep in them."""
        return {name: self._value(value) for name, value in parameters.items()} if self._secrets else parameters

    def violations(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """The violations, none of which quotes a secret."""
        if not self._secrets:
            return tuple(violations)
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
