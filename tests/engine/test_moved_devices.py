"""Devices that move to other subscriptions while their platform is down: one reset run brings each to whose it is."""

import pytest

from simulators.kit.faults import Fault

PERSON = {"first_name": "Ada", "last_name": "Lovelace"}
PLATFORMS = ("tucano", "icareus", "irdeto")


@pytest.fixture(params=PLATFORMS)
def platform(request, lab):
    """A platform with two subscriptions of one owner's, S1 and S2, each with a box and a service."""
    found = lab.platforms[request.param]
    for number in ("S1", "S2"):
        where = {"distributors": [f"{request.param.upper()}_MAIN"]}
        lab.engine.act(
            "BECOME_SUBSCRIBER",
            number=number,
            customer_number="C1",
            subscriber=PERSON,
            services=[{"product": "SPORT", **where}],
            items=[{"product": "STB", "serial_number": f"STB-{number}", **where}],
        )
    return found


def move(lab, number, item, other):
    lab.engine.act("MOVE_INSTALLED_ITEM", number, item=item, to_subscription=other)


def in_sync(lab, platform):
    return [one.providers[platform.platform.name].in_sync for one in lab.engine.subscriptions()]


@pytest.mark.parametrize(("giver", "taker"), [("S1", "S2"), ("S2", "S1")])
def test_it_is_taken_from_whom_it_was_before_it_is_given_to_whom_it_is(lab, platform, giver, taker):
    with platform.down():
        move(lab, giver, f"STB-{giver}", taker)
    lab.clock.sleep(60)
    run = lab.engine.run("RESET")
    assert (run.state, run.counts.rejected, run.counts.examined, run.total) == ("COMPLETED", 0, 2, 2)
    assert in_sync(lab, platform) == [True, True]


@pytest.mark.expects_refusals
def test_boxes_that_have_changed_places_are_brought_there(lab, platform):
    with platform.down():
        move(lab, "S1", "STB-S1", "S2")
        move(lab, "S2", "STB-S2", "S1")
    lab.clock.sleep(60)
    lab.engine.run("RESET")
    assert in_sync(lab, platform) == [True, True]


def test_what_another_has_been_given_is_no_longer_in_doubt_and_is_not_taken_from_him(lab):
    irdeto, where = lab.platforms["irdeto"], {"distributors": ["IRDETO_MAIN"]}
    for number in ("S1", "S2"):
        owner = {"number": number, "customer_number": "C1", "subscriber": PERSON}
        lab.engine.act("BECOME_SUBSCRIBER", **owner, services=[{"product": "SPORT", **where}])
    irdeto.faults.put(Fault("lost", "lost_reply"))
    lab.engine.act("ADD_INSTALLED_ITEM", "S2", product="STB", serial_number="BOX", **where)
    move(lab, "S2", "BOX", "S1")
    irdeto.faults.clear()
    lab.clock.sleep(60)
    for number in ("S1", "S2"):
        lab.engine.reset(number)
    assert irdeto.holdings()["BOX"]
    assert in_sync(lab, irdeto) == [True, True]
