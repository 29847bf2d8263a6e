"""Where services sit on devices: what each device should hold, and the gap to what it holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.belief import completed, device_unknown, doubted, knows_device
from engine.domain.gap import Gap, gap
from engine.domain.keeping import Keeping, Role
from engine.domain.provider import Hardware
from engine.domain.request import gives, takes
from engine.domain.rights import Held, Kind, Seat, Wanted, wanted
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service

NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)
ON_DEVICES = Keeping(roles={"box": Role.ENTITLED, "card": Role.PAIRED})
BOX = Held(Kind.ITEM, "BOX-1", place="MAIN")
CARD = Held(Kind.PAIR, "CARD-1", place="BOX-1")
NEWS = Held(Kind.SERVICE, "O_NEWS", place="BOX-1")
REGISTER, DEREGISTER = gives(Kind.ITEM, "client", on="sector"), takes(Kind.ITEM, "client")
ADD, REMOVE = gives(Kind.SERVICE, "rights", on="client"), takes(Kind.SERVICE, "rights", on="client")
PAIR, UNPAIR = gives(Kind.PAIR, "card", on="client"), takes(Kind.PAIR, "card", on="client")


def item(serial, product, *distributors):
    return InstalledItem(serial, product, ItemState.EFFECTIVE, set(distributors))


def on(number, product, *distributors, **more):
    return Service(number, product, State.EFFECTIVE, set(distributors), **more)


@pytest.fixture
def seated(provider):
    """The provider, of a platform that keeps services on boxes, which it pairs with cards."""
    return replace(provider, hardware=(Hardware("STB", "box"), Hardware("CARD", "card"), Hardware("CABLE", "cable")))


@pytest.fixture
def viewing(subscription):
    """Two viewing points, each with box, card and a choice of its own; one service is on both."""
    subscription.items = [
        item("CARD-1", "CARD", "MAIN"),
        item("BOX-1", "STB", "MAIN"),
        item("BOX-2", "STB", "TWIN1"),
        item("CARD-2", "CARD", "TWIN1"),
        item("WIRE", "CABLE", "MAIN"),
    ]
    subscription.services = [on(1, "NEWS", "MAIN", "TWIN1"), on(2, "SPORT", "MAIN"), on(3, "KIDS", "TWIN1")]
    return subscription


def test_each_box_should_hold_what_is_watched_on_its_distributor(viewing, seated):
    assert wanted(viewing, seated, NOW, ON_DEVICES) == Wanted(
        seats={
            "BOX-1": Seat("MAIN", "CARD-1", {"O_NEWS": None, "O_SPORT": None}),
            "BOX-2": Seat("TWIN1", "CARD-2", {"O_NEWS": None, "O_KIDS": None}),
        }
    )


def test_a_box_without_a_card_holds_its_services_all_the_same(viewing, seated):
    viewing.items = [item("BOX-1", "STB", "MAIN")]
    assert wanted(viewing, seated, NOW, ON_DEVICES).seats["BOX-1"] == Seat(
        "MAIN", "", {"O_NEWS": None, "O_SPORT": None}
    )


def test_a_card_alone_should_hold_nothing(viewing, seated):
    viewing.items = [item("CARD-1", "CARD", "MAIN")]
    assert wanted(viewing, seated, NOW, ON_DEVICES) == Wanted()


def test_boxes_on_one_distributor_are_paired_with_its_cards_in_their_order(viewing, seated):
    viewing.items = [item(serial, "STB", "MAIN") for serial in ("B1", "B2", "B3")]
    viewing.items += [item(serial, "CARD", "MAIN") for serial in ("C1", "C2")]
    seats = wanted(viewing, seated, NOW, ON_DEVICES).seats
    assert [(box, seat.paired) for box, seat in seats.items()] == [("B1", "C1"), ("B2", "C2"), ("B3", "")]


@pytest.mark.parametrize("order", [1, -1])
def test_a_pair_ends_only_when_one_of_it_leaves(order, viewing, seated):
    goods = [
        item("B1", "STB", "MAIN"),
        item("B2", "STB", "MAIN"),
        item("C1", "CARD", "MAIN"),
        item("C2", "CARD", "MAIN"),
    ]
    viewing.items = goods[::order]
    held = [
        Held(Kind.PAIR, "C1", place="B1", authorised=False, in_doubt=True),
        Held(Kind.PAIR, "C1", place="B2"),
        Held(Kind.PAIR, "C2", place="B9"),
    ]
    seats = wanted(viewing, seated, NOW, ON_DEVICES, held).seats
    assert {box: seat.paired for box, seat in seats.items()} == {"B2": "C1", "B1": "C2"}


def test_a_box_on_two_distributors_is_registered_on_the_first_and_holds_the_services_of_both(viewing, seated):
    viewing.items = [item("BOX-1", "STB", "TWIN1", "MAIN")]
    assert wanted(viewing, seated, NOW, ON_DEVICES).seats == {
        "BOX-1": Seat("MAIN", "", {"O_NEWS": None, "O_SPORT": None, "O_KIDS": None})
    }


def test_a_box_holds_nothing_that_is_on_its_other_distributor_of_another_provider(viewing, seated):
    viewing.items = [item("BOX-1", "STB", "MAIN", "ELSEWHERE")]
    viewing.services = [on(1, "NEWS", "TWIN1", "ELSEWHERE"), on(2, "SPORT", "MAIN")]
    assert wanted(viewing, seated, NOW, ON_DEVICES).seats == {"BOX-1": Seat("MAIN", "", {"O_SPORT": None})}


def test_a_usage_service_has_its_window_on_the_device(viewing, seated, window):
    viewing.services = [on(1, "MATCH", "MAIN", window=window)]
    assert wanted(viewing, seated, NOW, ON_DEVICES).seats["BOX-1"].services == {"O_MATCH": window}


def test_the_providers_hardware_says_what_is_the_seat(viewing, seated):
    """Such as where the card is the secure client, and the box is paired with it."""
    roles = {"STB": Role.PAIRED, "CARD": Role.ENTITLED, "CABLE": None}
    seated = replace(seated, hardware=tuple(replace(good, role=roles[good.product]) for good in seated.hardware))
    seats = wanted(viewing, seated, NOW, ON_DEVICES).seats
    assert {card: seat.paired for card, seat in seats.items()} == {"CARD-1": "BOX-1", "CARD-2": "BOX-2"}


def test_a_gap_from_nothing_registers_pairs_and_gives(viewing, seated):
    assert gap(viewing, wanted(viewing, seated, NOW, ON_DEVICES), []) == Gap(
        viewing,
        seats_new={"BOX-1": "MAIN", "BOX-2": "TWIN1"},
        pairs_new=(("BOX-1", "CARD-1"), ("BOX-2", "CARD-2")),
        seated_new={"BOX-1": {"O_NEWS": None, "O_SPORT": None}, "BOX-2": {"O_KIDS": None, "O_NEWS": None}},
    )


def test_a_gap_to_nothing_takes_all_of_it(viewing):
    assert gap(viewing, Wanted(), [BOX, CARD, NEWS]) == Gap(
        viewing, seats_gone=("BOX-1",), pairs_gone=(("BOX-1", "CARD-1"),), seated_gone={"BOX-1": ("O_NEWS",)}
    )


def test_a_service_goes_from_one_viewing_point_and_stays_on_the_other(viewing, seated):
    held = follow(gap(viewing, wanted(viewing, seated, NOW, ON_DEVICES), []))
    viewing.services[0].distributors = {"TWIN1"}
    found = gap(viewing, wanted(viewing, seated, NOW, ON_DEVICES), held)
    assert found == Gap(viewing, seated_gone={"BOX-1": ("O_NEWS",)})


def test_a_box_that_is_replaced_leaves_its_card_and_its_services_to_the_new_one(viewing):
    should = Wanted(seats={"BOX-9": Seat("MAIN", "CARD-1", {"O_NEWS": None})})
    assert gap(viewing, should, [BOX, CARD, NEWS]) == Gap(
        viewing,
        seats_gone=("BOX-1",),
        seats_new={"BOX-9": "MAIN"},
        pairs_gone=(("BOX-1", "CARD-1"),),
        pairs_new=(("BOX-9", "CARD-1"),),
        seated_gone={"BOX-1": ("O_NEWS",)},
        seated_new={"BOX-9": {"O_NEWS": None}},
    )


def test_a_box_on_another_distributor_is_registered_anew_and_keeps_what_is_on_it(viewing):
    should = Wanted(seats={"BOX-1": Seat("TWIN1", "CARD-1", {"O_NEWS": None})})
    assert gap(viewing, should, [BOX, CARD, NEWS]) == Gap(viewing, seats_new={"BOX-1": "TWIN1"})


@pytest.mark.parametrize(
    ("which", "part"),
    [
        (BOX, {"seats_new": {"BOX-1": "MAIN"}}),
        (CARD, {"pairs_new": (("BOX-1", "CARD-1"),)}),
        (NEWS, {"seated_new": {"BOX-1": {"O_NEWS": None}}}),
    ],
)
def test_what_is_in_doubt_is_asked_for_again(viewing, which, part):
    should = Wanted(seats={"BOX-1": Seat("MAIN", "CARD-1", {"O_NEWS": None})})
    held = [replace(right, in_doubt=right == which) for right in (BOX, CARD, NEWS)]
    assert gap(viewing, should, held) == Gap(viewing, **part)


def test_what_is_on_an_account_and_what_is_on_devices_are_never_taken_for_each_other(viewing):
    on_account = [Held(Kind.SERVICE, "O_NEWS"), Held(Kind.ITEM, "BOX-1")]
    found = gap(viewing, Wanted(services={"O_NEWS": None}, items={"BOX-1": "box"}), [BOX, NEWS, *on_account])
    assert found == Gap(viewing, seats_gone=("BOX-1",), seated_gone={"BOX-1": ("O_NEWS",)})


def follow(missing):
    """What is held when all that is missing has been given."""
    held = []
    for box, sector in missing.seats_new.items():
        held = completed(held, REGISTER, {"client": box, "sector": sector})
    for box, card in missing.pairs_new:
        held = completed(held, PAIR, {"client": box, "card": card})
    for box, services in missing.seated_new.items():
        held = completed(held, ADD, {"client": box, "rights": list(services)})
    return held


def test_what_was_given_is_held_in_its_place(viewing, seated):
    should = wanted(viewing, seated, NOW, ON_DEVICES)
    held = follow(gap(viewing, should, []))
    assert gap(viewing, should, held).is_empty
    assert {right.place for right in held} == {"MAIN", "TWIN1", "BOX-1", "BOX-2"}


def test_taking_a_service_off_one_device_leaves_it_on_another():
    other = replace(NEWS, place="BOX-2")
    assert completed([NEWS, other], REMOVE, {"client": "BOX-1", "rights": ["O_NEWS"]}) == [other]


def test_unpairing_leaves_the_card_where_it_is_paired_else():
    other = replace(CARD, place="BOX-2")
    assert completed([CARD, other], UNPAIR, {"client": "BOX-1", "card": "CARD-1"}) == [other]


def test_with_a_device_goes_all_that_was_on_it():
    other = replace(NEWS, place="BOX-2")
    assert completed([BOX, CARD, NEWS, other], DEREGISTER, {"client": "BOX-1"}) == [other]


def test_a_device_that_was_moved_is_registered_once():
    after = completed([BOX], REGISTER, {"client": "BOX-1", "sector": "TWIN1"})
    assert after == [replace(BOX, place="TWIN1")]


def test_a_doubt_about_a_device_that_was_to_go_is_a_doubt_about_all_that_was_on_it():
    after = doubted([BOX, CARD, NEWS], DEREGISTER, {"client": "BOX-1"})
    assert [right.in_doubt for right in after] == [True, True, True]


def test_a_doubt_about_a_new_service_is_about_its_place():
    other = replace(NEWS, place="BOX-2")
    after = doubted([other], ADD, {"client": "BOX-1", "rights": ["O_NEWS"]})
    assert after == [other, replace(NEWS, authorised=False, in_doubt=True)]


def test_of_a_device_that_the_platform_does_not_know_nothing_is_certain():
    other = replace(BOX, ca_id="BOX-2")
    after = device_unknown([BOX, CARD, NEWS, other], ADD, {"client": "BOX-1", "rights": ["O_KIDS"]}, "BOX-1")
    assert [right.in_doubt for right in after] == [True, True, True, False]


def test_what_was_in_doubt_and_was_to_go_from_a_device_that_is_unknown_is_gone():
    unsure = replace(NEWS, in_doubt=True)
    after = device_unknown([BOX, unsure], REMOVE, {"client": "BOX-1", "rights": ["O_NEWS"]}, "BOX-1")
    assert after == [replace(BOX, in_doubt=True)]


def test_a_device_is_known_when_it_is_held_even_in_doubt():
    assert knows_device([replace(BOX, in_doubt=True)], "BOX-1")
    assert not knows_device([CARD, NEWS], "BOX-1")
