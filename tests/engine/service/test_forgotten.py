"""A platform that has forgotten an account, and labs that forget one another."""

from dataclasses import replace

import pytest

from harness.lab.killing import EngineKilledError
from harness.lab.lab import Lab

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
SPORT = {"product": "Sport", "distributors": ["TUCANO_MAIN"]}
BOX = {"product": "STB", "serial_number": "STB-1", "distributors": ["TUCANO_MAIN"]}


def subscribe(lab):
    return lab.engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[SPORT], items=[BOX]).subscription


@pytest.mark.expects_refusals
@pytest.mark.parametrize("action", ["TERMINATE_SUBSCRIPTION", "DEACTIVATE_SUBSCRIPTION"])
def test_one_reset_settles_what_hung_on_a_forgotten_account_whatever_is_still_wanted(lab, action):
    number = subscribe(lab)
    lab.tucano.forget("T100001")
    acted = lab.engine.act(action, number)
    assert {one.error_code for one in acted.requests} == {"UNKNOWN_ACCOUNT"}
    assert not acted.in_sync
    assert lab.engine.reset(number).in_sync
    assert lab.engine.reset(number).requests == ()
    items = lab.engine.show(number).providers["tucano"].should_hold.items
    held = [line for lines in lab.tucano.holdings().values() for line in lines if not line.startswith("account ")]
    assert held == [f"material {item}" for item in items]


def test_a_lab_knows_nothing_of_the_engine_that_was_killed_in_the_one_before(lab_bench):
    first = Lab(lab_bench)
    first.kill_engine("before_sending")
    with pytest.raises(EngineKilledError):
        subscribe(first)
    first.restart_engine()
    first.close()
    second = Lab(lab_bench)
    with second.tucano.down():
        subscribe(second)
    assert [one.error_code for one in second.engine.requests(type="CREATE_ACCOUNT")] == ["CONNECTION_REFUSED"]
    second.close()


def test_what_does_not_fit_the_character_set_is_rejected_and_keeps_nobody_waiting(lab, monkeypatch):
    number = subscribe(lab)
    adapter = lab.engine.context.adapters["tucano"]

    def broken(*_arguments):
        raise UnicodeError("no such letter")

    with monkeypatch.context() as patch:
        mute = replace(adapter, line=replace(adapter.calls, pack=broken))
        patch.setitem(lab.engine.context.adapters, "tucano", mute)
        acted = lab.engine.act("STOP_SERVICE", number, service="Sport")
    assert [(one.life_cycle_state, one.error_code) for one in acted.requests] == [("REJECTED", "UNSENDABLE")]
    assert lab.engine.reset(number).in_sync


def test_a_component_that_was_stopped_before_the_swap_is_stopped_after_its_regret(lab):
    bundle = {
        "product": "Flexible Bundle A",
        "components": ["Geological", "Entertain"],
        "distributors": ["TUCANO_MAIN"],
    }
    number = lab.engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[bundle]).subscription
    lab.engine.act("STOP_SERVICE", number, service="Entertain")
    lab.engine.act("SWAP_SERVICE", number, service="Flexible Bundle A", product="Agriculture")
    lab.engine.act("REGRET_SWAP", number, service="Agriculture")
    states = {one.name: one.state for one in lab.engine.show(number).services}
    assert states["Entertain"] == "NOT_EFFECTIVE"
    assert states["Geological"] == "EFFECTIVE"
    assert lab.tucano.holdings() == {"T100001": ["account T100001", "option OPT_GEOLOGICAL"]}


def test_a_window_that_has_passed_is_refused(lab):
    number = subscribe(lab)
    with pytest.raises(Exception, match=r"end is 2001-01-02 .*; a time after 20.* is wanted"):
        lab.engine.act(
            "ADD_SERVICE_USAGE",
            number,
            product="Premiere",
            start="2001-01-01T00:00:00Z",
            end="2001-01-02T00:00:00Z",
            distributors=["TUCANO_MAIN"],
        )
