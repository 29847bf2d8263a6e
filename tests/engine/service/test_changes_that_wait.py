"""What an action says of platforms that take files: it sends nothing there, and that is no failure."""

import pytest

from tests.engine.at_conax import card, subscribe_at_conax
from tests.engine.desk import ADD, CANCEL, Desk

A, B = "01234567890", "01234567891"


@pytest.fixture
def desk(engine, tmp_path):
    return Desk(engine, tmp_path)


def test_an_action_is_in_sync_and_says_how_many_changes_wait(desk):
    executed = subscribe_at_conax(desk.engine, "S1", card(A), products=("NEWS", "SPORT"))
    assert (executed.requests, executed.in_sync, executed.waits) == ((), True, {"conax": 2})
    assert desk.site.journal == []


def test_what_has_been_sent_waits_no_more_and_a_new_change_does(desk):
    subscribe_at_conax(desk.engine, "S1", card(A))
    desk.engine.run("SEND")
    executed = desk.engine.act("ADD_SERVICE", "S1", product="SPORT", distributors=["CONAX_MAIN"])
    assert executed.waits == {"conax": 1}
    executed = desk.engine.act("REMOVE_SERVICE", "S1", service="SPORT")
    assert (executed.in_sync, executed.waits) == (True, {})


def test_what_a_run_could_not_send_waits(desk):
    subscribe_at_conax(desk.engine, "S1", card(A))
    desk.site.fail("rename", times=3)
    desk.engine.run("SEND")
    assert desk.engine.act("ADD_SERVICE", "S1", product="SPORT", distributors=["CONAX_MAIN"]).waits == {"conax": 2}


def test_a_reset_makes_requests_that_wait_and_sends_none(desk):
    subscribe_at_conax(desk.engine, "S1", card(A), products=("NEWS", "SPORT"))
    executed = desk.engine.reset("S1")
    assert [(one.type, one.life_cycle_state.value, one.process_name) for one in executed.requests] == [
        (ADD, "PENDING", "RESET")
    ] * 2
    assert (executed.in_sync, executed.waits, desk.site.journal) == (True, {"conax": 2}, [])
    assert desk.engine.reset("S1").requests == ()
    desk.engine.run("SEND")
    assert len(desk.engine.requests()) == len(desk.site.arrived) == 2


def test_a_platform_that_is_called_is_out_of_sync_as_before(desk, platform, answers):
    platform.answer_with(*[answers["not sent"]] * 9)
    items = [{"product": "STB", "serial_number": "BOX-1", "distributors": ["MAIN"]}, card(A)]
    services = [{"product": "NEWS", "distributors": ["MAIN", "CONAX_MAIN"]}]
    ada = {"first_name": "Ada", "last_name": "Lovelace"}
    executed = desk.engine.act("BECOME_SUBSCRIBER", subscriber=ada, services=services, items=items, number="S1")
    assert (executed.in_sync, executed.waits) == (False, {"conax": 1})


def test_what_is_held_and_should_not_be_waits_too(desk):
    subscribe_at_conax(desk.engine, "S1", card(A))
    desk.engine.run("SEND")
    executed = desk.engine.act("STOP_SERVICE", "S1", service="NEWS")
    assert executed.waits == {"conax": 1}
    desk.engine.run("SEND")
    # The platform has not answered yet; the cancellation waits for that, so as not to overtake.
    assert [one.type for one in desk.engine.requests() if not one.file] == [CANCEL]
