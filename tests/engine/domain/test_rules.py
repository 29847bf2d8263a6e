"""Every action in every state, against the manual's table written out again by hand."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.distribution import RuleViolatedError
from engine.domain.errors import NotAllowedError
from engine.domain.provider import Restriction
from engine.domain.states import SUBSCRIPTION_STATES, State
from engine.domain.subscription import Subscription

START, END = datetime(2030, 7, 2, 18, tzinfo=UTC), datetime(2030, 7, 2, 23, tzinfo=UTC)
LATER = date(2030, 6, 16)
DRAFT, ON, OFF, REST = "DRAFT", "EFFECTIVE", "NOT_EFFECTIVE", "IN_RESTING"
SHORT_ON, SHORT_OFF = "SHORT_TERM_EFFECTIVE", "SHORT_TERM_NOT_EFFECTIVE"
NOT_FINAL = (DRAFT, ON, OFF, REST, SHORT_ON, SHORT_OFF)
ITEM = details.NewItem("STB", "STB-2", ("TWIN1",))
AS_BEFORE = ""
ELSEWHERE = details.Redistribution(("SPORT",), put_on=("TWIN1",))
USAGE = details.NewUsage("MATCH", START, END, ("MAIN",))
# fmt: off
TABLE = {
    # action                       details                                    in these states         the state then
    "ACTIVATE_SUBSCRIPTION":       (details.Nothing(),                         (DRAFT, OFF),           ON),
    "DEACTIVATE_SUBSCRIPTION":     (details.Nothing(),                         (ON,),                  OFF),
    "TERMINATE_SUBSCRIPTION":      (details.Ending(),                          (DRAFT, ON, OFF, REST), "CANCELLED"),
    "REST_SUBSCRIPTION":           (details.Limit(LATER),                      (ON,),                  REST),
    "END_SUBSCRIPTION_RESTING":    (details.Nothing(),                         (REST,),                ON),
    "SHORT_TERM_ACTIVATION":       (details.Limit(LATER),                      (DRAFT, OFF),           SHORT_ON),
    "END_SHORT_TERM_ACTIVATION":   (details.Nothing(),                         (SHORT_ON,),            OFF),
    "SHORT_TERM_DEACTIVATION":     (details.DateOrDays(until=LATER),           (ON,),                  SHORT_OFF),
    "END_SHORT_TERM_DEACTIVATION": (details.Nothing(),                         (SHORT_OFF,),           ON),
    "ADD_SERVICE":                 (details.NewService("KIDS"),                NOT_FINAL,              AS_BEFORE),
    "REMOVE_SERVICE":              (details.ServiceEnding("SPORT"),            NOT_FINAL,              AS_BEFORE),
    "START_SERVICE":               (details.OneService("CINEMA"),              (ON, OFF),              ON),
    "STOP_SERVICE":                (details.OneService("SPORT"),               (ON,),                  AS_BEFORE),
    "SWAP_SERVICE":                (details.Swap("SPORT", "KIDS"),             (ON,),                  AS_BEFORE),
    "REGRET_SWAP":                 (details.OneService("DRAMA"),               (ON,),                  AS_BEFORE),
    "AMEND_BUNDLE_SERVICES":       (details.Amendment("CHOICE", ("KIDS",)),    (ON, OFF),              AS_BEFORE),
    "ADD_SERVICE_USAGE":           (USAGE,                                    (ON,),                  AS_BEFORE),
    "CANCEL_SERVICE_USAGE":        (details.OneService("MATCH"),               (ON,),                  AS_BEFORE),
    "END_SERVICE_USAGE":           (details.OneService("MATCH"),               NOT_FINAL[1:],          AS_BEFORE),
    "ADD_INSTALLED_ITEM":          (ITEM,                                     NOT_FINAL,              AS_BEFORE),
    "REMOVE_INSTALLED_ITEM":       (details.OneItem("STB-1"),                  NOT_FINAL,              AS_BEFORE),
    "SWAP_INSTALLED_ITEM":         (details.ItemSwap("STB-1", "STB-2"),        NOT_FINAL,              AS_BEFORE),
    "MOVE_INSTALLED_ITEM":         (details.ItemMove("STB-1", "S2"),           NOT_FINAL,              AS_BEFORE),
    "CHANGE_DISTRIBUTION":         (ELSEWHERE,                                NOT_FINAL,              AS_BEFORE),
}
AT_ONCE_ONLY = {
    "BECOME_SUBSCRIBER", "END_SERVICE_USAGE", "ADD_INSTALLED_ITEM", "REMOVE_INSTALLED_ITEM", "SWAP_INSTALLED_ITEM",
    "MOVE_INSTALLED_ITEM", "CHANGE_DISTRIBUTION",
}
NOT_CHECKED = {
    "DEACTIVATE_SUBSCRIPTION", "TERMINATE_SUBSCRIPTION", "REST_SUBSCRIPTION", "END_SUBSCRIPTION_RESTING",
    "END_SHORT_TERM_ACTIVATION", "SHORT_TERM_DEACTIVATION", "END_SHORT_TERM_DEACTIVATION", "END_SERVICE_USAGE",
}
# fmt: on
CASES = [(action, state) for action in TABLE for state in sorted(SUBSCRIPTION_STATES)]
ALLOWED = [case for case in CASES if case[1] in TABLE[case[0]][1]]


@pytest.fixture
def grounded(ground, subscription):
    """What the action may know: the owner's other subscription, and for what ends by itself that its time has come."""

    def of(action):
        now = datetime(2031, 1, 1, tzinfo=UTC) if action == "END_SERVICE_USAGE" else ground.now
        return replace(ground, now=now, others={"S2": Subscription("S2", subscription.subscriber)})

    return of


@pytest.mark.parametrize(("action", "state"), ALLOWED)
def test_an_allowed_action_is_carried_out(action, state, subscription, grounded):
    said, _allowed, then = TABLE[action]
    subscription.state = State(state)
    before = deepcopy(subscription)
    rules.act(subscription, Action(action), said, grounded(action))
    assert subscription.state == (then or state)
    assert subscription != before


@pytest.mark.parametrize(("action", "state"), [case for case in CASES if case[1] not in TABLE[case[0]][1]])
def test_a_refused_action_names_action_state_and_what_is_allowed_and_leaves_all_as_it_was(
    action, state, subscription, grounded
):
    said, allowed, _then = TABLE[action]
    subscription.state = State(state)
    before = deepcopy(subscription)
    with pytest.raises(NotAllowedError) as refusal:
        rules.act(subscription, Action(action), said, grounded(action))
    wanted = " or ".join(sorted(allowed))
    assert refusal.value.message == f"{action} is not allowed: S1 is {state}; wanted: {wanted}."
    assert refusal.value.field == "action"
    assert subscription == before


@pytest.mark.parametrize("state", sorted(SUBSCRIPTION_STATES))
def test_nobody_becomes_a_subscriber_twice(state, subscription, ground):
    subscription.state = State(state)
    order = details.NewSubscription(subscription.subscriber)
    with pytest.raises(NotAllowedError, match="wanted: a new subscription"):
        rules.act(subscription, Action.BECOME_SUBSCRIBER, order, ground)


def test_the_table_holds_every_action_once():
    assert {rule.action.value for rule in rules.ROWS} == {*TABLE, "BECOME_SUBSCRIBER"}
    assert len(rules.ROWS) == len(rules.RULES)
    assert set(Action) - {rule.action for rule in rules.ROWS} == {Action.RESET}


@pytest.fixture
def strict(provider):
    """The provider, where nothing may be watched on Main any more."""
    main, *others = provider.distributors
    return replace(provider, distributors=(replace(main, restrictions=(Restriction(maximum=0),)), *others))


@pytest.mark.parametrize(("action", "state"), ALLOWED)
def test_only_these_actions_keep_the_distributors_rules_and_only_on_a_subscription_that_is_on(
    action, state, subscription, grounded, strict
):
    said, _allowed, then = TABLE[action]
    subscription.state = State(state)
    ground = replace(grounded(action), providers={"tv": strict})
    if action in NOT_CHECKED or (then or state) not in {ON, SHORT_ON}:
        rules.act(subscription, Action(action), said, ground)
        return
    with pytest.raises(
        RuleViolatedError, match=r"^MAIN, restriction: found \d services .*; wanted: at most 0 services\."
    ):
        rules.act(subscription, Action(action), said, ground)


@pytest.mark.parametrize("target", sorted(SUBSCRIPTION_STATES))
def test_an_item_that_moves_must_keep_the_rules_where_it_arrives_if_that_is_on(target, subscription, grounded, strict):
    box = Restriction(maximum=0, physical_good_types=("box",))
    main, *others = strict.distributors
    strict = replace(strict, distributors=(replace(main, restrictions=(box,)), *others))
    ground = replace(grounded("MOVE_INSTALLED_ITEM"), providers={"tv": strict})
    ground.others["S2"].state = State(target)
    if target in {ON, SHORT_ON}:
        with pytest.raises(RuleViolatedError, match="found 1 physical good of type box"):
            rules.act(subscription, Action.MOVE_INSTALLED_ITEM, details.ItemMove("STB-1", "S2"), ground)
    elif target in NOT_FINAL:
        rules.act(subscription, Action.MOVE_INSTALLED_ITEM, details.ItemMove("STB-1", "S2"), ground)
        assert [item.serial_number for item in ground.others["S2"].items] == ["STB-1"]
    else:
        with pytest.raises(NotAllowedError, match=f"S2 is {target}; wanted: "):
            rules.act(subscription, Action.MOVE_INSTALLED_ITEM, details.ItemMove("STB-1", "S2"), ground)


def test_who_becomes_a_subscriber_at_once_keeps_the_rules_and_a_draft_needs_not(subscription, ground, strict):
    ground = replace(ground, providers={"tv": strict})
    order = details.NewSubscription(subscription.subscriber, (details.NewService("SPORT", (), ("MAIN",)),))
    with pytest.raises(RuleViolatedError, match="MAIN, restriction"):
        rules.subscribe("S7", order, ground)
    draft = rules.subscribe("S7", replace(order, state=details.Start.DRAFT), ground)
    with pytest.raises(RuleViolatedError, match="MAIN, restriction"):
        rules.act(draft, Action.ACTIVATE_SUBSCRIPTION, details.Nothing(), ground)


def test_the_columns_are_the_manuals():
    assert {rule.action.value for rule in rules.ROWS if not rule.schedulable} == AT_ONCE_ONLY
    assert {rule.action.value for rule in rules.ROWS if not rule.checked} == NOT_CHECKED
