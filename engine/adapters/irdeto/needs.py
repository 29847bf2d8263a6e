"""Irdeto's trigger logic: the manual's sentence is the docstring, what is yielded are the parameters."""

from collections.abc import Iterator

from engine.domain.belief import windows_of
from engine.domain.gap import Gap
from engine.ports import Parameters


def services_gone(gap: Gap) -> Iterator[Parameters]:
    """Services are authorised on a secure client which should not be: one request for all of them."""
    for client, services in gap.seated_gone.items():
        yield {"secure_client": client, "entitlements": list(services)}


def each_pair_gone(gap: Gap) -> Iterator[Parameters]:
    """A box and a smartcard are paired which should not be: one request for each pair."""
    for client, smartcard in gap.pairs_gone:
        yield {"secure_client": client, "smartcard": smartcard}


def each_client_gone(gap: Gap) -> Iterator[Parameters]:
    """A box is registered which has left its distributor: one request for each."""
    for client in gap.seats_gone:
        yield {"secure_client": client}


def each_client_new(gap: Gap) -> Iterator[Parameters]:
    """A box has come onto a distributor, or to another one, and is not registered there: one request for each."""
    for client, distributor in gap.seats_new.items():
        yield {"secure_client": client, "subscription": gap.subscription.number, "distributor": distributor}


def each_pair_new(gap: Gap) -> Iterator[Parameters]:
    """A box and a smartcard of one distributor are not paired: one request for each pair."""
    for client, smartcard in gap.pairs_new:
        yield {"secure_client": client, "smartcard": smartcard}


def services_new(gap: Gap) -> Iterator[Parameters]:
    """Services should be authorised on a secure client and are not: one request for all, with windows for usage."""
    for client, services in gap.seated_new.items():
        windows = windows_of(services)
        yield {"secure_client": client, "entitlements": list(services)} | ({"windows": windows} if windows else {})


def message(_gap: Gap) -> Iterator[Parameters]:
    """A text is sent to the mailbox or onto the screen of one box, or of all."""
    yield from ()


def new_pin(_gap: Gap) -> Iterator[Parameters]:
    """The PIN of a box is set to a given value."""
    yield from ()


def default_pin(_gap: Gap) -> Iterator[Parameters]:
    """The PIN of a box is set back to the default: the provider's, else 0001."""
    yield from ()


def query(_gap: Gap) -> Iterator[Parameters]:
    """The platform is asked what it holds for a box, by any of nine kinds."""
    yield from ()


def reauthorisation(_gap: Gap) -> Iterator[Parameters]:
    """The sector of a box is refreshed, where it has lost the signal."""
    yield from ()
