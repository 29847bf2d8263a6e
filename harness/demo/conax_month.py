"""A month at Conax: files, a card that is refused, a swap, a cancellation, renewals. Then a year of renewals."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from harness.demo.at_conax import (
    ADD,
    ANSWERS,
    CANCEL,
    CARDS,
    CINEMA,
    PROCESS,
    RELIGION,
    RENEW,
    SPORT,
    A,
    AtConax,
    B,
    C,
    asked,
    done,
    effects,
    file,
    household,
    run,
    shown,
    wire,
)
from harness.demo.first_night import FIRST, all_three, first_night
from harness.demo.renewals import year
from harness.demo.story import EVERYBODY, FAULT, Person, Step

RENEWED = "2031-10-31"  # the day on which rights end then
July = partial(datetime, 2031, 7, 31, tzinfo=UTC)
August = partial(datetime, 2031, 8, tzinfo=UTC)
SPORT_OF_A = f"{A} Sport cancelled until 2031-09-10"
SWAPPED = (SPORT_OF_A, shown(A, RELIGION, "2031-10-10"))


def conax_month(people: Sequence[Person]) -> tuple[Step, ...]:
    """All of it, in a time of its own."""
    return (*subscribed(people), *first_night(), *swapped(), *cancelled(), *renewed(), *year())


def subscribed(people: Sequence[Person]) -> tuple[Step, ...]:
    """Three subscribers, of whom the platform hears nothing yet; it has not heard of the second one's card, either."""
    first, second, third = people[0], people[1], people[2 % len(people)]
    subscribe = "BECOME_SUBSCRIBER"
    unknown = {"kind": "refuse", "code": "ERR_CARDNUM", "operation": ADD, "detail": wire(CARDS[B]), "times": 1}
    return (
        AtConax(
            "Someone subscribes to Sport: nothing is sent, it waits for the processing run",
            subscribe,
            A,
            household(A, first, SPORT),
            at=July(8),
        ),
        AtConax("Another to Sport and Cinema", subscribe, B, household(B, second, SPORT, CINEMA)),
        AtConax("And another", subscribe, C, household(C, third, SPORT, CINEMA)),
        AtConax("Conax will not know the second card when it first comes", FAULT, EVERYBODY, unknown),
    )


def swapped() -> tuple[Step, ...]:
    """A swap during the month."""
    swap = {"service": SPORT, "product": RELIGION}
    return (
        AtConax("The first one swaps Sport for Religion", "SWAP_SERVICE", A, swap, at=August(10, 9)),
        run(
            "It is cancelled for a month, and added for two, before anything is to be renewed",
            August(10, 10),
            PROCESS,
            ANSWERS,
            requests=done(asked(CANCEL, A, SPORT, "cs000008"), asked(ADD, A, RELIGION, "ps000009")),
            files=(
                file("cs000008", CANCEL, SPORT, A, end="2031-09-10"),
                file("ps000009", ADD, RELIGION, A, end="2031-10-10"),
            ),
            effects=(*effects("-", SPORT, FIRST, (A,)), *effects("+", RELIGION, "2031-10-10", (A,))),
            shown=(*SWAPPED, *all_three()[1:]),
            in_sync=True,
        ),
    )


def cancelled() -> tuple[Step, ...]:
    """A cancellation, and the date of its end, which stands from the sending on."""
    request, sport = asked(CANCEL, B, SPORT, "cs000010"), f"{B} Sport cancelled until 2031-09-15"
    of_c = (shown(C, SPORT, FIRST), shown(C, CINEMA, FIRST))
    return (
        AtConax("The second one gives Sport up", "REMOVE_SERVICE", B, {"service": SPORT}, at=August(15, 9)),
        run(
            "The cancellation is sent: Sport is shown as cancelled, and the answer is awaited",
            August(15, 10),
            PROCESS,
            requests=(request,),
            files=(file("cs000010", CANCEL, SPORT, B, end="2031-09-15"),),
            effects=effects("-", SPORT, FIRST, (B,)),
            shown=(*SWAPPED, f"{sport}, awaits cs000010", shown(B, CINEMA, FIRST), *of_c),
        ),
        run(
            "The answer has come",
            August(15, 10, 10),
            ANSWERS,
            requests=done(request),
            shown=(*SWAPPED, sport, shown(B, CINEMA, FIRST), *of_c),
            in_sync=True,
        ),
    )


def renewed() -> tuple[Step, ...]:
    """Renewals, 31 days after the first night."""
    requests = (
        asked(RENEW, B, CINEMA, "ps000011"),
        asked(RENEW, C, SPORT, "ps000012"),
        asked(RENEW, C, CINEMA, "ps000011"),
    )
    was = f"{B} Sport cancelled until 2031-09-15"

    def has(sport: str = "", cinema: str = "") -> tuple[str, ...]:
        of_c = (shown(C, SPORT, RENEWED, sport), shown(C, CINEMA, RENEWED, cinema))
        return (*SWAPPED, was, shown(B, CINEMA, RENEWED, cinema), *of_c)

    return (
        run(
            "31 days later Cinema and Sport are renewed; Religion, which is 21 days old, is not due yet",
            August(31, 9),
            PROCESS,
            requests=requests,
            files=(file("ps000011", ADD, CINEMA, B, C, end=RENEWED), file("ps000012", ADD, SPORT, C, end=RENEWED)),
            effects=tuple(
                line
                for product, whose in ((CINEMA, (B, C)), (SPORT, (C,)))
                for change in (("-", product, FIRST, whose), ("+", product, RENEWED, whose))
                for line in effects(*change)
            ),
            shown=has("ps000012", "ps000011"),
        ),
        run("All of it was taken", August(31, 9, 10), ANSWERS, requests=done(*requests), shown=has(), in_sync=True),
    )
