"""Conax's memory. No FTP, no clock of its own, no faults; whether a file is in order has been asked before.

Authorisations are kept product by product: a file of many cards is about one, and a copy of the memory is a copy of a
few dictionaries.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

import msgspec

from simulators.conax import rights
from simulators.conax.catalogue import Card, Catalogue, Product
from simulators.conax.payload import Message
from simulators.kit.tree import Tree
from simulators.kit.windows import Window, check

MOST_MESSAGES = 100  # of one card; the oldest go


class Received(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message on a card; `copy` tells it from the same text before."""

    message: Message
    copy: Annotated[int, msgspec.Meta(ge=1)] = 1

    @property
    def line(self) -> str:
        """The line of the holdings that it is: one line, whatever is in it."""
        where = "mail" if self.message.is_mail else "screen"
        text = self.message.text
        read = text if text.isprintable() else msgspec.json.encode(text).decode()
        return f"{where} {read}{f' ({self.copy})' if self.copy > 1 else ''}"

    def is_again(self, message: Message) -> bool:
        """Whether a message reads like this one, where this one came."""
        return (self.message.text, self.message.is_mail) == (message.text, message.is_mail)


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """The whole memory but for the files, as a document."""

    catalogue: Catalogue = Catalogue()
    authorised: dict[Product, dict[Card, Window]] = {}
    pairs: dict[Card, Card] = {}
    messages: dict[Card, tuple[Received, ...]] = {}


class State:
    """Conax's memory, and the files in its folders."""

    def __init__(self, memory: Memory, tree: Tree) -> None:
        """Raise ValueError when two cards claim one STB."""
        self.tree = tree
        self.catalogue = memory.catalogue
        self._authorised = memory.authorised
        self._pairs = memory.pairs
        self._messages = memory.messages
        self._paired_with = _cards(memory.pairs)

    def sells(self, product: str) -> bool:
        """Whether there is such a product."""
        return product in self.catalogue.products

    def strangers(self, cards: Sequence[str]) -> Iterator[int]:
        """Which of the cards nobody knows."""
        stock = self.catalogue.cards
        if stock is not None and not stock.issuperset(cards):
            yield from (at for at, card in enumerate(cards) if card not in stock)

    def authorise(self, product: str, window: Window, cards: Iterable[str]) -> int:
        """Authorise cards for a product, or renew what they have; gives how many it made a difference to."""
        held = self._authorised.setdefault(product, {})
        return sum(_put(held, card, rights.extended(held.get(card), window)) for card in cards)

    def cancel(self, product: str, window: Window, cards: Iterable[str], at: datetime) -> int:
        """Take the product off from the window's start on; gives how many cards it made a difference to."""
        held = self._authorised.get(product, {})
        return sum(_put(held, card, _unless_over(rights.cut(held[card], window), at)) for card in cards if card in held)

    def pair(self, card: str, stb: str) -> int:
        """Make a card and an STB a pair, and no pair of what either was in before."""
        if self._pairs.get(card) == stb:
            return 0
        self._part(card)
        self._part(self._paired_with.get(stb, ""))
        self._pairs[card], self._paired_with[stb] = stb, card
        return 1

    def partners(self, card: str, stb: str) -> list[str]:
        """The cards that a pairing is about: its own and the one that has the STB."""
        return sorted({card, self._paired_with.get(stb, card)})

    def send(self, message: Message, cards: Sequence[str]) -> int:
        """Send a message to each card."""
        first = (Received(message),)
        for card in cards:
            before = self._messages.get(card)
            self._messages[card] = first if before is None else _after(before, message)
        return len(cards)

    def shown(self, card: str, at: datetime) -> Iterator[tuple[str, datetime]]:
        """The products that a card is authorised for at an instant, and when each ends."""
        for product, held in sorted(self._authorised.items()):
            window = held.get(card)
            if window and window[0] <= at < window[1]:
                yield product, window[1]

    def subjects(self) -> Iterable[str]:
        """All cards that anything was ever done to."""
        return {*self._pairs, *self._messages}.union(*self._authorised.values())

    def holdings(self, subject: str, at: datetime) -> frozenset[str]:
        """What a card holds at an instant: authorisations that have not ended, its STB, its messages."""
        windows = ((product, held[subject]) for product, held in self._authorised.items() if subject in held)
        lines = [rights.line(product, window, at) for product, window in windows if at < window[1]]
        if subject in self._pairs:
            lines.append(f"paired {self._pairs[subject]}")
        lines.extend(received.line for received in self._messages.get(subject, ()))
        return frozenset(lines)

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        """Lose a card with all that is on it, or only these products and its STB."""
        products = [held for product, held in self._authorised.items() if not things or product in things]
        stb = self._pairs.get(subject)
        lost = [held.pop(subject, None) for held in products]
        messages = None if things else self._messages.pop(subject, None)
        return any((*lost, messages, stb is not None and stb in (things or {stb}) and self._part(subject)))

    def memory(self) -> Memory:
        """The memory as a document of its own."""
        authorised = {product: dict(held) for product, held in self._authorised.items()}
        return Memory(self.catalogue, authorised, dict(self._pairs), dict(self._messages))

    def copy(self) -> Self:
        """A memory of its own with the same content."""
        return type(self)(self.memory(), self.tree.copy())

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON document."""
        return {**msgspec.to_builtins(self.memory(), order="deterministic"), "tree": self.tree.dump()}

    @classmethod
    def load(cls, document: Any, folders: Iterable[str]) -> Self:
        """The memory that a document tells of, with these folders in any case. Raises ValueError with a sentence."""
        told = dict(document) if isinstance(document, Mapping) else document
        files = told.pop("tree", {}) if isinstance(told, dict) else {}
        memory = msgspec.convert(told, Memory)
        for held in memory.authorised.values():
            for window in frozenset(held.values()):  # many cards share few
                check(window)
        return cls(memory, Tree.load(files, folders))

    def _part(self, card: str) -> bool:
        stb = self._pairs.pop(card, None)
        return stb is not None and self._paired_with.pop(stb) == card


def _put(held: dict[str, Window], card: str, window: Window | None) -> bool:
    """Keep a window, or none, and tell whether that is another than before."""
    if held.get(card) == window:
        return False
    if window is None:
        del held[card]
    else:
        held[card] = window
    return True


def _unless_over(window: Window | None, at: datetime) -> Window | None:
    return window if window and at < window[1] else None


def _after(before: tuple[Received, ...], message: Message) -> tuple[Received, ...]:
    """The messages of a card after one more."""
    copies = [received.copy for received in before if received.is_again(message)]
    return (*before, Received(message, max(copies, default=0) + 1))[-MOST_MESSAGES:]


def _cards(pairs: dict[str, str]) -> dict[str, str]:
    cards: dict[str, str] = {}
    for card, stb in pairs.items():
        if cards.setdefault(stb, card) != card:
            raise ValueError(f"STB {stb} is paired with {cards[stb]} and with {card}")
    return cards
