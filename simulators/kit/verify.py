"""Was exactly this received, and nothing else? Four ways of asking, one answer with its reasons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import msgspec

from simulators.kit.align import Likeness, Pair, align, match
from simulators.kit.entry import EVERYTHING, Criteria, Entry
from simulators.kit.journal import Journal
from simulators.kit.platform import Platform
from simulators.kit.report import Row, differences, title, written

Mode = Literal["exact", "in_any_order", "at_least", "none"]


class Step(TypedDict):
    """A request as it should have come: the parameters named must be equal, others are not looked at."""

    operation: str
    parameters: NotRequired[dict[str, Any]]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of a journal, waiting up to `within_s` for the answer to be yes.

    `exact` and `in_any_order` allow nothing else; `at_least` allows other requests before, between and after; `none`
    watches for the whole time that none of the sequence (if it is empty: nothing at all) is received.
    """

    mode: Mode
    sequence: Sequence[Step]
    within_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.0
    criteria: Criteria = EVERYTHING


class Verification(msgspec.Struct, frozen=True):
    """The answer: `report` says in a table what was expected, what was received, and where they part."""

    passed: bool
    report: str
    mode: Mode
    workspace: str
    expected: int
    received: int
    rows: list[Row]


class _Comparison:
    """Expected and received, and how any two of them go together."""

    def __init__(self, expected: Sequence[Step], received: Sequence[Entry], sets: frozenset[str]) -> None:
        self.expected = expected
        self.received = received
        self._sets = sets

    def fits(self, row: int, column: int) -> bool:
        step, entry = self.expected[row], self.received[column]
        return step["operation"] == entry.operation and not self.differing(row, column)

    def likeness(self, row: int, column: int) -> Likeness:
        if self.expected[row]["operation"] != self.received[column].operation:
            return Likeness.NONE
        return Likeness.SIMILAR if self.differing(row, column) else Likeness.EQUAL

    def differing(self, row: int, column: int) -> list[str]:
        return differences(_named(self.expected[row]), self.received[column].parameters, self._sets)

    def row(self, pair: Pair) -> Row:
        """One line of the report."""
        row, column = pair
        step = None if row is None else self.expected[row]
        entry = None if column is None else self.received[column]
        named = None if step is None else _named(step)
        return Row(
            number=None if row is None else row + 1,
            expected=None if step is None else (step["operation"], self._sorted(named or {})),
            seq=None if entry is None else entry.seq,
            received=None if entry is None else (entry.operation, self._sorted(_shown(entry.parameters, named))),
            verdict=self._verdict(row, column),
        )

    def _sorted(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Sets in one order, so that two equal ones look it."""
        return {name: sorted(value, key=str) if name in self._sets else value for name, value in parameters.items()}

    def _verdict(self, row: int | None, column: int | None) -> str:
        if row is None or column is None:
            return "missing" if column is None else "not expected"
        return "; ".join(self.differing(row, column)) or "ok"


Judge = Callable[[_Comparison], tuple[bool, list[Pair]]]


def _exact(both: _Comparison) -> tuple[bool, list[Pair]]:
    pairs = align(len(both.expected), len(both.received), both.likeness)
    return all(row is not None and column is not None and both.fits(row, column) for row, column in pairs), pairs


def _in_any_order(both: _Comparison) -> tuple[bool, list[Pair]]:
    found = match(len(both.expected), len(both.received), both.fits)
    rest = [row for row in range(len(both.expected)) if row not in found]
    spare = [column for column in range(len(both.received)) if column not in found.values()]
    alike = match(len(rest), len(spare), lambda r, c: bool(both.likeness(rest[r], spare[c])))
    found |= {rest[row]: spare[column] for row, column in alike.items()}
    extra: list[Pair] = [(None, spare[column]) for column in range(len(spare)) if column not in alike.values()]
    return not rest and not spare, [(row, found.get(row)) for row in range(len(both.expected))] + extra


def _at_least(both: _Comparison) -> tuple[bool, list[Pair]]:
    pairs = [pair for pair in align(len(both.expected), len(both.received), both.likeness) if pair[0] is not None]
    return all(column is not None and both.fits(row or 0, column) for row, column in pairs), pairs


def _none(both: _Comparison) -> tuple[bool, list[Pair]]:
    rows = range(len(both.expected))
    unwanted = [c for c in range(len(both.received)) if not rows or any(both.fits(row, c) for row in rows)]
    return not unwanted, [(None, column) for column in unwanted]


JUDGES: dict[Mode, Judge] = {"exact": _exact, "in_any_order": _in_any_order, "at_least": _at_least, "none": _none}


def verify(journal: Journal, platform: Platform[Any], workspace: str, question: Question) -> Verification:
    """Compare the journal with a sequence, and mark what a passed comparison has named as verified."""
    mode, sequence = question.mode, question.sequence
    if mode not in JUDGES:
        raise ValueError(f"there is no mode {mode!r}; there are {', '.join(JUDGES)}")

    judged: tuple[bool, list[Pair], _Comparison]

    def settled() -> bool:
        nonlocal judged
        both = _Comparison(sequence, _asked_of(journal, question), platform.sets)
        judged = (*JUDGES[mode](both), both)
        return judged[0] is not (mode == "none" and question.within_s > 0)

    journal.wait_until(settled, question.within_s)  # asks at least once
    passed, pairs, both = judged
    for row, column in pairs if passed else ():
        if row is not None and column is not None:
            both.received[column].verified = True
    rows = [both.row(pair) for pair in pairs]
    seqs = [entry.seq for entry in both.received]
    heading = title(platform.name, mode, len(sequence), passed=passed, workspace=workspace, seqs=seqs)
    report = written(heading, [] if passed else rows, len(sequence), journal.truncated)
    return Verification(passed, report, mode, workspace, len(sequence), len(seqs), rows)


def _asked_of(journal: Journal, question: Question) -> list[Entry]:
    """The entries in question; of what went wrong in transfer only such steps as the question names."""
    named = {question.criteria.operation, *(step["operation"] for step in question.sequence)}
    return [each for each in journal.find(question.criteria) if not each.transfer or each.operation in named]


def _named(step: Step) -> Mapping[str, Any]:
    return step.get("parameters") or {}


def _shown(parameters: Mapping[str, Any], named: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Beside an expectation only what it speaks of; alone, everything."""
    return parameters if named is None else {name: parameters[name] for name in named if name in parameters}
