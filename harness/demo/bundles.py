"""The three bundle examples of the manual, and a downtime, at Tucano."""

from collections.abc import Sequence

from harness.demo.story import OUTAGE_BEGINS, OUTAGE_ENDS, RESET, Person, Request, Step

FIRST, SECOND = "S0000000001", "S0000000002"
MAIN = ["TUCANO_MAIN"]
BUNDLE_A = {"product": "Flexible Bundle A", "components": ["Geological", "Entertain"], "distributors": MAIN}


def bundles(people: Sequence[Person]) -> tuple[Step, ...]:
    """The examples, then the downtime."""
    return (*bundle_examples(people), *downtime())


def options(command: str, *ca_ids: str, life_cycle_state: str = "COMPLETED") -> Request:
    """A request for a set of options."""
    return Request(command, {"options": sorted(ca_ids)}, life_cycle_state)


def subscribe(title: str, number: str, person: Person, account: str, serial: str) -> Step:
    """Someone subscribes to flexible bundle A with Geological and Entertain, and has one STB."""
    return Step(
        title,
        "BECOME_SUBSCRIBER",
        number,
        {
            "number": number,
            "subscriber": person,
            "services": [BUNDLE_A],
            "items": [{"product": "STB", "serial_number": serial, "distributors": MAIN}],
        },
        (
            Request("CREATE_ACCOUNT"),
            Request("ADD_MATERIAL", {"account": account, "material": serial}),
            options("ACTIVATE_OPTIONS", "OPT_GEOLOGICAL", "OPT_ENTERTAIN"),
        ),
        (f"+account {account}", f"+material {serial}", "+option OPT_ENTERTAIN", "+option OPT_GEOLOGICAL"),
    )


def bundle_examples(people: Sequence[Person]) -> tuple[Step, ...]:
    """Provision A, swap it for a flat service, upgrade it to B."""
    return (
        subscribe("Flexible Bundle A is provisioned", FIRST, people[0], "T100001", "STB-0001"),
        Step(
            "A is swapped for Agriculture",
            "SWAP_SERVICE",
            FIRST,
            {"service": "Flexible Bundle A", "product": "Agriculture"},
            (
                options("SUSPEND_OPTIONS", "OPT_GEOLOGICAL", "OPT_ENTERTAIN"),
                options("ACTIVATE_OPTIONS", "OPT_AGRICULTURE"),
            ),
            ("-option OPT_ENTERTAIN", "-option OPT_GEOLOGICAL", "+option OPT_AGRICULTURE"),
        ),
        subscribe("Another subscriber has A as well", SECOND, people[1], "T100002", "STB-0002"),
        Step(
            "A is upgraded to Flexible Bundle B: Geological is not touched",
            "SWAP_SERVICE",
            SECOND,
            {"service": "Flexible Bundle A", "product": "Flexible Bundle B", "components": ["Geological", "Religion"]},
            (options("SUSPEND_OPTIONS", "OPT_ENTERTAIN"), options("ACTIVATE_OPTIONS", "OPT_RELIGION")),
            ("-option OPT_ENTERTAIN", "+option OPT_RELIGION"),
        ),
    )


def downtime() -> tuple[Step, ...]:
    """An outage, an action meanwhile, and the reset after it."""
    return (
        Step("Tucano goes down", OUTAGE_BEGINS, SECOND),
        Step(
            "A service is added meanwhile: the action stands, the platform does not follow",
            "ADD_SERVICE",
            SECOND,
            {"product": "Sport", "distributors": MAIN},
            (options("ACTIVATE_OPTIONS", "OPT_SPORT", life_cycle_state="REJECTED"),),
            in_sync=False,
        ),
        Step("Tucano is back", OUTAGE_ENDS, SECOND, in_sync=False),
        Step(
            "The reset sends what is missing, and nothing else",
            RESET,
            SECOND,
            requests=(options("ACTIVATE_OPTIONS", "OPT_SPORT"),),
            effects=("+option OPT_SPORT",),
        ),
    )
