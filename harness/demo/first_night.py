"""The first night of three new subscribers at Conax: their files, one of which is refused because of one card."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from harness.demo.at_conax import (
    ADD,
    ANSWERS,
    CINEMA,
    PROCESS,
    SPORT,
    STBS,
    A,
    B,
    C,
    asked,
    done,
    effects,
    file,
    pair_file,
    paired,
    run,
    shown,
    wire,
)
from harness.demo.story import Step

FIRST = "2031-09-30"  # the day on which rights end
July = partial(datetime, 2031, 7, 31, tzinfo=UTC)


def first_night() -> tuple[Step, ...]:
    """Files for all three, and how the card that is not known leaves the others in peace."""
    of_a = (paired(A, "vp000001"), asked(ADD, A, SPORT, "ps000002"))
    of_b = (paired(B, "vp000003"), asked(ADD, B, SPORT, "ps000002"), asked(ADD, B, CINEMA, "ps000004"))
    of_c = (paired(C, "vp000005"), asked(ADD, C, SPORT, "ps000002"), asked(ADD, C, CINEMA, "ps000004"))
    refused = replace(of_b[1], life_cycle_state="REJECTED", error_code="ERR_CARDNUM")
    back = [replace(one, file="") for one in (of_a[1], of_c[1])]
    return (
        run(
            "The processing run makes requests, and sends them in files: one for each pair, one for each product",
            July(9),
            PROCESS,
            requests=(*of_a, *of_b, *of_c),
            files=(
                pair_file("vp000001", A),
                file("ps000002", ADD, SPORT, A, B, C, end=FIRST),
                pair_file("vp000003", B),
                file("ps000004", ADD, CINEMA, B, C, end=FIRST),
                pair_file("vp000005", C),
            ),
            effects=(*pairs(A, B), *effects("+", CINEMA, FIRST, (B, C)), *pairs(C)),
            shown=all_three("ps000002", "ps000004"),
        ),
        run(
            "The error-handling run: one card is refused, and its neighbours in the file stay PENDING",
            July(9, 10),
            ANSWERS,
            requests=(
                *(*done(of_a[0]), back[0]),
                *(*done(of_b[0]), refused, *done(of_b[2])),
                *(*done(of_c[0]), back[1], *done(of_c[2])),
            ),
            shown=(shown(B, CINEMA, FIRST), shown(C, CINEMA, FIRST)),
        ),
        second_night(),
    )


def pairs(*numbers: str) -> tuple[str, ...]:
    """That the STBs of these households are paired with their cards."""
    return tuple(f"+paired {wire(STBS[one])}" for one in numbers)


def all_three(sport: str = "", cinema: str = "") -> tuple[str, ...]:
    """What all three have, and which answers are awaited."""
    return (
        shown(A, SPORT, FIRST, sport),
        *(shown(one, *right) for one in (B, C) for right in ((SPORT, FIRST, sport), (CINEMA, FIRST, cinema))),
    )


def second_night() -> Step:
    """The neighbours go in another file than the card that was refused, which is asked for once more."""
    neighbours = (asked(ADD, A, SPORT, "ps000006"), asked(ADD, C, SPORT, "ps000006"))
    return run(
        "The next runs: the neighbours go first, and the card, known by now, by itself",
        July(9, 30),
        PROCESS,
        ANSWERS,
        requests=done(*neighbours, asked(ADD, B, SPORT, "ps000007")),
        files=(file("ps000006", ADD, SPORT, A, C, end=FIRST), file("ps000007", ADD, SPORT, B, end=FIRST)),
        effects=(*effects("+", SPORT, FIRST, (A, C)), *effects("+", SPORT, FIRST, (B,))),
        shown=all_three(),
        in_sync=True,
    )
