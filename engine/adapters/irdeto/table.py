"""Irdeto's requests, in the order of sending: take away before giving, the box before what sits on it."""

from functools import partial

from engine.adapters.irdeto import needs
from engine.domain.actions import (
    ITEM_OFF,
    ITEM_ON,
    RESET,
    SERVICE_OFF,
    SERVICE_ON,
    SUBSCRIPTION_END,
    SUBSCRIPTION_OFF,
    SUBSCRIPTION_ON,
    Action,
)
from engine.domain.request import NOTHING, gives, takes
from engine.domain.rights import Kind
from engine.ports import Row

CALL = partial(Row, repeatable=True, needs_account=False, device="secure_client", needs_device=True, mark="D, name O")
NO_CLIENT = frozenset({"UNKNOWN_SECURE_CLIENT"})
NO_PAIR = NO_CLIENT | {"NOT_PAIRED"}
NEVER: frozenset[Action] = frozenset()
MAIL = ("message utility", "mail run")
PIN = frozenset({"pin"})

# Every call may be sent again: the platform answers a repeated transactionId as it did the first time, and acts once.
# PAIR stands with what takes items as well: a card may be left to the next box on the distributor. What is for a box that
# the subscription no longer has there is not sent: by now it may be somebody else's. A query is, whoever asks must know.
# fmt: off
REQUESTS = (
    #    request                     trigger logic           triggered by                                        when completed
    CALL("REMOVE_ENTITLEMENTS",      needs.services_gone,    SUBSCRIPTION_OFF | SERVICE_OFF | ITEM_OFF | RESET,  takes(Kind.SERVICE, "entitlements", on="secure_client"), so_already=NO_CLIENT),
    CALL("UNPAIR",                   needs.each_pair_gone,   SUBSCRIPTION_END | ITEM_OFF | RESET,                takes(Kind.PAIR, "smartcard", on="secure_client"),       so_already=NO_PAIR),
    CALL("DEREGISTER_SECURE_CLIENT", needs.each_client_gone, SUBSCRIPTION_END | ITEM_OFF | RESET,                takes(Kind.ITEM, "secure_client"),                       so_already=NO_CLIENT),
    CALL("REGISTER_SECURE_CLIENT",   needs.each_client_new,  SUBSCRIPTION_ON | ITEM_ON | RESET,                  gives(Kind.ITEM, "secure_client", on="distributor"),     needs_device=False),
    CALL("PAIR",                     needs.each_pair_new,    SUBSCRIPTION_ON | ITEM_ON | ITEM_OFF | RESET,       gives(Kind.PAIR, "smartcard", on="secure_client")),
    CALL("ADD_ENTITLEMENTS",         needs.services_new,     SUBSCRIPTION_ON | SERVICE_ON | ITEM_ON | RESET,     gives(Kind.SERVICE, "entitlements", on="secure_client")),
    CALL("SEND_MESSAGE",             needs.message,          NEVER, NOTHING, asked_by=MAIL),
    CALL("SET_PIN",                  needs.new_pin,          NEVER, NOTHING, asked_by=("PIN utility",), secrets=PIN),
    CALL("RESET_PIN",                needs.default_pin,      NEVER, NOTHING, asked_by=("PIN utility",), secrets=PIN),
    CALL("QUERY_SECURE_CLIENT",      needs.query,            NEVER, NOTHING, asked_by=("query utility",), needs_device=False),
    CALL("REAUTHORISE_SECTOR",       needs.reauthorisation,  NEVER, NOTHING, asked_by=("reauthorise utility",)),
)
# fmt: on
