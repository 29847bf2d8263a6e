"""What each platform can be asked for, and by which request: the table of capabilities, from the adapters that run."""

from collections.abc import Callable, Iterator
from typing import Any

from engine.adapters import ADAPTERS
from engine.domain.actions import Action
from engine.domain.gap import Part
from engine.domain.request import Effect, gives, takes
from engine.domain.rights import Kind
from engine.ports import Adapter

Offered = Iterator[tuple[str, str]]
"""Names of requests, or `yes`, each with its mark."""
RESET_OF_ONE, ORDERS, FILES = "reset of a subscription", "orders of subscribers", "requests in files, answered later"
TO_MAILBOX = "MAIL"


def changing(wanted: Effect, *, again: bool = False) -> Callable[[Adapter], Offered]:
    """Requests that change what is held in this way: for the first time, or again before it ends."""

    def found(adapter: Adapter) -> Offered:
        for row in adapter.table:
            effect = row.on_completed
            if (effect.kind, effect.gives, row.part is Part.SERVICES_DUE) == (wanted.kind, wanted.gives, again):
                yield row.request, row.mark

    return found


def utility(name: str) -> Callable[[Adapter], Offered]:
    """The request that a utility makes."""

    def found(adapter: Adapter) -> Offered:
        if name in adapter.utilities:
            request = adapter.utilities[name].request
            yield request, adapter.row(request).mark

    return found


def message(*, on_screen: bool = False, to_all: bool = False) -> Callable[[Adapter], Offered]:
    """The request of a message to the mailbox or onto the screen: of one device, or of all."""

    def found(adapter: Adapter) -> Offered:
        made = adapter.utilities.get("send_message")
        if made and (made.to_all or not to_all):
            types = [one for one in made.fields["message_type"] if (one != TO_MAILBOX) is on_screen]
            for request in dict.fromkeys(made.request_for({"message_type": one}) for one in types):
                yield request, adapter.row(request).mark

    return found


def offered(name: str, has: Callable[[Adapter], bool]) -> Callable[[Adapter], Offered]:
    """What is no request of its own."""

    def found(adapter: Adapter) -> Offered:
        if has(adapter):
            yield "yes", "O" if name in adapter.ours else "D"

    return found


def resets(adapter: Adapter) -> bool:
    """Whether a reset sends anything."""
    return any(Action.RESET in row.triggered_by for row in adapter.table)


# fmt: off
CAPABILITIES: tuple[tuple[str, Callable[[Adapter], Offered]], ...] = (
    ("register an account",                changing(gives(Kind.ACCOUNT))),
    ("un-register an account",             changing(takes(Kind.ACCOUNT))),
    ("register an item",                   changing(gives(Kind.ITEM))),
    ("take an item off",                   changing(takes(Kind.ITEM))),
    ("pair box and card",                  changing(gives(Kind.PAIR))),
    ("un-pair box and card",               changing(takes(Kind.PAIR))),
    ("authorise services",                 changing(gives(Kind.SERVICE))),
    ("renew services before they end",     changing(gives(Kind.SERVICE), again=True)),
    ("take services away",                 changing(takes(Kind.SERVICE))),
    ("windows of usage services",          offered("windows of usage services", lambda one: one.keeping.windows)),
    (RESET_OF_ONE,                         offered(RESET_OF_ONE, resets)),
    ("message to a mailbox",               message()),
    ("message onto a screen",              message(on_screen=True)),
    ("message to all devices",             message(to_all=True)),
    ("PIN set",                            utility("set_pin")),
    ("PIN reset",                          utility("reset_pin")),
    ("query of what a device holds",       utility("query")),
    ("reauthorisation of a sector",        utility("reauthorise_sector")),
    ("pairing by hand",                    utility("pair")),
    ("authorisation by hand",              utility("add_subscriptions")),
    ("cancellation by hand",               utility("cancel_subscriptions")),
    (FILES,                                offered(FILES, lambda one: one.takes_files)),
    (ORDERS,                               offered(ORDERS, lambda one: one.takes_orders)),
    ("more than one provider",             offered("more than one provider", lambda one: not one.only_one_provider)),
)
# fmt: on


def capabilities() -> list[dict[str, Any]]:
    """What can be asked for, and by which requests of each platform, with marks."""
    return [
        {"capability": name, **{protocol: list(map(marked, found(one))) for protocol, one in ADAPTERS.items()}}
        for name, found in CAPABILITIES
    ]


def columns() -> tuple[str, ...]:
    """The platforms, after what can be asked for."""
    return ("capability", *ADAPTERS)


def marked(offer: tuple[str, str]) -> str:
    """What is offered, with its mark."""
    name, mark = offer
    return f"{name} [{mark}]"
