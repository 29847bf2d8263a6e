"""A year of renewals at Conax, a month in a line: what is held never ends before it is renewed."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from datetime import date as day
from typing import NamedTuple

from harness.demo.at_conax import (
    ADD,
    ANSWERS,
    CINEMA,
    PROCESS,
    RELIGION,
    RENEW,
    SPORT,
    A,
    B,
    C,
    asked,
    done,
    effects,
    file,
    run,
    shown,
)
from harness.demo.story import Step

NINE = time(9, tzinfo=UTC)
WIDTH = 2  # of a month in the picture
BAR = "━" * 2 * WIDTH
CANCELLED = (f"{A} Sport cancelled until 2031-09-10", f"{B} Sport cancelled until 2031-09-15")


class Right(NamedTuple):
    """What is renewed in a file of its own, whose it is, and until when it is held at first."""

    product: str
    whose: tuple[str, ...]
    end: str


RIGHTS = (
    Right(RELIGION, (A,), "2031-10-10"),
    Right(CINEMA, (B, C), "2031-10-31"),
    Right(SPORT, (C,), "2031-10-31"),
)
FIRST_FILE = 13
# fmt: off
MONTHS = (
    # renewed on   until
    ("2031-09-30", "2031-11-30"),  # a month has 30 days, and so have those that follow
    ("2031-10-30", "2031-12-30"),
    ("2031-11-30", "2032-01-30"),
    ("2031-12-30", "2032-02-29"),  # a leap year
    ("2032-01-30", "2032-03-30"),
    ("2032-02-29", "2032-04-29"),
    ("2032-03-29", "2032-05-29"),
    ("2032-04-29", "2032-06-29"),
    ("2032-05-29", "2032-07-29"),
    ("2032-06-29", "2032-08-29"),
    ("2032-07-29", "2032-09-29"),
    ("2032-08-29", "2032-10-29"),
)
# fmt: on


def year() -> Iterator[Step]:
    """Twelve months: each renews all that is held."""
    before = [right.end for right in RIGHTS]
    for index, (on, end) in enumerate(MONTHS):
        yield month(index, on, end, before)
        before = [end] * len(RIGHTS)


def month(index: int, on: str, end: str, before: list[str]) -> Step:
    """The runs of one month. What is taken off in the same breath was still held: there was no gap."""
    names = [f"ps{FIRST_FILE + index * len(RIGHTS) + place:06d}" for place in range(len(RIGHTS))]
    of_a, of_bc, of_c = names
    changes = (
        line
        for right, was in zip(RIGHTS, before, strict=True)
        for change in (("-", right.product, was, right.whose), ("+", right.product, end, right.whose))
        for line in effects(*change)
    )
    return run(
        f"{on}: {names[0]} to {names[-1]}, 4 renewed until {end}",
        datetime.combine(day.fromisoformat(on), NINE),
        PROCESS,
        ANSWERS,
        requests=done(
            asked(RENEW, A, RELIGION, of_a),
            asked(RENEW, B, CINEMA, of_bc),
            asked(RENEW, C, SPORT, of_c),
            asked(RENEW, C, CINEMA, of_bc),
        ),
        files=tuple(
            file(name, ADD, right.product, *right.whose, end=end) for name, right in zip(names, RIGHTS, strict=True)
        ),
        effects=tuple(changes),
        shown=(
            CANCELLED[0],
            shown(A, RELIGION, end),
            CANCELLED[1],
            shown(B, CINEMA, end),
            shown(C, SPORT, end),
            shown(C, CINEMA, end),
        ),
        in_sync=True,
        picture="  " + " " * (WIDTH * index) + BAR,
    )
