"""The Conax simulator: file, wire, state, wire. The only one who knows both the wire and the memory."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import msgspec

from simulators.conax import answers, wire
from simulators.conax.catalogue import Catalogue, catalogue
from simulators.conax.codes import Code, Operation, Wrong
from simulators.conax.instruction import LISTED, Instruction, and_more
from simulators.conax.state import Memory, State
from simulators.kit.platform import Answer, Drop, FileCall, FileDeed, Platform, Violation
from simulators.kit.tree import Tree
from simulators.kit.windows import Window

_HOME = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[^/]+)*")
Values = Mapping[str, Any]
Act = Callable[[State, Values, Sequence[str], datetime], int]

# fmt: off
ACTS: dict[str, Act] = {
    Operation.ADD_SUBSCRIPTIONS:           lambda state, it, cards, _:  state.authorise(*_right(it), cards),
    Operation.CANCEL_SUBSCRIPTIONS:        lambda state, it, cards, at: state.cancel(*_right(it), cards, at),
    Operation.CREATE_PAIRING:              lambda state, it, cards, _:  state.pair(cards[0], it["stb"]),
    Operation.SEND_MAIL_MESSAGE_TO_CLIENT: lambda state, it, cards, _:  state.send(it["message"], cards),
    Operation.SEND_BARK_MESSAGE_TO_CLIENT: lambda state, it, cards, _:  state.send(it["message"], cards),
    Operation.QUERY_STATUS:                lambda *_: 0,
}
# fmt: on


def conax(
    *,
    products: Iterable[str],
    cards: Iterable[str] | None = None,
    home: str = "",
    user: str = "headend",
    password: str = "headend",  # noqa: S107 - a simulator's, for all to know
    delay_s: float | None = 0.0,
    seed: int = 0,
) -> Platform[State]:
    """Conax with a catalogue of products and, where somebody counts them, the cards in stock.

    A file is taken `delay_s` after it came; None: when it is told to. Raises ValueError with a sentence.
    """
    if not _HOME.fullmatch(home) or not home.isprintable():
        raise ValueError(f"a home directory is zero or more names, each after a slash, and not {home!r}")
    folders = _Folders(home)
    return Platform(
        name="conax",
        operations=tuple(Operation),
        codes=tuple(Code),
        drop=Drop(
            user=user,
            password=password,
            waiting=folders.waiting,
            read=folders.read,
            log=folders.log,
            foreign_entry=answers.logged("sc999999.emm", Wrong(Code.ERR_PRODUCT, 3, "")),
            delay_s=delay_s,
        ),
        fresh=lambda known: State(Memory(known), folders.tree()),
        load=folders.load,
        seeded=_seeded,
        catalogue=catalogue({"products": [*products], "cards": None if cards is None else [*cards]}),
        sets=frozenset({"cards"}),
        seed=seed,
    )


class _Folders:
    """Where files come from and go to."""

    def __init__(self, home: str) -> None:
        self._all = tuple(f"{home}/autreq/{name}" for name in ("req", "ok", "err"))
        self._requests, self._done, self._refused = self._all
        self.log = f"{self._refused}/errors.txt"

    def tree(self) -> Tree:
        """The folders, empty."""
        return Tree(self._all)

    def load(self, document: Any) -> State:
        """The memory that a document tells of, with all folders in any case. Raises ValueError."""
        try:
            return State.load(document, self._all)
        except msgspec.ValidationError as error:
            raise ValueError(f"this is no memory of Conax's: {error}") from error

    def waiting(self, tree: Tree) -> list[str]:
        """The files that are to be taken: express before regular, else as they came."""
        files = [path for path in tree.files(self._requests) if path.endswith(".emm")]
        return sorted(files, key=lambda path: not wire.is_express(tree.read(path)))

    def read(self, path: str, content: bytes) -> FileCall[State]:
        """What is asked for in a file."""
        name = PurePosixPath(path).name
        asked = wire.read(name, content)

        def answer(wrong: Wrong | None, done: bytes = content, difference: Sequence[str] = ()) -> FileDeed:
            if wrong is None:
                return FileDeed(Answer(f"{self._done}/{name}", done), difference=tuple(difference))
            return FileDeed(Answer(f"{self._refused}/{name}", content, answers.logged(name, wrong)), wrong.code)

        def perform(state: State, at: datetime) -> FileDeed:
            wrong = _wrong(state, asked)
            if wrong:
                return answer(wrong)
            difference = _difference(state, asked, at)
            return answer(None, _status(state, asked, at) or content, difference)

        return FileCall(
            operation=asked.operation,
            perform=perform,
            refuse=lambda _, code, detail: answer(Wrong(Code(code), asked.line_of(code, detail), detail)),
            subject=asked.subject,
            parameters=asked.parameters,
            reference=asked.transaction,
            violations=tuple(Violation(f"line {breach.line}", breach.message) for breach in asked.breaches),
        )


def _wrong(state: State, asked: Instruction) -> Wrong | None:
    """The first thing for which a file is refused: in its lines, or in what they name."""
    wrongs: list[Wrong] = []
    product, stranger = asked.values.get("product"), next(state.strangers(asked.cards), None)
    if product is not None and not state.sells(product):
        wrongs.append(Wrong(Code.ERR_PRODUCT, asked.lines[Code.ERR_PRODUCT], "there is no such product"))
    if stranger is not None:
        wrongs.append(Wrong(Code.ERR_CARDNUM, asked.lines[Code.ERR_CARDNUM] + stranger, "there is no such card"))
    return min([*wrongs, *([asked.wrong] if asked.wrong else [])], key=lambda wrong: wrong.line, default=None)


def _difference(state: State, asked: Instruction, at: datetime) -> list[str]:
    """Do what is asked for, and tell what that changed; of very many cards the first, and how many more."""
    act, few, rest = ACTS[asked.operation], asked.cards[:LISTED], asked.cards[LISTED:]
    about = state.partners(few[0], asked.values["stb"]) if "stb" in asked.values else few
    before = _held(state, about, at)
    act(state, asked.values, few, at)
    after = _held(state, about, at)
    more = act(state, asked.values, rest, at) if rest else 0
    changed = [*(f"-{line}" for line in sorted(before - after)), *(f"+{line}" for line in sorted(after - before))]
    return [*changed, *and_more(more)]


def _right(values: Values) -> tuple[str, Window]:
    return values["product"], (values["start"], values["end"])


def _held(state: State, cards: Sequence[str], at: datetime) -> frozenset[str]:
    """What a card holds; of several, what each of them does, with its number before it."""
    if len(cards) == 1:
        return state.holdings(cards[0], at)
    return frozenset(f"{card}: {line}" for card in cards for line in state.holdings(card, at))


def _status(state: State, asked: Instruction, at: datetime) -> bytes:
    """What takes the place of a question; nothing for what is none."""
    if asked.operation != Operation.QUERY_STATUS:
        return b""
    return answers.statuses((card, state.shown(card, at)) for card in asked.cards)


def _seeded(known: Catalogue, additions: Mapping[str, Any]) -> Catalogue:
    return catalogue({**msgspec.to_builtins(known), **additions})
