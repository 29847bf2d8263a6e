"""Two sequences side by side: longest common subsequence first, then what is alike."""

from collections.abc import Callable
from enum import IntEnum

MOST_CELLS = 250_000  # a table of this size takes a quarter of a second; beyond it, rows are paired by position


class Likeness(IntEnum):
    """How well an expected and a received request go together."""

    NONE = 0
    SIMILAR = 1
    EQUAL = 2


Pair = tuple[int | None, int | None]
Compare = Callable[[int, int], Likeness]


def align(expected: int, received: int, compare: Compare) -> list[Pair]:
    """Pair indices in order: as many EQUAL as can be, then as many SIMILAR, the rest alone."""
    start = 0
    while start < min(expected, received) and compare(start, start) is Likeness.EQUAL:
        start += 1
    rows, columns = expected - start, received - start
    head: list[Pair] = [(index, index) for index in range(start)]
    if rows * columns > MOST_CELLS:
        return head + _by_position(start, expected, received)
    best = _table(rows, columns, lambda row, column: compare(start + row, start + column))
    return head + [(_moved(row, start), _moved(column, start)) for row, column in _walk(best, rows, columns)]


def match(expected: int, received: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """The largest pairing in any order, expected to received: one request may answer several expectations, once."""
    by_received: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for column in range(received):
            if column in tried or not fits(row, column):
                continue
            tried.add(column)
            if column not in by_received or place(by_received[column], tried):
                by_received[column] = row
                return True
        return False

    for row in range(expected):
        place(row, set())
    return {row: column for column, row in by_received.items()}


Score = tuple[int, int]


def _table(rows: int, columns: int, compare: Compare) -> list[list[tuple[Score, Likeness]]]:
    """The best score from each cell to the end, and how the cell's own pair goes together."""
    nothing = ((0, 0), Likeness.NONE)
    best = [[nothing] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            like = compare(row, column)
            equal, similar = best[row + 1][column + 1][0]
            paired = (equal + (like is Likeness.EQUAL), similar + (like is Likeness.SIMILAR))
            best[row][column] = (max(paired, best[row + 1][column][0], best[row][column + 1][0]), like)
    return best


def _walk(best: list[list[tuple[Score, Likeness]]], rows: int, columns: int) -> list[Pair]:
    pairs: list[Pair] = []
    row = column = 0
    while row < rows and column < columns:
        score, like = best[row][column]
        equal, similar = best[row + 1][column + 1][0]
        if like and score == (equal + (like is Likeness.EQUAL), similar + (like is Likeness.SIMILAR)):
            pairs.append((row, column))
            row, column = row + 1, column + 1
        elif score == best[row + 1][column][0]:
            pairs.append((row, None))
            row += 1
        else:
            pairs.append((None, column))
            column += 1
    return pairs + [(left, None) for left in range(row, rows)] + [(None, left) for left in range(column, columns)]


def _by_position(start: int, expected: int, received: int) -> list[Pair]:
    return [
        (index if index < expected else None, index if index < received else None)
        for index in range(start, max(expected, received))
    ]


def _moved(index: int | None, by: int) -> int | None:
    return None if index is None else index + by
