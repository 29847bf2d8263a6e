"""Subscriptions and beliefs as rows: what is written is what is read, and only what has changed is written."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from engine.domain.rights import Held, Kind
from engine.domain.states import ItemState, State
from engine.domain.subscription import Address, InstalledItem, Service, Subscriber, Subscription, Window
from engine.store import beliefs, requests, subscriptions

NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)
WINDOW = Window(NOON, NOON + timedelta(hours=3))
ADA = Subscriber("Ada", "Lovelace", "ada@example.org", address=Address(city="Łódź"))


@pytest.fixture
def database(engine):
    return engine.context.database


@pytest.fixture
def kept(database):
    """A subscription with one of everything, and its key."""
    services = [
        Service(1, "CHOICE", State.EFFECTIVE, {"MAIN", "TWIN1"}),
        Service(2, "NEWS", State.EFFECTIVE, {"MAIN"}, bundle=1),
        Service(3, "KIDS", State.SWAPPED, set(), replaces=1),
        Service(4, "MATCH", State.DRAFT, {"MAIN"}, window=WINDOW),
    ]
    items = [InstalledItem("B-1", "STB", ItemState.EFFECTIVE, {"MAIN"}, {"tv": "C-1"})]
    subscription = Subscription("S1", ADA, State.IN_RESTING, date(2030, 7, 1), services, items)
    with database.transaction() as connection:
        return subscriptions.create(connection, subscription, NOW), subscription


@pytest.fixture
def load(database):
    def by_number(number="S1"):
        with database.reading() as connection:
            return subscriptions.load(connection, number)

    return by_number


@pytest.fixture
def save(database, load):
    """Save a subscription as it is now; what comes back are the statements that took."""

    def write(subscription):
        key, old = load(subscription.number)
        before, said = subscriptions.rows(key, old), []

        def listen(_connection, _cursor, statement, *_more):
            said.append(statement.split()[0])

        event.listen(database.sql, "before_cursor_execute", listen)
        try:
            with database.transaction() as connection:
                subscriptions.save(connection, key, before, subscription)
        finally:
            event.remove(database.sql, "before_cursor_execute", listen)
        return said

    return write


def test_what_was_written_is_what_is_read(kept, load):
    assert load() == kept


def test_what_there_is_not_is_not_found(kept, load):
    assert load("S2") is None


def change_nothing(_subscription):
    pass


def change_much(subscription):
    subscription.state, subscription.until = State.EFFECTIVE, None
    subscription.services[0].state = State.CANCELLED
    subscription.services[0].distributors = {"TWIN1"}
    subscription.services[3].window = None
    subscription.services.append(Service(5, "SPORT", State.EFFECTIVE, {"MAIN"}, replaces=4))
    subscription.items[0].ca_ids = {}
    subscription.items[0].distributors = {"TWIN1"}
    subscription.items.append(InstalledItem("B-2", "STB", ItemState.NOT_EFFECTIVE, {"MAIN", "TWIN1"}))


def change_box(subscription):
    subscription.items[:] = [InstalledItem("B-2", "STB", ItemState.EFFECTIVE, {"MAIN"})]


def change_box_for_itself(subscription):
    subscription.items[:] = [InstalledItem("B-1", "STB", ItemState.EFFECTIVE, {"TWIN1"}, {})]


@pytest.mark.parametrize("change", [change_nothing, change_much, change_box, change_box_for_itself])
def test_what_was_changed_is_what_is_read(change, kept, load, save):
    key, subscription = kept
    change(subscription)
    save(subscription)
    assert load() == (key, subscription)


def test_what_has_not_changed_is_not_written(kept, save):
    assert save(kept[1]) == ["UPDATE"]  # the subscription's own row


def test_a_box_can_come_back_and_go_to_others(kept, load, save, database):
    key, subscription = kept
    old = deepcopy(subscription)
    change_box(subscription)
    save(subscription)
    save(old)
    assert load() == (key, old)
    old.items.clear()
    save(old)
    other = Subscription("S2", ADA, items=[InstalledItem("B-1", "STB", ItemState.EFFECTIVE, {"MAIN"})])
    with database.transaction() as connection:
        subscriptions.create(connection, other, NOW)
        assert subscriptions.owner(connection, "B-1") == "S2"
    assert load("S2")[1].items[0].distributors == {"MAIN"}
    assert load()[1].items == []


def test_numbers_are_given_in_order_and_those_chosen_before_are_passed_over(database):
    with database.transaction() as connection:
        made = [Subscription(number, ADA) for number in ("", "S0000000003", "X", "", "")]
        for one in made:
            subscriptions.create(connection, one, NOW)
        assert [one.number for one in made] == ["S0000000001", "S0000000003", "X", "S0000000002", "S0000000004"]
        assert subscriptions.numbers(connection, limit=2, offset=1) == ["S0000000003", "X"]


STATES = st.sampled_from(State)
PLACES = st.sets(st.sampled_from(["MAIN", "TWIN1"]))
WINDOWS = st.none() | st.just(WINDOW)
SERVICES = st.lists(
    st.builds(Service, st.just(0), st.sampled_from(["NEWS", "KIDS", "MATCH"]), STATES, PLACES, window=WINDOWS),
    max_size=4,
)
BOXES = st.lists(
    st.builds(
        InstalledItem, st.sampled_from(["B-1", "B-2", "B-3"]), st.just("STB"), st.sampled_from(ItemState), PLACES
    ),
    max_size=3,
    unique_by=lambda item: item.serial_number,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(SERVICES, BOXES), min_size=1, max_size=4))
def test_any_subscription_can_become_any_other(changes, configured, database, load, save):
    configured[1].restore()
    subscription = Subscription("S1", ADA)
    with database.transaction() as connection:
        subscriptions.create(connection, subscription, NOW)
    for services, boxes in changes:
        subscription.services = [replace(one, number=number) for number, one in enumerate(services, start=1)]
        subscription.items = sorted(boxes, key=lambda item: item.serial_number)
        save(subscription)
        assert load()[1] == subscription


HELD = [
    Held(Kind.ACCOUNT, "T1", since=NOON),
    Held(Kind.SERVICE, "A", since=NOON),
    Held(Kind.SERVICE, "B", window=WINDOW),
    Held(Kind.ITEM, "A", authorised=False, in_doubt=True),
]


@pytest.mark.parametrize("before", [[], HELD[:2], HELD])
@pytest.mark.parametrize(
    "after",
    [[], HELD, HELD[1:], [replace(HELD[1], in_doubt=True)], [replace(HELD[1], window=WINDOW, since=None), HELD[2]]],
)
def test_a_belief_is_replaced_by_any_other(before, after, kept, database):
    key, _subscription = kept
    with database.transaction() as connection:
        beliefs.replace(connection, key, "tv", [], before)
        beliefs.replace(connection, key, "tv", before, after)
    with database.reading() as connection:
        assert set(beliefs.load(connection, key, "tv")) == set(after)


def test_numbers_of_requests_are_taken_once_per_provider(database):
    taken = []
    for many in (2, 1, 3):
        with database.transaction() as connection:
            taken += requests.take_numbers(connection, "tv", many)
    assert taken == [1, 2, 3, 4, 5, 6]
