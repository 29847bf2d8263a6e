"""The words of a verification: one row for each request, aligned, the difference named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

MOST_ROWS = 200
MOST_CHARACTERS = 160  # of one request's parameters
LEAST_WIDTH = 35
GAP = "   "
NOBODY = "-"
TITLES = {
    ("exact", True): "received exactly {these}",
    ("exact", False): "did not receive exactly {these}",
    ("in_any_order", True): "received exactly {these}, in any order",
    ("in_any_order", False): "did not receive exactly {these}, in any order",
    ("at_least", True): "received at least {these}, in this order",
    ("at_least", False): "did not receive at least {these}, in this order",
    ("none", True): "received none of {these}",
    ("none", False): "received what it should not have",
}

Request = tuple[str, Mapping[str, Any]]


class Row(msgspec.Struct, frozen=True):
    """An expected request beside a received one, each with its parameters; one of the two may be nobody."""

    number: int | None
    expected: Request | None
    seq: int | None
    received: Request | None
    verdict: str


def differences(expected: Mapping[str, Any], received: Mapping[str, Any], sets: frozenset[str]) -> list[str]:
    """In words, where the named parameters are not what was received; nothing when they are."""
    sentences = []
    for name, wanted in expected.items():
        found = received.get(name)
        if name in sets and isinstance(wanted, list) and isinstance(found, list):
            sentences += _set_difference(name, wanted, found)
        elif name not in received:
            sentences.append(f"{name} missing")
        elif found != wanted:
            sentences.append(f"{name}: {_value(found)} instead of {_value(wanted)}")
    return sentences


def title(platform: str, mode: str, expected: int, *, passed: bool, workspace: str, seqs: Sequence[int]) -> str:
    """The report's first line."""
    these = {0: "0 requests", 1: "this 1 request"}.get(expected, f"these {expected} requests")
    seen = f"seq {seqs[0]}..{seqs[-1]}" if seqs else "nothing received"
    said = TITLES[mode, passed].format(these=these)
    return f"{platform} {said} (workspace {workspace}, {seen}){'.' if passed else ':'}"


def written(heading: str, rows: Sequence[Row], expected: int, dropped: int) -> str:
    """The report: the heading, and for each row what was expected, what was received, and the verdict."""
    lines = [heading, *_table(rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        lines.append(f"... and {len(rows) - MOST_ROWS} rows more")
    if rows:
        lines.append(_sum(rows, expected))
    if dropped:
        lines.append(f"The journal is full: its {dropped} oldest entries are gone and were not compared.")
    return "\n".join(lines)


def _table(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    width = max(len(operation) for row in rows for operation, _ in filter(None, (row.expected, row.received)))
    left = [_cell(row.expected, width) for row in rows]
    right = [f"#{row.seq} {_cell(row.received, width)}" if row.seq else NOBODY for row in rows]
    left_width = max(LEAST_WIDTH, *(len(cell) for cell in left))
    right_width = max(len("received"), *(len(cell) for cell in right))
    numbers = len(str(len(rows)))
    number_width = max(3, numbers)
    lines = [f"{'':{number_width}} {'expected':{left_width}}{GAP}received"]
    for row, expected, received in zip(rows, left, right, strict=True):
        line = (
            f"{row.number or '':>{number_width}} {expected:{left_width}}{GAP}{received:{right_width}}{GAP}{row.verdict}"
        )
        lines.append(line)
    return lines


def _cell(request: Request | None, width: int) -> str:
    if request is None:
        return NOBODY
    operation, parameters = request
    shown = ", ".join(_parameter(name, value) for name, value in parameters.items())
    if len(shown) > MOST_CHARACTERS:
        shown = f"{shown[:MOST_CHARACTERS]}..."
    return f"{operation:{width}} {{{shown}}}" if shown else operation


def _parameter(name: str, value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else f"{name}={_value(value)}"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _set_difference(name: str, wanted: Sequence[str], found: Sequence[str]) -> list[str]:
    lacking = ", ".join(sorted(set(wanted) - set(found)))
    beyond = ", ".join(sorted(set(found) - set(wanted)))
    parts = [f"{lacking} missing" if lacking else "", f"{beyond} too many" if beyond else ""]
    said = ", ".join(part for part in parts if part)
    return [f"{name}: {said}"] if said else []


def _sum(rows: Sequence[Row], expected: int) -> str:
    kinds = Counter(row.verdict if row.verdict in {"ok", "missing", "not expected"} else "differs" for row in rows)
    parts = [f"{kinds['ok']} of {expected} as expected"] if any(row.expected for row in rows) else []
    if kinds["differs"]:
        parts.append(f"{kinds['differs']} {'differs' if kinds['differs'] == 1 else 'differ'}")
    parts += [f"{kinds[kind]} {kind}" for kind in ("missing", "not expected") if kinds[kind]]
    return ", ".join(parts) + "."
