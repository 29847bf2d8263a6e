"""Tucano's trigger logic: the manual's sentence is the docstring, what is yielded are the parameters."""

from collections.abc import Iterator
from dataclasses import asdict

from engine.domain.belief import windows_of
from engine.domain.gap import Gap
from engine.ports import Parameters


def account(gap: Gap) -> Iterator[Parameters]:
    """Something effective is distributed here and no account exists: register the subscriber."""
    if gap.account_missing:
        yield {"subscriber": {"number": gap.subscription.number, **asdict(gap.subscription.subscriber)}}


def each_item_gone(gap: Gap) -> Iterator[Parameters]:
    """An STB is registered which should not be: one request for each."""
    for material in gap.items_gone:
        yield {"material": material}


def each_item_new(gap: Gap) -> Iterator[Parameters]:
    """An STB should be registered and is not: one request for each."""
    for material, kind in gap.items_new.items():
        yield {"material": material, "type": kind}


def services_gone(gap: Gap) -> Iterator[Parameters]:
    """Services are authorised which should not be: one request for all of them."""
    if gap.services_gone:
        yield {"options": list(gap.services_gone)}


def services_new(gap: Gap) -> Iterator[Parameters]:
    """Services should be authorised and are not: one request for all of them, usage services with their windows."""
    if gap.services_new:
        windows = windows_of(gap.services_new)
        yield {"options": list(gap.services_new)} | ({"windows": windows} if windows else {})
