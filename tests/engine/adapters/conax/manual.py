"""Conax's requests as the manual has them."""

from engine.domain.actions import Action
from engine.domain.gap import Gap
from tests.engine.adapters.conax.made import sent
from tests.engine.adapters.manual import SUBSCRIPTION, Manual, Request

CANCEL, PAIR, RENEW, ADD = "CANCEL_SUBSCRIPTIONS", "CREATE_PAIRING", "RENEW_SUBSCRIPTIONS", "ADD_SUBSCRIPTIONS"
UTILITIES = ("SEND_MAIL_MESSAGE_TO_CLIENT", "SEND_BARK_MESSAGE_TO_CLIENT", "QUERY_STATUS")
OLD, NEW, STB = "01234567890", "123456789012", "90000000001"
EVERYTHING = Gap(
    SUBSCRIPTION,
    pairs_new=((NEW, STB),),
    seated_gone={OLD: ("11", "12")},
    seated_new={NEW: {"13": None, "14": None}},
    seated_due={NEW: ("15",)},
    distributors={OLD: "MAIN", NEW: "MAIN"},
    given_for={(OLD, "11"): "MAIN", (OLD, "12"): "MAIN"},
)
# fmt: off
REQUESTS = {
    #               command          called for by                       concerns            changes
    CANCEL: Request("cs product",    {"seated_gone": {OLD: ("11",)}},     [("11",), ("12",)], "-service"),
    PAIR:   Request("vp 00000001",   {"pairs_new": ((NEW, STB),)},       [(STB,)],           "+pair"),
    RENEW:  Request("ps product",    {"seated_due": {NEW: ("15",)}},      [("15",)],         "+service"),
    ADD:    Request("ps product",    {"seated_new": {NEW: {"13": None}}}, [("13",), ("14",)], "+service"),
}
# fmt: on
REQUESTS |= {name: Request(name, {}, [], "") for name in UTILITIES}


def command_of(file):
    """The letters of a file's name, and what its third line says it is."""
    name, content = file
    third = content.decode().split("\r\n")[2]
    return f"{name[:2]} {'product' if third > '00000002' else third}"


CONAX = Manual(
    everything=EVERYTHING,
    requests=REQUESTS,
    without_account=set(REQUESTS),
    sequences={action: [] for action in Action} | {Action.RESET: [CANCEL, CANCEL, PAIR, RENEW, ADD, ADD]},
    connection={"host_name": "x", "user_name": "u", "password": "p"},
    command_of=command_of,
    sent=sent,
)
