"""Bytes into instructions, strictly. Knows the published grammar, no memory."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import lt
from typing import Any

from simulators.conax.codes import END, MALFORMED, OPERATIONS, Code, Kind, Operation, Priority, Wrong
from simulators.conax.heads import HEADS, Line
from simulators.conax.instruction import Instruction
from simulators.conax.payload import Message

PAIR_LINES = ("a card is S and 11 digits", "an STB is V and 11 digits")
_SIX_LINES = 1_024  # bytes that have them all, in any file that is in order
_MOST_LINES = 1_000_100  # more than six digits can count, however long a file is
_NAME = re.compile(rf"({'|'.join(Kind)})([0-9]{{6}})\.emm")
_CARD, _SMARTCARD, _STB = (re.compile(rf"{letter}[0-9]{{11}}") for letter in ("", "S", "V"))
_CARDS = re.compile(r"(?:[0-9]{11}\n)*+")  # all at once: a line at a time takes longer than all the rest


def is_express(body: bytes) -> bool:
    """Whether a file goes before others, by its sixth line alone."""
    first_lines = body[:_SIX_LINES].replace(b"\r\n", b"\n").split(b"\n", 6)
    return first_lines[5:6] == [Priority.EXPRESS.encode()]


def read(name: str, body: bytes) -> Instruction:
    """The instruction in a file, and the first thing that is wrong with it."""
    named = _NAME.fullmatch(name)
    if named is None:
        message = f"a file is named by {', '.join(Kind)} and 6 digits"
        return Instruction(MALFORMED, wrong=Wrong(Code.ERR_NAME, 0, message))
    kind, transaction = Kind(named[1]), named[2]
    lines = body.decode("latin-1").replace("\r\n", "\n").removesuffix("\n").split("\n", _MOST_LINES)
    head, first = HEADS[kind], len(HEADS[kind]) + 1
    values, wrongs = _head(head, lines)
    cards = _cards(lines, len(head), values.get("count"))
    bad = _bad_cards(kind, cards, first)
    wrongs += [*_between_lines(values, transaction, len(cards), len(head)), *bad]
    if lines[-1] != END:
        wrongs.append(Wrong(Code.ERR_ENDREQ, len(lines), f"the last line must be {END}"))
    wrong = min(wrongs, key=lambda each: each.line, default=None)
    looked_for = {line.code.value: number for number, line in reversed([*enumerate(head, start=1)])}
    return Instruction(
        _operation(kind, values.get("message")),
        transaction,
        values | _pair(kind, cards, bad),
        () if bad else [card[1:] for card in cards[:1]] if kind is Kind.PAIR else cards,
        {**looked_for, Code.ERR_CARDNUM: first, Code.ERR_ENDREQ: len(lines)},
        wrong,
        None if wrong or kind is Kind.PAIR else _untidy(cards, first),
    )


def _head(head: Sequence[Line], lines: Sequence[str]) -> tuple[dict[str, Any], list[Wrong]]:
    """The values before the cards, and what is wrong with them."""
    found: dict[str, Any] = {}
    wrongs: list[Wrong] = []
    for number, line in enumerate(head, start=1):
        try:
            found[line.name] = line.read(lines[number - 1] if number <= len(lines) else "")
        except ValueError as error:
            wrongs.append(Wrong(line.code, number, f"{error}"))
    return found, wrongs


def _between_lines(values: dict[str, Any], transaction: str, cards: int, line: int) -> list[Wrong]:
    """What is wrong with values that are right by themselves; `line` is that of the number of cards."""
    wrongs, count = [], values.get("count", cards)
    if values.get("transaction", transaction) != transaction:
        wrongs.append(Wrong(Code.ERR_TRANSNUM, 2, "it must be the number in the name"))
    if "start" in values and "end" in values and values["end"] < values["start"]:
        wrongs.append(Wrong(Code.ERR_DATES, 5, "the end is before the start"))
    if count != cards:
        wrongs.append(Wrong(Code.ERR_NUMOFCARDS, line, f"it says {count}, and there are {cards}"))
    return wrongs


def _cards(lines: Sequence[str], head: int, count: int | None) -> Sequence[str]:
    """The lines between head and end; a file that only lacks its end has as many as it says."""
    lacks_its_end = lines[-1] != END and count is not None and len(lines) == head + count
    return lines[head:] if lacks_its_end else lines[head:-1]


def _bad_cards(kind: Kind, cards: Sequence[str], first: int) -> list[Wrong]:
    """The first line that is no card."""
    bad: Iterator[tuple[int, str]]
    if kind is Kind.PAIR:
        pair = zip(cards, (_SMARTCARD, _STB), PAIR_LINES, strict=False)
        bad = ((at, said) for at, (card, form, said) in enumerate(pair) if not form.fullmatch(card))
    elif _CARDS.fullmatch("\n".join((*cards, ""))):
        return []
    else:
        bad = ((at, "a card is 11 digits") for at, card in enumerate(cards) if not _CARD.fullmatch(card))
    return [Wrong(Code.ERR_CARDNUM, first + at, said) for at, said in islice(bad, 1)]


def _pair(kind: Kind, cards: Sequence[str], bad: list[Wrong]) -> dict[str, str]:
    """The STB of a pair."""
    return {"stb": cards[1][1:]} if kind is Kind.PAIR and len(cards) > 1 and not bad else {}


def _operation(kind: Kind, message: Message | None) -> str:
    if kind is not Kind.MESSAGE:
        return OPERATIONS[kind]
    if message is None:
        return MALFORMED
    return Operation.SEND_MAIL_MESSAGE_TO_CLIENT if message.is_mail else Operation.SEND_BARK_MESSAGE_TO_CLIENT


def _untidy(cards: Sequence[str], first: int) -> Wrong | None:
    if all(map(lt, cards, cards[1:])):
        return None
    at = next(at for at, card in enumerate(cards[1:], start=1) if card <= cards[at - 1])
    return Wrong(Code.ERR_CARDNUM, first + at, "cards ascend, each but once")
