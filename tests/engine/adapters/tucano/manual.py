"""Tucano's requests as its manual has them."""

from lxml import etree

from engine.domain.gap import Gap
from tests.engine.adapters.manual import SUBSCRIPTION, Manual, Request

CREATE, REMOVE, ADD, SUSPEND, ACTIVATE = (
    "CREATE_ACCOUNT",
    "REMOVE_MATERIAL",
    "ADD_MATERIAL",
    "SUSPEND_OPTIONS",
    "ACTIVATE_OPTIONS",
)
ALL = [CREATE, REMOVE, REMOVE, ADD, ADD, SUSPEND, ACTIVATE]
EVERYTHING = Gap(
    SUBSCRIPTION,
    account_missing=True,
    items_gone=("OLD-1", "OLD-2"),
    items_new={"NEW-1": "box", "NEW-2": "box"},
    services_gone=("X", "Y"),
    services_new={"A": None},
)
# fmt: off
REQUESTS = {
    #                 command   called for by                  concerns                   changes
    CREATE:   Request(CREATE,   {"account_missing": True},     [()],                      "+account"),
    REMOVE:   Request(REMOVE,   {"items_gone": ("OLD-1",)},    [("OLD-1",), ("OLD-2",)],  "-item"),
    ADD:      Request(ADD,      {"items_new": {"NEW-1": "x"}}, [("NEW-1",), ("NEW-2",)],  "+item"),
    SUSPEND:  Request(SUSPEND,  {"services_gone": ("X",)},     [("X", "Y")],              "-service"),
    ACTIVATE: Request(ACTIVATE, {"services_new": {"A": None}}, [("A",)],                  "+service"),
}
SEQUENCES = {
    # action                        what is sent, in order, when everything is missing and everything is too much
    "BECOME_SUBSCRIBER":            [CREATE, ADD, ADD, ACTIVATE],
    "ACTIVATE_SUBSCRIPTION":        [CREATE, ADD, ADD, ACTIVATE],
    "SHORT_TERM_ACTIVATION":        [CREATE, ADD, ADD, ACTIVATE],
    "END_SHORT_TERM_DEACTIVATION":  [CREATE, ADD, ADD, ACTIVATE],
    "END_SUBSCRIPTION_RESTING":     [CREATE, ADD, ADD, ACTIVATE],
    "DEACTIVATE_SUBSCRIPTION":      [SUSPEND],
    "TERMINATE_SUBSCRIPTION":       [REMOVE, REMOVE, SUSPEND],
    "REST_SUBSCRIPTION":            [SUSPEND],
    "END_SHORT_TERM_ACTIVATION":    [SUSPEND],
    "SHORT_TERM_DEACTIVATION":      [SUSPEND],
    "ADD_SERVICE":                  [CREATE, ACTIVATE],
    "START_SERVICE":                [CREATE, ACTIVATE],
    "ADD_SERVICE_USAGE":            [CREATE, ACTIVATE],
    "REMOVE_SERVICE":               [SUSPEND],
    "STOP_SERVICE":                 [SUSPEND],
    "CANCEL_SERVICE_USAGE":         [SUSPEND],
    "END_SERVICE_USAGE":            [CREATE, SUSPEND, ACTIVATE],
    "SWAP_SERVICE":                 [CREATE, SUSPEND, ACTIVATE],
    "REGRET_SWAP":                  [CREATE, SUSPEND, ACTIVATE],
    "AMEND_BUNDLE_SERVICES":        [CREATE, SUSPEND, ACTIVATE],
    "ADD_INSTALLED_ITEM":           [CREATE, ADD, ADD],
    "REMOVE_INSTALLED_ITEM":        [REMOVE, REMOVE],
    "SWAP_INSTALLED_ITEM":          [CREATE, REMOVE, REMOVE, ADD, ADD],
    "MOVE_INSTALLED_ITEM":          [CREATE, REMOVE, REMOVE, ADD, ADD],
    "CHANGE_DISTRIBUTION":          ALL,
    "RESET":                        ALL,
}
# fmt: on
TUCANO = Manual(
    everything=EVERYTHING,
    requests=REQUESTS,
    without_account={CREATE},
    sequences=SEQUENCES,
    connection={"end_point": "http://x", "user_name": "u", "password": "p"},
    command_of=lambda message: etree.fromstring(message.body).get("name"),
)
