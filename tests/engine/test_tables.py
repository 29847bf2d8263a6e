"""The tables that drive the engine, beside the manual's, written out again by hand."""

import inspect
import itertools
from pathlib import Path

import pytest
from lxml import etree

from engine.adapters import ADAPTERS
from engine.adapters.icareus import replies as icareus
from engine.adapters.tucano import TUCANO, replies
from engine.domain import actions, rules
from engine.domain.actions import Action
from engine.domain.gap import Gap, Part
from engine.domain.provider import Provider
from engine.service.plan import called_for
from tests.engine.adapters.conax.manual import CONAX as CONAX_MANUAL
from tests.engine.adapters.icareus.manual import ICAREUS as ICAREUS_MANUAL
from tests.engine.adapters.icareus.manual import published_by_icareus
from tests.engine.adapters.irdeto.manual import IRDETO as IRDETO_MANUAL
from tests.engine.adapters.manual import SUBSCRIPTION
from tests.engine.adapters.tucano.manual import TUCANO as TUCANO_MANUAL

XSD = etree.parse(Path(__file__).parents[2] / "simulators" / "tucano" / "tucano.xsd")
MANUALS = {"tucano": TUCANO_MANUAL, "icareus": ICAREUS_MANUAL, "irdeto": IRDETO_MANUAL, "conax": CONAX_MANUAL}
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
# fmt: on


def planned(protocol, action, gap):
    return [row.request for row, _parameters in called_for(ADAPTERS[protocol].table, action, gap)]


def test_the_groups_are_the_manuals():
    assert {name: set(map(str, group)) for name, group in actions.GROUPS.items()} == {
        name: set(members.split()) for name, members in GROUPS.items()
    }


def test_every_action_stands_in_a_group():
    assert set(itertools.chain.from_iterable(actions.GROUPS.values())) == set(Action)


def test_only_the_reset_is_no_action_on_a_subscription():
    assert set(Action) - set(rules.RULES) == {Action.RESET}


def test_every_platform_has_a_manual():
    assert set(MANUALS) == set(ADAPTERS)


@pytest.mark.parametrize("protocol", MANUALS)
def test_the_requests_are_the_manuals_in_its_order(protocol):
    assert [row.request for row in ADAPTERS[protocol].table] == list(MANUALS[protocol].requests)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("protocol", MANUALS)
def test_an_action_sends_this_and_in_this_order(protocol, action):
    manual = MANUALS[protocol]
    assert planned(protocol, action, manual.everything) == manual.sequences[action]


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("protocol", MANUALS)
def test_nothing_is_sent_where_nothing_is_missing(protocol, action):
    assert planned(protocol, action, Gap(SUBSCRIPTION)) == []


@pytest.mark.parametrize(
    ("protocol", "request_type", "action"),
    [
        (protocol, row.request, action)
        for protocol, adapter in ADAPTERS.items()
        for row in adapter.table
        for action in sorted(row.triggered_by)
    ],
)
def test_every_row_fires_alone_for_each_of_its_triggers(protocol, request_type, action):
    called_for_by = MANUALS[protocol].requests[request_type].called_for_by
    assert planned(protocol, action, Gap(SUBSCRIPTION, **called_for_by)) == [request_type]


@pytest.mark.parametrize("protocol", MANUALS)
def test_a_row_concerns_just_what_its_trigger_logic_found(protocol):
    manual = MANUALS[protocol]
    concerned = {
        row.request: [row.on_completed.ids(parameters) for parameters in row.trigger_logic(manual.everything)]
        for row in ADAPTERS[protocol].table
    }
    assert concerned == {name: request.concerns for name, request in manual.requests.items()}


@pytest.mark.parametrize("protocol", MANUALS)
def test_rows_give_and_take_what_the_manual_says(protocol):
    effects = {row.request: row.on_completed for row in ADAPTERS[protocol].table}
    said = {
        name: f"{'+' if one.gives else '-'}{one.kind}" if one.changes_holdings else "" for name, one in effects.items()
    }
    assert said == {name: request.changes for name, request in MANUALS[protocol].requests.items()}


@pytest.mark.parametrize("protocol", MANUALS)
def test_these_need_no_account(protocol):
    free = {row.request for row in ADAPTERS[protocol].table if not row.needs_account}
    assert free == MANUALS[protocol].without_account


@pytest.mark.parametrize("protocol", ADAPTERS)
def test_no_two_rows_of_a_table_have_one_name_and_a_reset_may_cause_all_that_actions_do(protocol):
    table = ADAPTERS[protocol].table
    assert len({row.request for row in table}) == len(table)
    assert all(Action.RESET in row.triggered_by for row in table if row.triggered_by)


@pytest.mark.parametrize("protocol", ADAPTERS)
def test_what_no_action_triggers_is_asked_for_by_a_utility_and_changes_nothing_that_is_held(protocol):
    adapter = ADAPTERS[protocol]
    asked = [row for row in adapter.table if not row.triggered_by]
    by_utilities = {name for one in adapter.utilities.values() for name in (one.request, *one.by_type.values())}
    by_runs = {row.request for row in adapter.table if row.part}
    assert by_utilities - by_runs == {row.request for row in asked}
    assert all(row.asked_by and not row.on_completed.changes_holdings for row in asked)
    assert by_runs == {row.request for row in adapter.table if row.asked_by and row not in asked}
    assert bool(by_runs) is adapter.takes_files


@pytest.mark.parametrize("protocol", [name for name, adapter in ADAPTERS.items() if adapter.takes_files])
def test_what_a_run_asks_for_all_subscriptions_is_what_the_trigger_logic_finds_for_one(protocol):
    everything = MANUALS[protocol].everything
    found = {
        Part.SERVICES_GONE: everything.seated_gone,
        Part.SERVICES_NEW: everything.seated_new,
        Part.SERVICES_DUE: everything.seated_due,
        Part.PAIRS_NEW: {seat: [other] for seat, other in everything.pairs_new},
    }
    for row in ADAPTERS[protocol].table:
        effect, things = row.on_completed, found.get(row.part, {})
        assert list(row.trigger_logic(everything)) == [
            {effect.on: seat, effect.parameter: ca_id, "distributor": everything.distributors[seat]}
            for seat, ids in things.items()
            for ca_id in ids
        ]


@pytest.mark.parametrize("protocol", MANUALS)
def test_every_row_is_packed_as_the_command_of_the_manual(protocol):
    adapter, manual = ADAPTERS[protocol], MANUALS[protocol]
    provider = Provider("tv", "TV", protocol, connection=manual.connection)
    for row in adapter.table:
        for parameters in row.trigger_logic(manual.everything):
            if manual.sent:
                sent = manual.sent(row, parameters)
            else:
                sent = adapter.calls.pack(provider, row.request, "1", parameters | {"account": "T1"})
            assert manual.command_of(sent) == manual.requests[row.request].command


def listed(simple_type):
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    path = f"//xs:simpleType[@name='{simple_type}']//xs:enumeration/@value"
    return {str(value) for value in XSD.xpath(path, namespaces=names)}


def test_every_code_of_the_platform_has_a_meaning_but_those_about_the_token_of_an_order():
    assert set(replies.MEANINGS) | ABOUT_TOKENS == listed("Code")
    assert not set(replies.MEANINGS) & ABOUT_TOKENS


def test_every_request_is_a_command_of_the_platform():
    assert listed("CommandName") - {row.request for row in TUCANO.table} == {"GET_ACCOUNT"}


def test_every_code_that_icareus_publishes_has_a_meaning_and_every_request_is_one_of_its_actions():
    forms = published_by_icareus()["components"]["schemas"]
    assert set(icareus.MEANINGS) == set(forms["Error"]["properties"]["code"]["enum"])
    actions = {name for name, form in forms.items() if "action" in form.get("properties", {})}
    assert actions == {"getUser", *(request.command for request in ICAREUS_MANUAL.requests.values())}


@pytest.mark.parametrize("row", rules.ROWS, ids=lambda row: row.action)
def test_every_effect_takes_the_order_of_its_row(row):
    taken = list(inspect.signature(row.effect).parameters.values())[1].annotation
    assert taken in {row.details, object}
