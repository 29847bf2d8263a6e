"""A platform that was restored from an old copy, and one that has lost a card: an audit finds both."""

from collections.abc import Sequence
from datetime import UTC, datetime

from harness.demo.on_platforms import CINEMA, IRDETO, ON, SPORT, TUCANO
from harness.demo.story import AUDIT, FORGET, RESET_RUN, RESTORE, SEEN, SNAPSHOT, Person, Request, Step

A, B = "S0000000011", "S0000000012"
BOX, CARD = "STB-0072", "CARD-0072"
NOON = datetime(2032, 9, 2, 12, tzinfo=UTC)


def restored(people: Sequence[Person]) -> tuple[Step, ...]:
    """How it comes about, and how it is found and put right."""
    return (*lost(people), *found())


def lost(people: Sequence[Person]) -> tuple[Step, ...]:
    """What platforms lose, without anybody noticing."""
    return (
        TUCANO.subscribe("Someone has Sport at Tucano", A, people[0], "0071", at=NOON),
        IRDETO.subscribe("Another at Irdeto, with a box and a card", B, people[1], "0072"),
        Step("Tucano's memory is copied", SNAPSHOT, A),
        Step(
            "Cinema is added",
            "ADD_SERVICE",
            A,
            {"product": CINEMA, "distributors": TUCANO.place},
            (TUCANO.asked(ON, CINEMA),),
            (TUCANO.effect("+", CINEMA),),
        ),
        Step("Tucano breaks down, and is restored from the copy: the engine does not know", RESTORE, A),
        Step(
            "Irdeto forgets a card, and what the box is entitled to",
            FORGET,
            B,
            {"subject": BOX, "things": [CARD, IRDETO.ca_id(SPORT)]},
            platform="irdeto",
        ),
    )


def found() -> tuple[Step, ...]:
    """The audit, the reset run, and the audit again."""
    return (
        Step(
            "The audit run asks all platforms what they hold; what it finds is believed from then on",
            AUDIT,
            A,
            in_sync=False,
            shown=(
                f"{A} tucano MISSING_THERE option OPT_CINEMA",
                f"{B} irdeto MISSING_THERE paired {CARD} on {BOX}",
                f"{B} irdeto MISSING_THERE entitlement CA_SPORT on {BOX}",
            ),
        ),
        Step(
            "The reset run sends what is missing: at Tucano",
            RESET_RUN,
            A,
            requests=(TUCANO.asked(ON, CINEMA),),
            effects=(TUCANO.effect("+", CINEMA),),
        ),
        Step(
            "and at Irdeto",
            SEEN,
            B,
            requests=(
                Request("PAIR", received={"secureClient": BOX, "smartcard": CARD}),
                IRDETO.asked(ON, SPORT),
            ),
            effects=(f"+paired {CARD}", IRDETO.effect("+", SPORT)),
            platform="irdeto",
        ),
        Step("The audit finds nothing more", AUDIT, A, shown=()),
    )
