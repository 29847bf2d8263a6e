"""Three platforms that are down at night while the CRM goes on; in the morning one run puts all of it right."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from harness.demo.on_platforms import CINEMA, ICAREUS, IRDETO, OFF, ON, SPORT, TUCANO, There
from harness.demo.story import EVERYBODY, OUT_OF_SYNC, OUTAGES, PREVIEW, RESET_RUN, SEEN, Person, Step

A, B, C = "S0000000008", "S0000000009", "S0000000010"
September = partial(datetime, 2032, 9, tzinfo=UTC)
NIGHTLY = {"start": September(1, 22).isoformat(), "duration_s": 4 * 3600, "repeat_s": 24 * 3600}


def outage_night(people: Sequence[Person]) -> tuple[Step, ...]:
    """The evening, the night, the morning."""
    return (*evening(people), *night(), *morning())


def evening(people: Sequence[Person]) -> tuple[Step, ...]:
    """Three subscribers, and a schedule of outages."""
    first, second, third = people[0], people[1], people[2 % len(people)]
    return (
        TUCANO.subscribe("Someone has Sport at Tucano", A, first, "0061", at=September(1, 20)),
        ICAREUS.subscribe("Another has it at Icareus", B, second, "0062"),
        IRDETO.subscribe("And another at Irdeto", C, third, "0063"),
        Step(
            "All three platforms will be down every night, from 22:00 to 02:00",
            OUTAGES,
            EVERYBODY,
            {"platforms": ["tucano", "icareus", "irdeto"], "schedule": NIGHTLY},
        ),
    )


def missed(there: There, title: str, number: str, wanted: tuple[str, str], minute: int) -> Step:
    """An action in the night, which the platform does not get to know."""
    turn, product = wanted
    details = {"product": product, "distributors": there.place} if turn == ON else {"service": product}
    return Step(
        title,
        "ADD_SERVICE" if turn == ON else "STOP_SERVICE",
        number,
        details,
        (there.asked(turn, product, "REJECTED", "CONNECTION_REFUSED"),),
        platform=there.platform,
        at=September(1, 23, minute),
        in_sync=False,
    )


def night() -> tuple[Step, ...]:
    """The CRM goes on."""
    return (
        missed(TUCANO, "23:00: the first one buys Cinema", A, (ON, CINEMA), 0),
        missed(ICAREUS, "23:10: so does the second", B, (ON, CINEMA), 10),
        missed(IRDETO, "23:20: the third stops Sport, and could go on watching it", C, (OFF, SPORT), 20),
        Step(
            "Who is out of sync, and since when",
            OUT_OF_SYNC,
            EVERYBODY,
            in_sync=False,
            shown=(
                f"{A} tucano since 2032-09-01T23:00: +option OPT_CINEMA",
                f"{B} icareus since 2032-09-01T23:10: +product SVOD_CINEMA",
                f"{C} irdeto since 2032-09-01T23:20: -entitlement CA_SPORT on STB-0063",
            ),
        ),
    )


def morning() -> tuple[Step, ...]:
    """The platforms are back."""
    return (
        Step(
            "02:00: the platforms are back. What a reset run would send",
            PREVIEW,
            EVERYBODY,
            {"definition": "RESET"},
            at=September(2, 2),
            in_sync=False,
            shown=(f"{A} ACTIVATE_OPTIONS", f"{B} ACTIVATE_PRODUCTS", f"{C} REMOVE_ENTITLEMENTS"),
        ),
        Step(
            "The reset run sends that, and nothing else: at Tucano",
            RESET_RUN,
            EVERYBODY,
            requests=(TUCANO.asked(ON, CINEMA),),
            effects=(TUCANO.effect("+", CINEMA),),
        ),
        seen(ICAREUS, "at Icareus", ON, CINEMA),
        seen(IRDETO, "and at Irdeto", OFF, SPORT),
        Step("Nobody is out of sync", OUT_OF_SYNC, EVERYBODY, shown=()),
    )


def seen(there: There, title: str, turn: str, product: str) -> Step:
    """What the same run has done at another platform."""
    return Step(
        title,
        SEEN,
        EVERYBODY,
        requests=(there.asked(turn, product),),
        effects=(there.effect("+" if turn == ON else "-", product),),
        platform=there.platform,
    )
