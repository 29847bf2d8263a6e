"""Icareus's requests, in the order of sending: the account first, take away before giving."""

from engine.adapters.icareus import needs
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
from engine.domain.request import gives, takes
from engine.domain.rights import Kind
from engine.ports import Row

TERMINATE = frozenset({Action.TERMINATE_SUBSCRIPTION})
GONE = frozenset({"UNKNOWN_USER"})

# Every call may be sent again: what is so already is accepted, and who is registered already is told his account.
# fmt: off
REQUESTS = (
    #   request              trigger logic         triggered by                                     when completed                  may be repeated
    Row("ADD_USER",          needs.account,        SUBSCRIPTION_ON  | SERVICE_ON | ITEM_ON | RESET, gives(Kind.ACCOUNT),             repeatable=True, needs_account=False),
    Row("CANCEL_PRODUCTS",   needs.services_gone,  SUBSCRIPTION_OFF | SERVICE_OFF | RESET,          takes(Kind.SERVICE, "products"), repeatable=True),
    Row("REMOVE_DEVICE",     needs.each_item_gone, SUBSCRIPTION_END | ITEM_OFF | RESET,             takes(Kind.ITEM, "device"),      repeatable=True),
    Row("REMOVE_USER",       needs.account_gone,   TERMINATE | RESET,                               takes(Kind.ACCOUNT),             repeatable=True, so_already=GONE),
    Row("ADD_DEVICE",        needs.each_item_new,  SUBSCRIPTION_ON  | ITEM_ON | RESET,              gives(Kind.ITEM, "device"),      repeatable=True),
    Row("ACTIVATE_PRODUCTS", needs.services_new,   SUBSCRIPTION_ON  | SERVICE_ON | RESET,           gives(Kind.SERVICE, "products"), repeatable=True),
)
# fmt: on
