"""Wanted, held, and the gap between the two."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.gap import Gap, gap
from engine.domain.provider import Service as Mapped
from engine.domain.rights import Held, Kind, Wanted, lasting, wanted
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window

ACCOUNT, HOUR = Held(Kind.ACCOUNT, "T1"), timedelta(hours=1)


def service_held(ca_id, **more):
    return Held(Kind.SERVICE, ca_id, **more)


def item_held(ca_id, **more):
    return Held(Kind.ITEM, ca_id, **more)


def test_what_is_on_and_watched_there_is_wanted(subscription, provider, window):
    assert wanted(subscription, provider, NOW) == Wanted(
        account=True,
        services={"O_SPORT": None, "O_NEWS": None, "O_DRAMA": None, "O_MATCH": window},
        items={"C1": "box"},
    )


@pytest.mark.parametrize("state", State)
def test_only_effective_services_have_a_signal(state, subscription, provider):
    subscription.items, subscription.services = [], [Service(1, "SPORT", state, {"MAIN"})]
    on = state in {State.EFFECTIVE, State.SHORT_TERM_EFFECTIVE}
    assert wanted(subscription, provider, NOW) == (Wanted(account=True, services={"O_SPORT": None}) if on else Wanted())


@pytest.mark.parametrize("state", ItemState)
def test_only_effective_items_are_wanted(state, subscription, provider):
    subscription.services, subscription.items[0].state = [], state
    on = state is ItemState.EFFECTIVE
    assert wanted(subscription, provider, NOW) == (Wanted(account=True, items={"C1": "box"}) if on else Wanted())


@pytest.mark.parametrize("distributors", [set(), {"ELSEWHERE"}])
def test_what_is_on_no_distributor_of_the_provider_is_not_wanted(distributors, subscription, provider):
    for one in (*subscription.services, *subscription.items):
        one.distributors = distributors
    assert wanted(subscription, provider, NOW) == Wanted()


def test_a_service_without_a_ca_id_wants_the_account_and_no_more(subscription, provider):
    subscription.items, subscription.services = [], [Service(1, "CHOICE", State.EFFECTIVE, {"MAIN"})]
    assert wanted(subscription, provider, NOW) == Wanted(account=True)


def test_a_bundle_with_a_ca_id_of_its_own_wants_it_beside_those_of_its_components(subscription, provider):
    provider = replace(provider, services=(*provider.services, Mapped("CHOICE", "O_CHOICE")))
    assert "O_CHOICE" in wanted(subscription, provider, NOW).services
    assert "O_NEWS" in wanted(subscription, provider, NOW).services


def test_a_component_that_is_off_is_not_wanted_though_its_bundle_is_on(subscription, provider):
    subscription.services[3].state = State.NOT_EFFECTIVE
    assert "O_NEWS" not in wanted(subscription, provider, NOW).services


def test_an_item_without_an_id_there_is_known_by_its_serial_number_and_an_unmapped_kind_by_our_name(
    subscription, provider
):
    subscription.items = [InstalledItem("M-1", "MODEM", ItemState.EFFECTIVE, {"TWIN1"}, {"elsewhere": "X"})]
    assert wanted(subscription, provider, NOW).items == {"M-1": "MODEM"}


def test_a_service_had_twice_is_wanted_until_the_last_one_goes(subscription, provider):
    subscription.services.append(Service(8, "SPORT", State.EFFECTIVE, {"TWIN1"}))
    held = [ACCOUNT, *map(service_held, ("O_SPORT", "O_NEWS", "O_DRAMA"))]
    subscription.services[0].state = State.CANCELLED
    assert gap(subscription, wanted(subscription, provider, NOW), held).services_gone == ()
    subscription.services[-1].state = State.CANCELLED
    assert gap(subscription, wanted(subscription, provider, NOW), held).services_gone == ("O_SPORT",)


NOW = datetime(2000, 1, 1, tzinfo=UTC)


def hours(window, start, end):
    return Window(window.start + timedelta(hours=start), window.end + timedelta(hours=end))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("other", "both"),
    [
        ((1, 2), (0, 2)),
        ((-1, -2), (-1, 0)),
        ((1, -1), (0, 0)),
        ((24, 24), (0, 0)),
        ((-24, -24), (-24, -24)),
        (None, None),
    ],
)
def test_the_windows_of_a_service_had_twice_are_merged_where_they_touch_and_none_is_longer_than_any(
    other, both, turned, provider, window
):
    windows = [window, None if other is None else hours(window, *other)]
    services = [Service(number, "MATCH", State.EFFECTIVE, {"MAIN"}, window=one) for number, one in enumerate(windows)]
    subscription = Subscription("S1", Subscriber("Ada", "Lovelace"), services=services[:: -1 if turned else 1])
    expected = None if both is None else hours(window, *both)
    assert wanted(subscription, provider, NOW).services["O_MATCH"] == expected


def test_a_gap_names_what_is_missing_and_what_is_too_much_in_order(subscription, window):
    should = Wanted(account=True, services={"B": window, "A": None}, items={"I2": "box", "I1": "card"})
    held = [service_held("Y"), service_held("X"), item_held("J2"), item_held("J1")]
    found = gap(subscription, should, held)
    assert found == Gap(
        subscription,
        account_missing=True,
        items_gone=("J1", "J2"),
        items_new={"I1": "card", "I2": "box"},
        services_gone=("X", "Y"),
        services_new={"A": None, "B": window},
    )
    assert (list(found.items_new), list(found.services_new)) == (["I1", "I2"], ["A", "B"])
    assert not found.is_empty


def test_what_is_held_as_it_should_be_is_no_gap(subscription, window):
    should = Wanted(account=True, services={"A": None, "B": window}, items={"I": "box"})
    found = gap(subscription, should, [ACCOUNT, service_held("A"), service_held("B", window=window), item_held("I")])
    assert found == Gap(subscription)
    assert found.is_empty


def test_an_account_is_never_too_much(subscription):
    assert gap(subscription, Wanted(), [ACCOUNT]).is_empty


@pytest.mark.parametrize("flaw", [{"in_doubt": True}, {"authorised": False}])
def test_what_is_uncertain_is_asked_for_again_if_wanted_and_taken_again_if_not(flaw, subscription):
    held = [replace(ACCOUNT, **flaw), service_held("A", **flaw), item_held("I", **flaw)]
    asked = gap(subscription, Wanted(account=True, services={"A": None}, items={"I": "box"}), held)
    assert (asked.account_missing, asked.services_new, asked.items_new) == (True, {"A": None}, {"I": "box"})
    taken = gap(subscription, Wanted(), held)
    assert (taken.account_missing, taken.services_gone, taken.items_gone) == (False, ("A",), ("I",))


def test_a_service_held_for_another_time_is_asked_for_again_and_not_taken(subscription, window):
    for has, should_have in ((None, window), (window, None), (window, hours(window, 0, 1))):
        should = Wanted(account=True, services={"A": should_have})
        found = gap(subscription, should, [ACCOUNT, service_held("A", window=has)])
        assert (found.services_new, found.services_gone) == ({"A": should_have}, ())


def test_an_item_and_a_service_of_the_same_id_are_two_things(subscription):
    found = gap(subscription, Wanted(account=True, services={"A": None}), [ACCOUNT, item_held("A")])
    assert (found.services_new, found.items_gone) == ({"A": None}, ("A",))


@pytest.mark.parametrize(
    "part",
    [
        {"account_missing": True},
        {"items_gone": ("I",)},
        {"items_new": {"I": "box"}},
        {"services_gone": ("A",)},
        {"services_new": {"A": None}},
    ],
)
def test_any_difference_is_a_gap(part, subscription):
    assert not Gap(subscription, **part).is_empty


def test_a_usage_service_whose_time_has_passed_is_neither_wanted_nor_held(provider, window):
    service = Service(1, "MATCH", State.EFFECTIVE, {"MAIN"}, window=window)
    subscription = Subscription("S1", Subscriber("Ada", "Lovelace"), services=[service])
    held = [ACCOUNT, service_held("O_MATCH", window=window)]
    for now, services, rights in (
        (window.end - timedelta(seconds=1), {"O_MATCH": window}, held),
        (window.end, {}, [ACCOUNT]),
    ):
        assert wanted(subscription, provider, now).services == services
        assert lasting(held, now) == rights


@pytest.mark.parametrize("order", list(itertools.permutations([(1, 2), (5, 6), (2, 5), (8, 9)])))
def test_windows_that_touch_are_one_in_whatever_order_they_were_ordered(order, subscription, provider):
    subscription.services = [
        Service(number, "MATCH", State.EFFECTIVE, {"MAIN"}, window=Window(NOW + start * HOUR, NOW + end * HOUR))
        for number, (start, end) in enumerate(order, start=1)
    ]
    assert wanted(subscription, provider, NOW).services == {"O_MATCH": Window(NOW + HOUR, NOW + 6 * HOUR)}
