"""The tables that drive the engine, beside the manual's, written out again by hand."""

import inspect
import itertools
from pathlib import Path

import pytest
from lxml import etree

from engine.adapters.tucano import TUCANO, messages, replies
from engine.bootstrap import ADAPTERS
from engine.domain import actions, rules
from engine.domain.actions import Action
from engine.domain.provider import Provider
from engine.domain.rights import Gap, Kind
from engine.domain.subscription import Subscriber, Subscription
from engine.service.plan import called_for

XSD = etree.parse(Path(__file__).parents[2] / "simulators" / "tucano" / "tucano.xsd")
SUBSCRIPTION = Subscription("S1", Subscriber("Ada", "Lovelace"))
EVERYTHING = Gap(
    SUBSCRIPTION,
    account_missing=True,
    items_gone=("OLD-1", "OLD-2"),
    items_new={"NEW-1": "box", "NEW-2": "box"},
    services_gone=("X", "Y"),
    services_new={"A": None},
)
PARTS = {
    "CREATE_ACCOUNT": {"account_missing": True},
    "REMOVE_MATERIAL": {"items_gone": ("OLD-1",)},
    "ADD_MATERIAL": {"items_new": {"NEW-1": "box"}},
    "SUSPEND_OPTIONS": {"services_gone": ("X",)},
    "ACTIVATE_OPTIONS": {"services_new": {"A": None}},
}
# The engine never sends an order: subscribers do, each with a token.
ABOUT_TOKENS = {"NO_SECRET", "TOKEN_MISSING", "TOKEN_MALFORMED", "TOKEN_FORGED", "TOKEN_FOREIGN", "TOKEN_EXPIRED"}
# fmt: off
GROUPS = {
    "SUBSCRIPTION_ON":  "BECOME_SUBSCRIBER ACTIVATE_SUBSCRIPTION SHORT_TERM_ACTIVATION END_SHORT_TERM_DEACTIVATION"
                        " END_SUBSCRIPTION_RESTING CHANGE_DISTRIBUTION",
    "SUBSCRIPTION_OFF": "DEACTIVATE_SUBSCRIPTION TERMINATE_SUBSCRIPTION REST_SUBSCRIPTION END_SHORT_TERM_ACTIVATION"
                        " SHORT_TERM_DEACTIVATION CHANGE_DISTRIBUTION",
    "SERVICE_ON":       "ADD_SERVICE START_SERVICE SWAP_SERVICE REGRET_SWAP AMEND_BUNDLE_SERVICES ADD_SERVICE_USAGE"
                        " END_SERVICE_USAGE",
    "SERVICE_OFF":      "REMOVE_SERVICE STOP_SERVICE SWAP_SERVICE REGRET_SWAP AMEND_BUNDLE_SERVICES"
                        " CANCEL_SERVICE_USAGE END_SERVICE_USAGE",
    "ITEM_ON":          "ADD_INSTALLED_ITEM SWAP_INSTALLED_ITEM MOVE_INSTALLED_ITEM",
    "ITEM_OFF":         "REMOVE_INSTALLED_ITEM SWAP_INSTALLED_ITEM MOVE_INSTALLED_ITEM",
    "RESET":            "RESET",
}
CREATE, REMOVE, ADD, SUSPEND, ACTIVATE = PARTS
ALL = [CREATE, REMOVE, REMOVE, ADD, ADD, SUSPEND, ACTIVATE]
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


def planned(action, gap, adapter=TUCANO):
    return [row.request for row, _parameters in called_for(adapter.table, action, gap)]


def test_the_groups_are_the_manuals():
    assert {name: set(map(str, group)) for name, group in actions.GROUPS.items()} == {
        name: set(members.split()) for name, members in GROUPS.items()
    }


def test_every_action_stands_in_a_group():
    assert set(itertools.chain.from_iterable(actions.GROUPS.values())) == set(Action)


def test_only_the_reset_is_no_action_on_a_subscription():
    assert set(Action) - set(rules.RULES) == {Action.RESET}


@pytest.mark.parametrize("action", Action)
def test_an_action_sends_this_and_in_this_order(action):
    assert planned(action, EVERYTHING) == SEQUENCES[action]


@pytest.mark.parametrize("action", Action)
def test_nothing_is_sent_where_nothing_is_missing(action):
    assert planned(action, Gap(SUBSCRIPTION)) == []


@pytest.mark.parametrize(
    ("request_type", "action"), [(row.request, action) for row in TUCANO.table for action in sorted(row.triggered_by)]
)
def test_every_row_fires_alone_for_each_of_its_triggers(request_type, action):
    assert planned(action, Gap(SUBSCRIPTION, **PARTS[request_type])) == [request_type]


@pytest.mark.parametrize("protocol", ADAPTERS)
def test_what_a_row_changes_when_completed_is_named_in_its_parameters(protocol):
    adapter = ADAPTERS[protocol]
    for row in adapter.table:
        produced = list(row.trigger_logic(EVERYTHING))
        assert produced
        for parameters in produced:
            ids = row.on_completed.ids(parameters)
            assert bool(ids) == (row.on_completed.kind is not Kind.ACCOUNT)


def test_a_row_concerns_just_what_its_trigger_logic_found():
    concerned = {
        row.request: [row.on_completed.ids(parameters) for parameters in row.trigger_logic(EVERYTHING)]
        for row in TUCANO.table
    }
    assert concerned == {
        CREATE: [()],
        REMOVE: [("OLD-1",), ("OLD-2",)],
        ADD: [("NEW-1",), ("NEW-2",)],
        SUSPEND: [("X", "Y")],
        ACTIVATE: [("A",)],
    }


def test_rows_give_and_take_what_their_names_say():
    said = {row.request: (row.on_completed.gives, row.on_completed.kind.value) for row in TUCANO.table}
    assert said == {
        CREATE: (True, "account"),
        REMOVE: (False, "item"),
        ADD: (True, "item"),
        SUSPEND: (False, "service"),
        ACTIVATE: (True, "service"),
    }
    assert [row.request for row in TUCANO.table if not row.needs_account] == [CREATE]


@pytest.mark.parametrize("protocol", ADAPTERS)
def test_no_two_rows_of_a_table_have_one_name_and_each_reset_may_cause_all(protocol):
    table = ADAPTERS[protocol].table
    assert len({row.request for row in table}) == len(table)
    assert all(Action.RESET in row.triggered_by for row in table)


def test_every_row_can_be_packed():
    connection = {"end_point": "http://x", "user_name": "u", "password": "p"}
    assert set(messages.BODIES) == set(PARTS)
    for row in TUCANO.table:
        for parameters in row.trigger_logic(EVERYTHING):
            message = TUCANO.pack(
                Provider("tv", "TV", "tucano", connection=connection), row.request, "1", parameters | {"account": "T1"}
            )
            assert etree.fromstring(message.body).get("name") == row.request


def listed(simple_type):
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    path = f"//xs:simpleType[@name='{simple_type}']//xs:enumeration/@value"
    return {str(value) for value in XSD.xpath(path, namespaces=names)}


def test_every_code_of_the_platform_has_a_meaning_but_those_about_the_token_of_an_order():
    assert set(replies.MEANINGS) | ABOUT_TOKENS == listed("Code")
    assert not set(replies.MEANINGS) & ABOUT_TOKENS


def test_every_request_is_a_command_of_the_platform():
    assert listed("CommandName") - {row.request for row in TUCANO.table} == {"GET_ACCOUNT"}


@pytest.mark.parametrize("row", rules.ROWS, ids=lambda row: row.action)
def test_every_effect_takes_the_order_of_its_row(row):
    taken = list(inspect.signature(row.effect).parameters.values())[1].annotation
    assert taken in {row.details, object}
