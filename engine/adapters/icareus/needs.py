"""Icareus's trigger logic: the manual's sentence is the docstring, what is yielded are the parameters."""

from collections.abc import Iterator
from dataclasses import asdict

from engine.domain.gap import Gap
from engine.ports import Parameters


def account(gap: Gap) -> Iterator[Parameters]:
    """An effective service or item is distributed here and the subscription has no account: register it."""
    if gap.account_missing:
        yield {"subscriber": {"number": gap.subscription.number, **asdict(gap.subscription.subscriber)}}


def services_gone(gap: Gap) -> Iterator[Parameters]:
    """Products are active which should not be: one request for all of them."""
    if gap.services_gone:
        yield {"products": list(gap.services_gone)}


def each_item_gone(gap: Gap) -> Iterator[Parameters]:
    """A device is registered which should not be: one request for each."""
    for device in gap.items_gone:
        yield {"device": device}


def account_gone(gap: Gap) -> Iterator[Parameters]:
    """The subscription has ended and its account is still registered: un-register it for good."""
    if gap.account_gone:
        yield {}


def each_item_new(gap: Gap) -> Iterator[Parameters]:
    """A device should be registered and is not: one request for each."""
    for device in gap.items_new:
        yield {"device": device}


def services_new(gap: Gap) -> Iterator[Parameters]:
    """Products should be active and are not: one request for all of them."""
    if gap.services_new:
        yield {"products": list(gap.services_new)}
