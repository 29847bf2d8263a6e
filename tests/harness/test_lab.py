"""A lab has every platform, in one virtual time; those that nobody asks cost nothing."""

from datetime import timedelta

import pytest

from harness.platforms import PLATFORMS
from simulators.kit.faults import Fault

CALLED = [name for name in PLATFORMS if name != "conax"]  # what is done there is done at once
PLACES = [f"{name.upper()}_MAIN" for name in CALLED]
HOUR = timedelta(hours=1)
ADA = {"first_name": "Ada", "last_name": "Lovelace"}


def subscribe(lab, *places):
    """A subscription to Sport with a box, in these places."""
    return lab.engine.act(
        "BECOME_SUBSCRIBER",
        subscriber=ADA,
        services=[{"product": "Sport", "distributors": places}],
        items=[{"product": "STB", "serial_number": "STB-1", "distributors": places}],
    ).subscription


def test_one_action_reaches_every_platform_and_effects_are_told_apart(lab):
    subscribe(lab, *PLACES)
    assert lab.effects("tucano") == ["+account T100001", "+material STB-1", "+option OPT_SPORT"]
    assert lab.effects("icareus") == ["+account 200001", "+device STB-1", "+product SVOD_SPORT"]
    assert lab.effects("irdeto") == ["+client STB-1 sector IRDETO_MAIN", "+entitlement CA_SPORT"]
    assert sorted(lab.effects()) == sorted(line for name in lab.platforms for line in lab.effects(name))
    assert {one.platform for one in lab.exchanges()} == set(CALLED)


def test_the_mark_is_one_of_all_platforms(lab):
    number = subscribe(lab, *PLACES)
    lab.mark()
    assert lab.effects() == []
    lab.engine.act("STOP_SERVICE", number, service="Sport")
    assert sorted(lab.effects()) == ["-entitlement CA_SPORT", "-option OPT_SPORT", "-product SVOD_SPORT"]
    assert lab.received(("cancelProducts", {"productIds": ["SVOD_SPORT"]}), platform="icareus").passed
    lab.unmark()
    assert "+account T100001" in lab.effects()


def test_a_platform_that_nobody_asks_is_not_made(lab):
    subscribe(lab, "IRDETO_MAIN")
    assert list(lab.platforms.touched()) == ["irdeto"]
    assert list(lab.platforms) == ["tucano", "icareus", "irdeto", "conax"]


@pytest.mark.parametrize("moved", [*PLATFORMS, "engine"])
def test_whoever_moves_time_moves_that_of_all(moved, lab):
    before = lab.clock.now()
    if moved == "engine":
        lab.clock.sleep(HOUR.total_seconds())
    else:
        lab.platforms[moved].clock.advance(HOUR.total_seconds())
    assert all(HOUR <= one.clock.now() - before < 2 * HOUR for one in (lab, *lab.platforms.values()))


def test_a_fault_is_one_platforms_alone_and_ends_in_the_time_of_all(lab):
    lab.irdeto.faults.put(Fault("short", "outage", duration_s=1800))
    number = subscribe(lab, *PLACES)
    standings = lab.engine.show(number).providers
    assert {name: standings[name].in_sync for name in CALLED} == {"tucano": True, "icareus": True, "irdeto": False}
    lab.tucano.clock.advance(3600)
    assert lab.engine.reset(number).in_sync


def test_every_platform_has_an_address_of_its_own(lab):
    addresses = {lab.url_of(name) for name in PLATFORMS}
    assert len(addresses) == len(PLATFORMS)
    assert lab.url == lab.url_of("tucano")


# fmt: off
FORGOTTEN = [
    # platform    whose       what                      is gone
    ("tucano",  "T100001", ("OPT_SPORT", "STB-1"), ["material STB-1", "option OPT_SPORT"]),
    ("icareus", "200001",  ("SVOD_SPORT", "OTHER"), ["product SVOD_SPORT"]),
    ("icareus", "200001",  ("STB-1",),             ["device STB-1"]),
    ("irdeto",  "STB-1",   ("CARD-1",),            ["paired CARD-1"]),
    ("irdeto",  "STB-1",   ("CA_SPORT",),          ["entitlement CA_SPORT"]),
]
# fmt: on


@pytest.mark.parametrize(("platform", "whose", "things", "gone"), FORGOTTEN)
def test_some_of_what_is_held_is_forgotten_and_may_go_elsewhere(platform, whose, things, gone, lab):
    place = {"distributors": [f"{platform.upper()}_MAIN"]}
    card = [{"product": "SMARTCARD", "serial_number": "CARD-1", **place}] if platform == "irdeto" else []
    box = {"product": "STB", "serial_number": "STB-1", **place}
    sport = {"product": "Sport", **place}
    lab.engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[sport], items=[box, *card])
    workspace = lab.platforms[platform]
    before = workspace.holdings()[whose]
    assert workspace.forget(whose, *things) == gone
    assert workspace.holdings()[whose] == [line for line in before if line not in gone]
    assert workspace.state.dump() == workspace.state.copy().dump()
    assert workspace.forget(whose, *things) == []
    assert workspace.forget(whose)
    assert workspace.holdings() == {}


@pytest.mark.expects_refusals
def test_a_refusal_at_any_platform_can_be_expected(lab):
    number = subscribe(lab, "ICAREUS_MAIN")
    assert lab.icareus.forget("200001")
    acted = lab.engine.act("STOP_SERVICE", number, service="Sport")
    assert [one.error_code for one in acted.requests] == ["UNKNOWN_USER"]
