"""A platform that wants an account first: what only takes away is refused where none is registered."""

from dataclasses import replace

import pytest

from engine.adapters.tucano import TUCANO
from engine.domain.errors import NotAllowedError
from engine.domain.keeping import Keeping
from harness.lab.killing import EngineKilledError

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
MAIN = ["TUCANO_MAIN"]
REFUSAL = "S1 has no registered account at tucano, which {} needs; reset the subscription first."
TAKING = {
    "DEACTIVATE_SUBSCRIPTION": {},
    "TERMINATE_SUBSCRIPTION": {"mode": "cancel"},
    "REST_SUBSCRIPTION": {"until": "2999-12-31"},
    "SHORT_TERM_DEACTIVATION": {"days": 3},
    "REMOVE_SERVICE": {"service": "Sport", "mode": "cancel"},
    "STOP_SERVICE": {"service": "Sport"},
    "REMOVE_INSTALLED_ITEM": {"item": "STB-1"},
}
GIVING = {
    "ADD_SERVICE": {"product": "Cinema", "distributors": MAIN},
    "SWAP_SERVICE": {"service": "Sport", "product": "Agriculture"},
    "CHANGE_DISTRIBUTION": {"services": ["Sport"], "take_off": MAIN},
    "SWAP_INSTALLED_ITEM": {"item": "STB-1", "serial_number": "STB-2"},
}


@pytest.fixture
def strict(lab):
    """The lab, its platform one that wants an account first."""
    known = lab.engine.context.adapters
    lab.engine.context.adapters = {**known, "tucano": replace(TUCANO, keeping=Keeping(account_first=True))}
    return lab


def subscribe(lab, state="EFFECTIVE", distributors=MAIN):
    service = {"product": "Sport", "distributors": distributors}
    item = {"product": "STB", "serial_number": "STB-1", "distributors": distributors}
    return lab.engine.act(
        "BECOME_SUBSCRIBER", number="S1", subscriber=ADA, state=state, services=[service], items=[item]
    )


def subscribe_in_vain(lab):
    with lab.tucano.down():
        subscribe(lab)
    lab.mark()


@pytest.mark.parametrize("action", TAKING)
def test_what_only_takes_away_is_refused_without_an_account(strict, action):
    subscribe_in_vain(strict)
    before = strict.engine.show("S1")
    with pytest.raises(NotAllowedError) as refusal:
        strict.engine.act(action, "S1", **TAKING[action])
    assert refusal.value.message == REFUSAL.format(action)
    assert strict.engine.show("S1") == before
    assert strict.exchanges() == []


@pytest.mark.parametrize("action", TAKING)
def test_it_is_done_with_an_account(strict, action):
    subscribe(strict)
    assert strict.engine.act(action, "S1", **TAKING[action]).in_sync


@pytest.mark.parametrize("action", TAKING)
def test_it_is_done_after_a_reset(strict, action):
    subscribe_in_vain(strict)
    strict.engine.context.clock.sleep(60)
    strict.engine.reset("S1")
    assert strict.engine.act(action, "S1", **TAKING[action]).in_sync


@pytest.mark.parametrize("action", GIVING)
def test_what_may_register_the_account_is_done(strict, action):
    subscribe_in_vain(strict)
    strict.engine.context.clock.sleep(60)
    assert strict.engine.act(action, "S1", **GIVING[action]).action == action


def test_a_draft_that_was_never_on_may_end(strict):
    subscribe(strict, state="DRAFT")
    assert strict.engine.act("TERMINATE_SUBSCRIPTION", "S1", mode="cancel").requests == ()


def test_what_is_on_no_distributor_there_may_be_taken(strict):
    subscribe(strict, distributors=[])
    assert strict.engine.act("REMOVE_SERVICE", "S1", service="Sport", mode="cancel").in_sync


def test_an_account_that_is_on_its_way_is_enough(strict):
    subscribe(strict, state="DRAFT")
    transport = strict.engine.context.transport
    strict.kill_engine("before_sending")
    with pytest.raises(EngineKilledError):
        strict.engine.act("ACTIVATE_SUBSCRIPTION", "S1")
    strict.engine.context.transport = transport
    assert strict.engine.act("DEACTIVATE_SUBSCRIPTION", "S1").in_sync


def test_elsewhere_it_is_done(lab):
    subscribe_in_vain(lab)
    assert lab.engine.act("STOP_SERVICE", "S1", service="Sport").action == "STOP_SERVICE"
