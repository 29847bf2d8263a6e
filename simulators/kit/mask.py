"""Secrets, masked in what the journal keeps."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from simulators.kit.platform import Violation

MASK = "***"


class Mask:
    """Puts `***` in the place of secrets, wherever they are words of their own: not 1234 in SC12345."""

    def __init__(self, secrets: Iterable[str]) -> None:
        longest_first = sorted({*secrets} - {""}, key=len, reverse=True)
        words = "|".join(re.escape(secret) for secret in longest_first)
        self._secrets = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None

    def text(self, text: str) -> str:
        """The text without the secrets."""
        return text if self._secrets is None else self._secrets.sub(MASK, text)

    def raw(self, body: bytes) -> bytes:
        """Bytes that are no text, without the secrets as UTF-8 has them."""
        if self._secrets is None:
            return body
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def parameters(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters without the secrets, however deep in them."""
        return parameters if self._secrets is None else {name: self._value(value) for name, value in parameters.items()}

    def violations(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """The violations, none of which quotes a secret."""
        if self._secrets is None:
            return tuple(violations)
        return tuple(Violation(self.text(one.path), self.text(one.message)) for one in violations)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self.parameters(value)
        return [self._value(each) for each in value] if isinstance(value, list | tuple | set | frozenset) else value
