"""A file as it was understood, and how the journal tells of it."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from simulators.conax.codes import Code, Wrong
from simulators.conax.payload import Message
from simulators.kit.windows import instant

LISTED = 100
"""Cards that the journal lists; of a file with more, it says how many more."""

_LINE = re.compile(r"[0-9]{1,6}")


class Instruction(msgspec.Struct, frozen=True):
    """A file as far as it was understood; `values` are those of its lines, by name, and of the pair that it makes.

    `wrong` is what it is refused for. `untidy` breaks the grammar too, and nobody refuses it.
    """

    operation: str
    transaction: str = ""
    values: dict[str, Any] = {}
    cards: Sequence[str] = ()
    lines: dict[str, int] = {}  # where the platform looks for what a code is about
    wrong: Wrong | None = None
    untidy: Wrong | None = None

    @property
    def subject(self) -> str:
        """The card, if it is about one."""
        return self.cards[0] if len(self.cards) == 1 else ""

    @property
    def breaches(self) -> list[Wrong]:
        """Where it breaks the published grammar."""
        return [wrong for wrong in (self.wrong, self.untidy) if wrong]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as the journal lists them: only those there are, and of many cards the first."""
        named: dict[str, Any] = {"transaction": self.transaction}
        for name, tell in TOLD.items():
            named |= tell(self.values[name]) if name in self.values else {}
        named |= {"smartcard": self.subject} if "stb" in named else {"cards": listed(self.cards)}
        return {name: value for name, value in named.items() if value}

    def line_of(self, code: str, detail: str) -> int:
        """The line that a refusal on order names: the one it is given, that of the card it is given, or the usual."""
        if _LINE.fullmatch(detail):
            return int(detail)
        further = self.cards.index(detail) if code == Code.ERR_CARDNUM and detail in self.cards else 0
        return self.lines.get(code, 0) + further


def listed(cards: Sequence[str]) -> list[str]:
    """The cards; of very many the first, and how many more."""
    return [*cards[:LISTED], *and_more(len(cards) - LISTED)]


def and_more(count: int) -> list[str]:
    """The line for those that are not listed, if there are any."""
    return [f"… and {count:,} more"] if count > 0 else []


def _told(message: Message) -> dict[str, Any]:
    """A message, as the journal has it."""
    start = instant(message.start) if message.start else ""
    rest = {"start": start, "repetitions": message.repetitions, "interval": message.interval_s}
    return {"text": message.text, "sequence": message.sequence, "duration": message.duration_s, **rest}


# fmt: off
TOLD: dict[str, Callable[[Any], dict[str, Any]]] = {
    # the values that the journal lists, and as what
    "product":  lambda product:  {"product": product},
    "start":    lambda start:    {"start": instant(start)},
    "end":      lambda end:      {"end": instant(end)},
    "priority": lambda priority: {"priority": priority.name},
    "stb":      lambda stb:      {"stb": stb},
    "message":  _told,
}
# fmt: on
