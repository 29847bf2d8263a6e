"""Irdeto's requests as the manual has them."""

from lxml import etree

from engine.domain.gap import Gap
from tests.engine.adapters.manual import SUBSCRIPTION, Manual, Request

FEWER, UNPAIR, OUT, INTO, PAIR, MORE = (
    "REMOVE_ENTITLEMENTS",
    "UNPAIR",
    "DEREGISTER_SECURE_CLIENT",
    "REGISTER_SECURE_CLIENT",
    "PAIR",
    "ADD_ENTITLEMENTS",
)
UTILITIES = ("SEND_MESSAGE", "SET_PIN", "RESET_PIN", "QUERY_SECURE_CLIENT", "REAUTHORISE_SECTOR")
EVERYTHING = Gap(
    SUBSCRIPTION,
    seats_gone=("OLD-1",),
    seats_new={"NEW-1": "MAIN", "NEW-2": "TWIN1"},
    pairs_gone=(("OLD-1", "CARD-1"),),
    pairs_new=(("NEW-1", "CARD-1"), ("NEW-2", "CARD-2")),
    seated_gone={"OLD-1": ("X", "Y"), "OLD-2": ("X",)},
    seated_new={"NEW-1": {"A": None, "B": None}},
)
ON = [INTO, INTO, PAIR, PAIR, MORE]
OFF = [FEWER, FEWER]
AWAY = [FEWER, FEWER, UNPAIR, OUT]
# fmt: off
REQUESTS = {
    #               command called for by                                 concerns                       changes
    FEWER:  Request(FEWER,  {"seated_gone": {"OLD-1": ("X",)}},           [("X", "Y"), ("X",)],          "-service"),
    UNPAIR: Request(UNPAIR, {"pairs_gone": (("OLD-1", "CARD-1"),)},       [("CARD-1",)],                 "-pair"),
    OUT:    Request(OUT,    {"seats_gone": ("OLD-1",)},                   [("OLD-1",)],                  "-item"),
    INTO:   Request(INTO,   {"seats_new": {"NEW-1": "MAIN"}},             [("NEW-1",), ("NEW-2",)],      "+item"),
    PAIR:   Request(PAIR,   {"pairs_new": (("NEW-1", "CARD-1"),)},        [("CARD-1",), ("CARD-2",)],    "+pair"),
    MORE:   Request(MORE,   {"seated_new": {"NEW-1": {"A": None}}},       [("A", "B")],                  "+service"),
}
REQUESTS |= {name: Request(name, {}, [], "") for name in UTILITIES}
SEQUENCES = {
    # action                        what is sent, in order, when everything is missing and everything is too much
    "BECOME_SUBSCRIBER":            ON,
    "ACTIVATE_SUBSCRIPTION":        ON,
    "SHORT_TERM_ACTIVATION":        ON,
    "END_SHORT_TERM_DEACTIVATION":  ON,
    "END_SUBSCRIPTION_RESTING":     ON,
    "DEACTIVATE_SUBSCRIPTION":      OFF,
    "TERMINATE_SUBSCRIPTION":       AWAY,
    "REST_SUBSCRIPTION":            OFF,
    "END_SHORT_TERM_ACTIVATION":    OFF,
    "SHORT_TERM_DEACTIVATION":      OFF,
    "ADD_SERVICE":                  [MORE],
    "START_SERVICE":                [MORE],
    "ADD_SERVICE_USAGE":            [MORE],
    "REMOVE_SERVICE":               OFF,
    "STOP_SERVICE":                 OFF,
    "CANCEL_SERVICE_USAGE":         OFF,
    "END_SERVICE_USAGE":            [*OFF, MORE],
    "SWAP_SERVICE":                 [*OFF, MORE],
    "REGRET_SWAP":                  [*OFF, MORE],
    "AMEND_BUNDLE_SERVICES":        [*OFF, MORE],
    "ADD_INSTALLED_ITEM":           ON,
    "REMOVE_INSTALLED_ITEM":        [*AWAY, PAIR, PAIR],
    "SWAP_INSTALLED_ITEM":          AWAY + ON,
    "MOVE_INSTALLED_ITEM":          AWAY + ON,
    "CHANGE_DISTRIBUTION":          AWAY + ON,
    "RESET":                        AWAY + ON,
}
# fmt: on
IRDETO = Manual(
    everything=EVERYTHING,
    requests=REQUESTS,
    without_account=set(REQUESTS),
    sequences=SEQUENCES,
    connection={"end_point": "http://x", "user_name": "u", "password": "p"},
    command_of=lambda message: str(etree.QName(etree.fromstring(message.body)[0][0]).localname),
)
