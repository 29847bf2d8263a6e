"""Devices come, go and are replaced; services and devices change places."""

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.errors import DomainError
from engine.domain.states import ItemState, State


@pytest.fixture
def act(subscription, ground):
    def carry_out(action, order):
        rules.act(subscription, Action(action), order, ground)

    return carry_out


@pytest.fixture
def places(subscription):
    return lambda: {service.number: service.distributors for service in subscription.services}


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (State.DRAFT, ItemState.NOT_EFFECTIVE),
        (State.EFFECTIVE, ItemState.EFFECTIVE),
        (State.NOT_EFFECTIVE, ItemState.EFFECTIVE),
        (State.IN_RESTING, ItemState.EFFECTIVE),
    ],
)
def test_a_new_item_waits_only_for_a_draft(state, then, act, subscription):
    subscription.state = state
    act("ADD_INSTALLED_ITEM", details.NewItem("STB", "STB-2", ("TWIN1",), {"tv": "C2"}))
    added = subscription.items[-1]
    assert (added.serial_number, added.state, added.distributors) == ("STB-2", then, {"TWIN1"})
    assert (added.ca_id("tv"), added.ca_id("radio")) == ("C2", "STB-2")


def test_a_removed_item_is_released(act, subscription):
    act("REMOVE_INSTALLED_ITEM", details.OneItem("STB-1"))
    assert subscription.items == []


def test_the_new_item_takes_the_place_of_the_old_and_not_its_id(act, subscription):
    subscription.items[0].distributors = {"MAIN", "TWIN1"}
    act("SWAP_INSTALLED_ITEM", details.ItemSwap("STB-1", "STB-2"))
    (item,) = subscription.items
    assert (item.serial_number, item.product, item.distributors) == ("STB-2", "STB", {"MAIN", "TWIN1"})
    assert item.ca_id("tv") == "STB-2"


def test_an_item_can_be_swapped_for_one_that_was_there_before(act, subscription):
    act("SWAP_INSTALLED_ITEM", details.ItemSwap("STB-1", "STB-2"))
    act("SWAP_INSTALLED_ITEM", details.ItemSwap("STB-2", "STB-1"))
    assert [item.serial_number for item in subscription.items] == ["STB-1"]


def test_an_item_can_not_be_swapped_for_another_of_the_subscription(act):
    act("ADD_INSTALLED_ITEM", details.NewItem("STB", "STB-2"))
    with pytest.raises(DomainError, match="STB-2 is installed on S1 already"):
        act("SWAP_INSTALLED_ITEM", details.ItemSwap("STB-1", "STB-2"))


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("REMOVE_INSTALLED_ITEM", details.OneItem("STB-9")),
        ("SWAP_INSTALLED_ITEM", details.ItemSwap("STB-9", "STB-2")),
        ("CHANGE_DISTRIBUTION", details.Redistribution(items=("STB-9",), put_on=("MAIN",))),
    ],
)
def test_an_unknown_item_is_refused_and_the_known_are_named(action, order, act):
    with pytest.raises(DomainError) as refusal:
        act(action, order)
    assert refusal.value.message == "Unknown installed item of S1 'STB-9', perhaps STB-1 was meant; known: STB-1."
    assert refusal.value.field == "item"


def test_a_bundle_takes_its_components_to_its_new_place(act, places):
    act("CHANGE_DISTRIBUTION", details.Redistribution(("CHOICE",), (), ("TWIN1",), ("MAIN",)))
    assert places()[3] == places()[4] == {"TWIN1"}
    assert places()[1] == {"MAIN"}


def test_several_services_and_items_change_places_at_once(act, subscription, places):
    order = details.Redistribution(("SPORT", "2"), ("STB-1",), ("TWIN1", "TWIN2"), ("MAIN",))
    act("CHANGE_DISTRIBUTION", order)
    assert places()[1] == places()[2] == subscription.items[0].distributors == {"TWIN1", "TWIN2"}


def test_what_is_put_on_and_taken_off_at_once_is_off(act, places):
    act("CHANGE_DISTRIBUTION", details.Redistribution(("SPORT",), (), ("MAIN", "TWIN1"), ("MAIN",)))
    assert places()[1] == {"TWIN1"}


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (details.Redistribution(), "services"),
        (details.Redistribution(put_on=("MAIN",)), "services"),
        (details.Redistribution(services=("SPORT",)), "services"),
        (details.Redistribution(("SPORT",), (), ("ATTIC",)), "put_on"),
        (details.Redistribution(("SPORT",), (), (), ("ATTIC",)), "take_off"),
        (details.Redistribution(("OPERA",), (), ("MAIN",)), "services"),
        (details.Redistribution(("SPORT", "KIDS"), (), ("TWIN1",)), "services"),
    ],
)
def test_a_change_of_distribution_that_says_too_little_or_what_is_unknown_changes_nothing(order, field, act, places):
    before = places()
    with pytest.raises(DomainError) as refusal:
        act("CHANGE_DISTRIBUTION", order)
    assert refusal.value.field == field
    assert places() == before
