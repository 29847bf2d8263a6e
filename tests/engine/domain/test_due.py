"""What comes to its end by itself, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.due import ENDS, ends
from engine.domain.errors import NotAllowedError
from engine.domain.states import FINAL, SUBSCRIPTION_STATES, State
from engine.domain.subscription import Window

DAY = datetime(2030, 7, 1, tzinfo=UTC)
BEFORE = DAY - timedelta(seconds=1)
THAT_DAY = DAY.date()
# fmt: off
LIMITED = {
    # state                     by itself
    "IN_RESTING":               "END_SUBSCRIPTION_RESTING",
    "SHORT_TERM_EFFECTIVE":     "END_SHORT_TERM_ACTIVATION",
    "SHORT_TERM_NOT_EFFECTIVE": "END_SHORT_TERM_DEACTIVATION",
}
# fmt: on


@pytest.fixture
def limited(subscription):
    """A subscription without usage services, in a state, until a day."""

    def of(state, until=THAT_DAY):
        services = [one for one in subscription.services if one.window is None]
        return replace(subscription, state=State(state), until=until, services=services)

    return of


def found(one, now):
    return [(due.moment, due.action.value) for due in ends(one, now)]


@pytest.mark.parametrize("state", sorted(SUBSCRIPTION_STATES))
def test_a_limited_state_ends_at_the_beginning_of_its_day_and_no_other_does(state, limited):
    expected = [(DAY, LIMITED[state])] if state in LIMITED else []
    assert found(limited(state), BEFORE) == []
    assert found(limited(state), DAY) == expected
    assert found(limited(state), DAY + timedelta(days=400)) == expected


@pytest.mark.parametrize("state", LIMITED)
def test_a_limited_state_without_a_day_goes_on(state, limited):
    assert found(limited(state, None), DAY) == []


def test_the_table_holds_every_limited_state():
    assert {state.value: action.value for state, action in ENDS.items()} == LIMITED


@pytest.mark.parametrize("state", sorted(State))
def test_a_usage_ends_with_its_window_unless_it_has_ended_already(state, subscription, window):
    subscription.services[6].state = state
    assert found(subscription, window.end - timedelta(seconds=1)) == []
    expected = [] if state in FINAL else [(window.end, "END_SERVICE_USAGE")]
    assert found(subscription, window.end) == expected


def test_what_ends_is_named_by_its_number(subscription, window):
    subscription.services[0].window = Window(window.start, window.end + timedelta(days=1))
    assert [(due.said.service, due.scheduled) for due in ends(subscription, DAY + timedelta(days=9))] == [
        ("1", None),
        ("7", None),
    ]


def test_all_that_has_come_to_its_end_is_due_each_at_its_own_moment(subscription, window):
    subscription.state, subscription.until = State.IN_RESTING, date(2030, 6, 20)
    assert found(subscription, window.end) == [
        (datetime(2030, 6, 20, tzinfo=UTC), Action.END_SUBSCRIPTION_RESTING),
        (window.end, Action.END_SERVICE_USAGE),
    ]


@pytest.mark.parametrize("name", ["MATCH", "Match", "7"])
def test_a_usage_is_over_when_its_window_is_and_not_before(name, subscription, ground, window):
    over, said = details.OneService(name), "MATCH lasts until 2030-07-01T23:00:00Z; one whose window is over is wanted"
    with pytest.raises(NotAllowedError, match=said):
        rules.act(subscription, Action.END_SERVICE_USAGE, over, ground)
    rules.act(subscription, Action.END_SERVICE_USAGE, over, replace(ground, now=window.end))
    assert subscription.services[6].state is State.CANCELLED


def test_only_a_usage_is_ever_over(subscription, ground):
    with pytest.raises(NotAllowedError, match="SPORT is no usage service; one whose window is over is wanted"):
        rules.act(subscription, Action.END_SERVICE_USAGE, details.OneService("SPORT"), ground)
