"""Every call that changes something: a body in order, with every field there is, and what must be done before."""

import json
from typing import Any, NamedTuple

NUMBER, LATER, SOON = "S0000000001", "2999-12-31", "2030-07-01T08:00:00+02:00"
IDENTIFIER = {"subscription_identifier": {"number": NUMBER}}
RUN, PROVIDER = {"run_identifier": {"id": 1}}, {"provisioning_provider_identifier": {"alternative_code": "tv"}}
GRACE = {"first_name": "Grace", "last_name": "Hopper", "email": "g@h", "phone": "1", "language": "en"}
HOME = {"street": "1 Main", "postal_code": "1", "city": "C", "region": "R", "country": "GB"}
SERVICE = {"product": "KIDS", "components": [], "distributors": ["MAIN"], "state": "EFFECTIVE"}
ITEM = {"product": "STB", "serial_number": "B-9", "distributors": ["MAIN"], "ca_ids": {"tv": "C-9"}}
WINDOW = {"start": "2999-01-01T20:00:00Z", "end": "2999-01-01T22:00:00Z"}
CUSTOMER = {"customer_number": "C1", "subscription_type": "HOME"}
CODE, PIN = {"authentication_code": "c0de"}, {"identifier": "ada", "pass_code": "4711"}
AT_CA = {
    "provisioning_provider_identifier": {"alternative_code": "ca"},
    "process_immediately": False,
    "priority": "EXPRESS",
}
CONAX = {"provisioning_provider_identifier": {"alternative_code": "conax"}}
AT_CONAX = AT_CA | CONAX
SMARTCARD = {"installed_item_identifier": {"serial_number": "01234567890"}}
BY_HAND = {"provisioning_provider_identifier", "process_immediately", "priority"}
DEVICE = {"installed_item_identifier": {"serial_number": "B-1-1"}}
MESSAGE = {"text": "Hello", "message_type": "MAIL", "text_mode": "ANSI"}
ARCHIVE, PASSWORD = "requests-2030-06-15-1a2b3c4d.jsonl.gz", {"archive_password": "over and done"}
FILES = {"files": {"new.toml": '[[products]]\ncode = "OPERA"\nname = "Opera"\n'}}

OFF = ("DEACTIVATE_SUBSCRIPTION", {})
MATCH = ("ADD_SERVICE_USAGE", {"product": "MATCH", "distributors": ["MAIN"], **WINDOW})
NOW = ("ADD_SERVICE_USAGE", {**MATCH[1], "start": "2030-06-15T12:00:00Z", "end": "2030-06-15T13:00:00Z"})
CHOICE = ("ADD_SERVICE", {"product": "CHOICE", "components": ["NEWS", "KIDS"], "distributors": ["MAIN"]})


class Call(NamedTuple):
    """A call's path, a body in order, the fields that may be left out, and what must be done before.

    That is, step by step, an action on the subscription with its details, or the name of something else.
    """

    path: str
    body: dict[str, Any]
    optional: frozenset[str] = frozenset()
    before: tuple[Any, ...] = ()

    def __str__(self):
        return f"{self.path} {' '.join(self.body)}"


def act(action, body, *before, optional=()):
    """An action's call."""
    return Call(f"/subscriptions/{action}", IDENTIFIER | body, frozenset(optional), before)


def order(body, *, optional=()):
    """The call that authenticates a subscriber, in one of its ways."""
    return Call("/tucano/subscriber/authenticate", body | PROVIDER, frozenset({*PROVIDER, *optional}), ("open shop",))


def utility(name, body, *, optional=()):
    """The call of a utility."""
    path = f"/irdeto/provisioning_requests/{name}"
    return Call(path, body | AT_CA, frozenset({*AT_CA, *optional}), ("at irdeto",))


def conax(name, body, *, optional=()):
    """The call about a card."""
    path = f"/conax_sms_sas/provisioning_requests/{name}"
    return Call(path, SMARTCARD | body | AT_CONAX, frozenset({*BY_HAND, *optional}), ("at conax",))


WHERE = {"distributors", "components", "state", "ca_ids"}
# fmt: off
CALLS = (
    Call("/subscriptions/become_subscriber",
         {"subscriber": GRACE | {"address": HOME}, "services": [SERVICE], "items": [ITEM], "state": "DRAFT",
          "number": "S9", **CUSTOMER},
         frozenset({"services", "items", "number", "email", "phone", "language", "address", *WHERE, *HOME, *CUSTOMER})),
    act("activate_subscription",       {}, OFF),
    act("deactivate_subscription",     {}),
    act("terminate_subscription",      {"mode": "regret"}, optional={"mode"}),
    act("rest_subscription",           {"until": LATER}),
    act("end_subscription_resting",    {}, ("REST_SUBSCRIPTION", {"until": LATER})),
    act("short_term_activation",       {"until": LATER}, OFF),
    act("end_short_term_activation",   {}, OFF, ("SHORT_TERM_ACTIVATION", {"until": LATER})),
    act("short_term_deactivation",     {"days": 3}),
    act("short_term_deactivation",     {"until": LATER}),
    act("end_short_term_deactivation", {}, ("SHORT_TERM_DEACTIVATION", {"days": 3})),
    act("add_service",                 SERVICE, optional=WHERE),
    act("remove_service",              {"service": "NEWS", "mode": "cancel"}, optional={"mode"}),
    act("start_service",               {"service": "NEWS"}, ("STOP_SERVICE", {"service": "NEWS"})),
    act("stop_service",                {"service": "NEWS"}),
    act("swap_service",                {"service": "NEWS", "product": "KIDS", "components": []}, optional=WHERE),
    act("regret_swap",                 {"service": "KIDS"}, ("SWAP_SERVICE", {"service": "NEWS", "product": "KIDS"})),
    act("amend_bundle_services",       {"service": "CHOICE", "add": ["SPORT"], "remove": ["KIDS"]}, CHOICE,
        optional={"add", "remove"}),
    act("add_service_usage",           MATCH[1], optional=WHERE),
    act("cancel_service_usage",        {"service": "MATCH"}, MATCH),
    act("end_service_usage",           {"service": "MATCH"}, NOW, "two hours"),
    act("add_installed_item",          ITEM, optional=WHERE),
    act("remove_installed_item",       {"item": "B-1-1"}),
    act("swap_installed_item",         {"item": "B-1-1", "serial_number": "B-9", "product": "STB",
                                        "ca_ids": {"tv": "C-9"}},
        optional={"product", "ca_ids"}),
    act("move_installed_item",         {"item": "B-1-1", "to_subscription": "S2", "distributors": ["MAIN"]}, "another",
        optional=WHERE),
    act("change_distribution",         {"services": ["NEWS"], "items": ["B-1-1"], "put_on": ["TWIN1"],
                                        "take_off": ["MAIN"]},
        optional={"services", "items", "put_on", "take_off"}),
    Call("/subscriptions/actions/cancel",    {"action_identifier": {"id": 2}}, before=("scheduled",)),
    order({"access_token_identifier": CODE}),
    order({"access_token_identifier": PIN, "subscription_type_identifier": {"alternative_code": "HOME"}},
          optional={"subscription_type_identifier"}),
    order({"installed_item_identifier": {"serial_number": "B-1-1"}}),
    order(IDENTIFIER),
    order({"customer_identification_claim_identifier": {"number": "C1"}}),
    Call("/tucano/subscriber/access_tokens", IDENTIFIER | {"access_token_identifier": PIN}),
    Call("/tucano/subscriber/access_tokens", IDENTIFIER | {"access_token_identifier": CODE}),
    utility("set_pin",                       DEVICE | {"new_pin": "1234"}),
    utility("reset_pin",                     DEVICE),
    utility("reauthorise_sector",            DEVICE),
    utility("query",                         DEVICE | {"kinds": ["PAIRING", "BASIC"]}, optional={"kinds"}),
    utility("send_message",                  DEVICE | MESSAGE, optional={"message_type", "text_mode"}),
    utility("send_message",                  {"to_all": True} | MESSAGE, optional={"message_type", "text_mode"}),
    conax("add_subscriptions",    {"product_identifiers": [{"alternative_code": "NEWS"}], "start_date": SOON},
          optional={"start_date"}),
    conax("cancel_subscriptions", {"product_identifiers": [{"alternative_code": "NEWS"}], "start_date": SOON},
          optional={"start_date"}),
    conax("create_pairing",       {"stb_identifier": {"serial_number": "09000000000"}}, optional={"stb_identifier"}),
    conax("send_mail_message",    {"text": "Hello", "sequence": 7}, optional={"sequence"}),
    conax("send_bark_message",    {"text": "Hello", "sequence": 7, "duration": 30}, optional={"sequence", "duration"}),
    conax("query_status",         {}),
    Call("/conax_sms_sas/files/resend", {"file_identifier": {"id": 1}} | CONAX, frozenset(CONAX), ("a lost file",)),
    Call("/conax_sms_sas/files/resend", {"file_identifier": {"name": "sc000001.emm"}}, before=("a lost file",)),
    Call("/communication_queue/entries/add", IDENTIFIER | {"text": "Hello", "external_system": "CRM"}),
    Call("/communication_queue/entries/remove", {"entry_identifier": {"id": 1}}, before=("an entry",)),
    Call("/definitions/submit",              {"definition_identifier": {"alternative_code": "MAINTENANCE"}} | PASSWORD,
         frozenset(PASSWORD), ("defined",)),
    Call("/runs/interrupt",                  RUN, before=("going on",)),
    Call("/runs/resume",                     RUN | PASSWORD, frozenset(PASSWORD), ("draft",)),
    Call("/runs/delete",                     RUN, before=("draft",)),
    Call("/archives/delete",                 {"archive_identifier": {"name": ARCHIVE}} | PASSWORD,
         before=("an archive",)),
    Call("/clock/advance",                   {"advance_s": 60.5}, before=("movable",)),
    Call("/provisioning/subscriptions/reset", IDENTIFIER | PROVIDER, frozenset(PROVIDER)),
    Call("/provisioning/audit/submit",       IDENTIFIER | PROVIDER, frozenset(PROVIDER)),
    Call("/provisioning/providers/set_as_effective", PROVIDER, before=("not effective",)),
    Call("/provisioning/providers/set_as_not_effective", PROVIDER),
    Call("/provisioning/providers/test_connection", PROVIDER),
    Call("/provisioning/configuration/preview", FILES, frozenset({"new.toml"})),
    Call("/provisioning/configuration/load",  FILES, frozenset({"new.toml"})),
)
# fmt: on
BY_PATH = {call.path: call for call in reversed(CALLS)}


def fields(body, path=()):
    """The paths of all fields of a body."""
    for name, value in body.items() if isinstance(body, dict) else enumerate(body):
        yield (*path, name)
        if isinstance(value, dict | list):
            yield from fields(value, (*path, name))


def changed(body, path, value):
    """The body with another value at the path."""
    copy = json.loads(json.dumps(body))
    inside(copy, path)[path[-1]] = value
    return copy


def without(body, path):
    """The body without the field at the path."""
    copy = json.loads(json.dumps(body))
    del inside(copy, path)[path[-1]]
    return copy


def inside(body, path):
    """Where in the body the last name of the path is."""
    for name in path[:-1]:
        body = body[name]
    return body
