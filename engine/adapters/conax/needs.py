"""Conax's trigger logic: the manual's sentence is the docstring, what is yielded are the parameters."""

from collections.abc import Iterator

from engine.domain.gap import Gap
from engine.ports import Parameters


def services_gone(gap: Gap) -> Iterator[Parameters]:
    """A service is authorised on a smartcard which should not be: one request for each."""
    for smartcard, services in gap.seated_gone.items():
        for service in services:
            given_for = gap.given_for.get((smartcard, service), "")
            yield {"smartcard": smartcard, "service": service, "distributor": given_for}


def pairs_new(gap: Gap) -> Iterator[Parameters]:
    """A service is distributed to a smartcard and an STB that are not initialised: one request for each pair."""
    for smartcard, stb in gap.pairs_new:
        yield {"smartcard": smartcard, "stb": stb, "distributor": gap.distributors.get(smartcard, "")}


def services_due(gap: Gap) -> Iterator[Parameters]:
    """A service is authorised as it should be, and since so long that it is to be renewed: one request for each."""
    for smartcard, services in gap.seated_due.items():
        for service in services:
            yield subscription(gap, smartcard, service)


def services_new(gap: Gap) -> Iterator[Parameters]:
    """A service should be authorised on a smartcard and is not: one request for each."""
    for smartcard, services in gap.seated_new.items():
        for service in services:
            yield subscription(gap, smartcard, service)


def mail(_gap: Gap) -> Iterator[Parameters]:
    """A text is sent to the mailbox of one smartcard."""
    yield from ()


def bark(_gap: Gap) -> Iterator[Parameters]:
    """A text is sent onto the screen of one smartcard, for some seconds."""
    yield from ()


def query(_gap: Gap) -> Iterator[Parameters]:
    """The platform is asked what a smartcard holds."""
    yield from ()


def subscription(gap: Gap, smartcard: str, service: str) -> Parameters:
    """A service on a smartcard, for its distributor."""
    return {"smartcard": smartcard, "service": service, "distributor": gap.distributors.get(smartcard, "")}
