"""Tucano's requests, in the order of sending: take away before giving, account first."""

from engine.adapters.tucano import needs
from engine.domain.actions import (
    ITEM_OFF,
    ITEM_ON,
    RESET,
    SERVICE_OFF,
    SERVICE_ON,
    SUBSCRIPTION_END,
    SUBSCRIPTION_OFF,
    SUBSCRIPTION_ON,
)
from engine.domain.request import gives, takes
from engine.domain.rights import Kind
from engine.ports import Row

# Every command may be sent again: the platform answers a repeated reference as it did the first time, and acts once.
# fmt: off
REQUESTS = (
    #   request             trigger logic         triggered by                                     when completed                 may be repeated
    Row("CREATE_ACCOUNT",   needs.account,        SUBSCRIPTION_ON  | SERVICE_ON | ITEM_ON | RESET, gives(Kind.ACCOUNT),            repeatable=True, needs_account=False),
    Row("REMOVE_MATERIAL",  needs.each_item_gone, SUBSCRIPTION_END | ITEM_OFF | RESET,             takes(Kind.ITEM, "material"),   repeatable=True),
    Row("ADD_MATERIAL",     needs.each_item_new,  SUBSCRIPTION_ON  | ITEM_ON | RESET,              gives(Kind.ITEM, "material"),   repeatable=True),
    Row("SUSPEND_OPTIONS",  needs.services_gone,  SUBSCRIPTION_OFF | SERVICE_OFF | RESET,          takes(Kind.SERVICE, "options"), repeatable=True),
    Row("ACTIVATE_OPTIONS", needs.services_new,   SUBSCRIPTION_ON  | SERVICE_ON | RESET,           gives(Kind.SERVICE, "options"), repeatable=True),
)
# fmt: on
