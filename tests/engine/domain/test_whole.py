"""The subscription as a whole: which services follow it, and which stay."""

from datetime import date

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.catalogue import ServiceType
from engine.domain.errors import DomainError, InvalidError, NotAllowedError, UnknownError
from engine.domain.states import ItemState, State
from engine.domain.subscription import Service, Subscriber

ADA = Subscriber("Ada", "Lovelace")
LATER, TODAY = date(2030, 6, 16), date(2030, 6, 15)
DRAFT, ON, OFF, REST = "DRAFT", "EFFECTIVE", "NOT_EFFECTIVE", "IN_RESTING"
SHORT_ON, SHORT_OFF = "SHORT_TERM_EFFECTIVE", "SHORT_TERM_NOT_EFFECTIVE"
LIVE = {DRAFT, ON, OFF, REST, SHORT_ON, SHORT_OFF}
CANCEL, REGRET = details.Ending(details.Mode.CANCEL), details.Ending(details.Mode.REGRET)
# fmt: off
FOLLOWERS = (
    # action                       order                       subscription  services follow in  to
    ("ACTIVATE_SUBSCRIPTION",      details.Nothing(),           OFF,          {DRAFT, OFF},       ON),
    ("DEACTIVATE_SUBSCRIPTION",    details.Nothing(),           ON,           {ON},               OFF),
    ("REST_SUBSCRIPTION",          details.Limit(LATER),        ON,           {ON},               REST),
    ("END_SUBSCRIPTION_RESTING",   details.Nothing(),           REST,         {REST},             ON),
    ("SHORT_TERM_ACTIVATION",      details.Limit(LATER),        DRAFT,        {DRAFT, OFF},       SHORT_ON),
    ("END_SHORT_TERM_ACTIVATION",  details.Nothing(),           SHORT_ON,     {SHORT_ON},         OFF),
    ("SHORT_TERM_DEACTIVATION",    details.DateOrDays(days=3),  ON,           {ON},               SHORT_OFF),
    ("END_SHORT_TERM_DEACTIVATION", details.Nothing(),          SHORT_OFF,    {SHORT_OFF},        ON),
    ("TERMINATE_SUBSCRIPTION",     CANCEL,                     ON,           LIVE,               "CANCELLED"),
    ("TERMINATE_SUBSCRIPTION",     REGRET,                     REST,         LIVE,               "REGRETTED"),
)
# fmt: on


@pytest.mark.parametrize("row", FOLLOWERS, ids=lambda row: f"{row[0]}-{row[4]}")
def test_only_services_in_the_named_states_follow_the_subscription(row, subscription, ground):
    action, order, start, follow, then = row
    subscription.state = State(start)
    subscription.services = [Service(number, "SPORT", state) for number, state in enumerate(State, start=1)]
    rules.act(subscription, Action(action), order, ground)
    expected = [then if state.value in follow else state.value for state in State]
    assert [service.state.value for service in subscription.services] == expected
    assert subscription.state == then


@pytest.mark.parametrize(
    ("action", "order", "until"),
    [
        ("REST_SUBSCRIPTION", details.Limit(LATER), LATER),
        ("SHORT_TERM_DEACTIVATION", details.DateOrDays(until=LATER), LATER),
        ("SHORT_TERM_DEACTIVATION", details.DateOrDays(days=1), LATER),
        ("SHORT_TERM_DEACTIVATION", details.DateOrDays(days=30), date(2030, 7, 15)),
    ],
)
def test_a_limited_state_ends_on_its_day(action, order, until, subscription, ground):
    rules.act(subscription, Action(action), order, ground)
    assert subscription.until == until


def test_the_end_of_a_limited_state_forgets_its_day(subscription, ground):
    rules.act(subscription, Action.REST_SUBSCRIPTION, details.Limit(LATER), ground)
    rules.act(subscription, Action.END_SUBSCRIPTION_RESTING, details.Nothing(), ground)
    assert subscription.until is None


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (details.DateOrDays(), "until"),
        (details.DateOrDays(until=LATER, days=1), "until"),
        (details.DateOrDays(until=TODAY), "until"),
        (details.DateOrDays(until=date(1, 1, 1)), "until"),
        (details.DateOrDays(days=0), "days"),
        (details.DateOrDays(days=-1), "days"),
        (details.DateOrDays(days=10**30), "days"),
        (details.DateOrDays(days=(date.max - TODAY).days + 1), "days"),
    ],
)
def test_a_limit_that_can_not_be_meant_is_refused(order, field, subscription, ground):
    with pytest.raises(InvalidError) as refusal:
        rules.act(subscription, Action.SHORT_TERM_DEACTIVATION, order, ground)
    assert refusal.value.field == field


def test_the_last_day_of_the_calendar_is_a_limit_like_any_other(subscription, ground):
    order = details.DateOrDays(days=(date.max - TODAY).days)
    rules.act(subscription, Action.SHORT_TERM_DEACTIVATION, order, ground)
    assert subscription.until == date.max


@pytest.mark.parametrize("action", [Action.REST_SUBSCRIPTION, Action.SHORT_TERM_ACTIVATION])
def test_a_limit_of_today_has_passed_already(action, subscription, ground):
    subscription.state = State.EFFECTIVE if action is Action.REST_SUBSCRIPTION else State.NOT_EFFECTIVE
    with pytest.raises(InvalidError, match="until is 2030-06-15; a day after 2030-06-15 is wanted"):
        rules.act(subscription, action, details.Limit(TODAY), ground)


def test_termination_releases_the_items(subscription, ground):
    rules.act(subscription, Action.TERMINATE_SUBSCRIPTION, details.Ending(), ground)
    assert subscription.items == []


def test_a_new_subscription_has_what_was_ordered(ground):
    order = details.NewSubscription(
        ADA,
        services=(details.NewService("Choice", ("News", "KIDS"), ("MAIN",)), details.NewService("SPORT")),
        items=(details.NewItem("Set-top Box", "STB-9", ("MAIN", "TWIN1"), {"tv": "C9"}),),
    )
    made = rules.subscribe("S7", order, ground)
    assert (made.number, made.state) == ("S7", State.EFFECTIVE)
    assert [(one.number, one.product, one.bundle, one.distributors) for one in made.services] == [
        (1, "CHOICE", None, {"MAIN"}),
        (2, "NEWS", 1, {"MAIN"}),
        (3, "KIDS", 1, {"MAIN"}),
        (4, "SPORT", None, set()),
    ]
    assert all(service.state is State.EFFECTIVE for service in made.services)
    (item,) = made.items
    assert (item.product, item.state, item.ca_ids) == ("STB", ItemState.EFFECTIVE, {"tv": "C9"})


def test_a_draft_has_nothing_that_is_on(ground):
    order = details.NewSubscription(
        ADA,
        services=(details.NewService("SPORT"), details.NewService("NEWS", state=details.Start.DRAFT)),
        items=(details.NewItem("STB", "STB-9"),),
        state=details.Start.DRAFT,
    )
    made = rules.subscribe("S7", order, ground)
    assert {service.state for service in made.services} == {State.DRAFT}
    assert made.items[0].state is ItemState.NOT_EFFECTIVE


@pytest.mark.parametrize("action", [Action.ACTIVATE_SUBSCRIPTION, Action.SHORT_TERM_ACTIVATION])
def test_items_of_a_draft_wake_with_it_and_stay_awake(action, ground):
    item = details.NewItem("STB", "STB-9")
    made = rules.subscribe("S7", details.NewSubscription(ADA, items=(item,), state=details.Start.DRAFT), ground)
    order = details.Nothing() if action is Action.ACTIVATE_SUBSCRIPTION else details.Limit(LATER)
    rules.act(made, action, order, ground)
    assert made.items[0].state is ItemState.EFFECTIVE
    off = Action.DEACTIVATE_SUBSCRIPTION if made.state is State.EFFECTIVE else Action.END_SHORT_TERM_ACTIVATION
    rules.act(made, off, details.Nothing(), ground)
    assert made.items[0].state is ItemState.EFFECTIVE


@pytest.mark.parametrize(
    ("service", "item", "kind", "field"),
    [
        (details.NewService("OPERA"), None, UnknownError, "product"),
        (details.NewService("STB"), None, NotAllowedError, "product"),
        (details.NewService("MATCH"), None, NotAllowedError, "product"),
        (details.NewService("SPORT", ("NEWS",)), None, NotAllowedError, "components"),
        (details.NewService("PACK", ("NEWS",)), None, NotAllowedError, "components"),
        (details.NewService("CHOICE"), None, NotAllowedError, "components"),
        (details.NewService("SPORT", distributors=("ATTIC",)), None, UnknownError, "distributors"),
        (None, details.NewItem("SPORT", "X"), NotAllowedError, "product"),
        (None, details.NewItem("CABLE", "X"), NotAllowedError, "product"),
        (None, details.NewItem("STB", ""), InvalidError, "serial_number"),
        (None, details.NewItem("STB", "X", ("ATTIC",)), UnknownError, "distributors"),
        (None, details.NewItem("STB", "X", (), {"radio": "1"}), UnknownError, "ca_ids"),
        (None, details.NewItem("STB", "X", (), {"tv": ""}), InvalidError, "ca_ids"),
    ],
)
def test_what_can_not_be_sold_is_refused(service, item, kind, field, ground):
    order = details.NewSubscription(ADA, services=(service,) if service else (), items=(item,) if item else ())
    with pytest.raises(DomainError) as refusal:
        rules.subscribe("S7", order, ground)
    assert type(refusal.value) is kind
    assert refusal.value.field == field


def test_a_device_can_not_be_installed_twice(ground):
    item = details.NewItem("STB", "STB-9")
    with pytest.raises(NotAllowedError, match="STB-9 is installed on S7 already"):
        rules.subscribe("S7", details.NewSubscription(ADA, items=(item, item)), ground)


def test_a_service_of_a_type_that_is_not_wanted_is_refused_with_the_type_that_is(catalogue):
    with pytest.raises(NotAllowedError, match="SPORT is a termed service; a usage one is wanted"):
        catalogue.service("SPORT", ServiceType.USAGE)
