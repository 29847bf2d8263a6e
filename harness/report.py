"""An exchange, for people: what was asked, what came of it."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Exchange(Protocol):
    """What is shown of a journal's entry."""

    @property
    def seq(self) -> int:
        """Its place in the journal."""

    @property
    def platform(self) -> str:
        """Who was asked."""

    @property
    def operation(self) -> str:
        """What was asked."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """With what."""

    @property
    def outcome(self) -> str:
        """What became of the answer."""

    @property
    def effect(self) -> str:
        """What became of the platform."""

    @property
    def difference(self) -> list[str]:
        """What changed there."""

    @property
    def code(self) -> str | None:
        """The platform's word, where it refused."""

    @property
    def fault(self) -> str | None:
        """The fault that was drawn."""


HEAD = ("asked", "answered", "effect")


def exchange_table(entries: Iterable[Exchange]) -> str:
    """Requests and what came of them, side by side."""
    rows = [HEAD, *((asked(one), answered(one), effect(one)) for one in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def sequence_diagram(entries: Iterable[Exchange]) -> str:
    """The exchange as a Mermaid sequence diagram."""
    entries = list(entries)
    asked_of = dict.fromkeys(one.platform for one in entries)
    lines = ["sequenceDiagram", "    participant engine", *(f"    participant {name}" for name in asked_of)]
    for one in entries:
        lines.append(f"    engine->>{one.platform}: {asked(one)}")
        lines.append(f"    {one.platform}{'-->>' if one.outcome == 'answered' else '--x'}engine: {answered(one)}")
        lines += [f"    Note over {one.platform}: {effect(one)}"] if one.difference else []
    return "\n".join(lines)


def asked(one: Exchange) -> str:
    """The request in one line."""
    named = ", ".join(f"{name} {said(value)}" for name, value in one.parameters.items() if name != "subscriber")
    return f"#{one.seq} {one.operation} {named}".rstrip()


def said(value: Any) -> str:
    """A parameter in few characters."""
    return "{" + ", ".join(map(str, value)) + "}" if isinstance(value, list | tuple) else str(value)


def answered(one: Exchange) -> str:
    """The answer in few words."""
    words = one.code or one.outcome
    return f"{words} (fault {one.fault})" if one.fault else words


def effect(one: Exchange) -> str:
    """The effect in few words."""
    return ", ".join(one.difference) or one.effect
