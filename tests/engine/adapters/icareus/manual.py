"""Icareus's requests as its manual has them."""

from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from werkzeug.test import Client

from simulators.icareus.app import icareus
from simulators.kit.simulator import Simulator
from tests.engine.adapters.manual import Manual, Request
from tests.engine.adapters.tucano import manual as tucano

USER, CANCEL, REMOVE, REMOVE_USER, ADD, ACTIVATE = (
    "ADD_USER",
    "CANCEL_PRODUCTS",
    "REMOVE_DEVICE",
    "REMOVE_USER",
    "ADD_DEVICE",
    "ACTIVATE_PRODUCTS",
)
ALL = [USER, CANCEL, REMOVE, REMOVE, REMOVE_USER, ADD, ADD, ACTIVATE]
# fmt: off
REQUESTS = {
    #                    command                 called for by                  concerns                   changes
    USER:        Request("addUser",              {"account_missing": True},     [()],                      "+account"),
    CANCEL:      Request("cancelProducts",       {"services_gone": ("X",)},     [("X", "Y")],              "-service"),
    REMOVE:      Request("removeDeviceFromUser", {"items_gone": ("OLD-1",)},    [("OLD-1",), ("OLD-2",)],  "-item"),
    REMOVE_USER: Request("removeUser",           {"account_gone": True},        [()],                      "-account"),
    ADD:         Request("addDeviceToUser",      {"items_new": {"NEW-1": "x"}}, [("NEW-1",), ("NEW-2",)],  "+item"),
    ACTIVATE:    Request("activateProducts",     {"services_new": {"A": None}}, [("A",)],                  "+service"),
}
SEQUENCES = {
    # action                        what is sent, in order, when everything is missing and everything is too much
    "BECOME_SUBSCRIBER":            [USER, ADD, ADD, ACTIVATE],
    "ACTIVATE_SUBSCRIPTION":        [USER, ADD, ADD, ACTIVATE],
    "SHORT_TERM_ACTIVATION":        [USER, ADD, ADD, ACTIVATE],
    "END_SHORT_TERM_DEACTIVATION":  [USER, ADD, ADD, ACTIVATE],
    "END_SUBSCRIPTION_RESTING":     [USER, ADD, ADD, ACTIVATE],
    "DEACTIVATE_SUBSCRIPTION":      [CANCEL],
    "TERMINATE_SUBSCRIPTION":       [CANCEL, REMOVE, REMOVE, REMOVE_USER],
    "REST_SUBSCRIPTION":            [CANCEL],
    "END_SHORT_TERM_ACTIVATION":    [CANCEL],
    "SHORT_TERM_DEACTIVATION":      [CANCEL],
    "ADD_SERVICE":                  [USER, ACTIVATE],
    "START_SERVICE":                [USER, ACTIVATE],
    "ADD_SERVICE_USAGE":            [USER, ACTIVATE],
    "REMOVE_SERVICE":               [CANCEL],
    "STOP_SERVICE":                 [CANCEL],
    "CANCEL_SERVICE_USAGE":         [CANCEL],
    "END_SERVICE_USAGE":            [USER, CANCEL, ACTIVATE],
    "SWAP_SERVICE":                 [USER, CANCEL, ACTIVATE],
    "REGRET_SWAP":                  [USER, CANCEL, ACTIVATE],
    "AMEND_BUNDLE_SERVICES":        [USER, CANCEL, ACTIVATE],
    "ADD_INSTALLED_ITEM":           [USER, ADD, ADD],
    "REMOVE_INSTALLED_ITEM":        [REMOVE, REMOVE],
    "SWAP_INSTALLED_ITEM":          [USER, REMOVE, REMOVE, ADD, ADD],
    "MOVE_INSTALLED_ITEM":          [USER, REMOVE, REMOVE, ADD, ADD],
    "CHANGE_DISTRIBUTION":          [USER, CANCEL, REMOVE, REMOVE, ADD, ADD, ACTIVATE],
    "RESET":                        ALL,
}
# fmt: on


@cache
def published_by_icareus() -> Any:
    """The contract that the platform gives to anybody, in OpenAPI."""
    simulator = Simulator(icareus(products=["P"]))
    return Client(simulator.wsgi).get("/delegate/account?openapi").json


ICAREUS = Manual(
    everything=replace(tucano.EVERYTHING, account_gone=True),
    requests=REQUESTS,
    without_account={USER},
    sequences=SEQUENCES,
    connection={"url": "http://x", "organization_id": "1", "key": "k"},
    command_of=lambda message: parse_qs(message.body.decode())["action"][0],
)
