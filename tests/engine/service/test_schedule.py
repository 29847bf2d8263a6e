"""Actions for later: kept, listed, cancelled, executed when they are due or rejected with the reason."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.errors import DomainError, InvalidError, NotAllowedError, UnknownError, UnknownFieldError

NUMBER = "S0000000001"
TOMORROW = datetime(2030, 6, 16, 12, tzinfo=UTC)


@pytest.fixture
def later(engine, subscribe):
    """A subscription to News and Sport, and a way to schedule for tomorrow."""
    subscribe(engine)
    return lambda action, at=TOMORROW, **details: engine.schedule(action, NUMBER, at, **details)


def states(engine, **filters):
    return [(one.action.value, one.state.value) for one in engine.actions(100, 0, **filters).results]


def test_a_scheduled_action_changes_and_sends_nothing_until_it_is_due(engine, later, platform, clock, maintain):
    sent = len(platform.messages)
    before = engine.show(NUMBER)
    kept = later("STOP_SERVICE", service="NEWS")
    assert (kept.state, kept.scheduled_date, kept.executed_date) == ("SCHEDULED", TOMORROW, None)
    clock.at = TOMORROW - timedelta(seconds=1)
    maintain()
    assert engine.show(NUMBER) == before
    assert len(platform.messages) == sent
    clock.at = TOMORROW
    maintain()
    assert platform.names[sent:] == ["SUSPEND_OPTIONS"]
    assert states(engine) == [("BECOME_SUBSCRIBER", "EXECUTED"), ("STOP_SERVICE", "EXECUTED")]
    assert engine.requests(process_id=kept.id)[0].process_name == "STOP_SERVICE"


def test_a_cancelled_action_is_never_executed(engine, later, clock, platform, maintain):
    kept = later("DEACTIVATE_SUBSCRIPTION")
    assert engine.cancel_action(kept.id).state == "CANCELLED"
    clock.at = TOMORROW
    sent = len(platform.messages)
    maintain()
    assert len(platform.messages) == sent
    assert states(engine, state="CANCELLED") == [("DEACTIVATE_SUBSCRIPTION", "CANCELLED")]


def test_only_what_is_scheduled_can_be_cancelled(engine, later):
    kept = later("DEACTIVATE_SUBSCRIPTION")
    engine.cancel_action(kept.id)
    with pytest.raises(NotAllowedError, match="is CANCELLED; wanted: SCHEDULED"):
        engine.cancel_action(kept.id)
    with pytest.raises(NotAllowedError, match="is EXECUTED; wanted: SCHEDULED"):
        engine.cancel_action(1)
    with pytest.raises(UnknownError):
        engine.cancel_action(4711)


def test_an_action_that_is_not_allowed_when_it_is_due_is_rejected_with_the_reason(engine, later, clock, maintain):
    later("STOP_SERVICE", service="NEWS")
    engine.act("DEACTIVATE_SUBSCRIPTION", NUMBER)
    clock.at = TOMORROW
    run = maintain()
    rejected = engine.actions(10, 0, state="REJECTED").results[0]
    assert rejected.reason == f"STOP_SERVICE is not allowed: {NUMBER} is NOT_EFFECTIVE; wanted: EFFECTIVE."
    assert (run.state, run.counts.errors, run.counts.changed) == ("COMPLETED_WITH_ERRORS", 1, 0)
    assert [(line.subscription, line.error) for line in engine.run_log(run.id).results] == [(NUMBER, True)]
    assert maintain().counts.examined == 0


def test_what_is_not_allowed_today_may_be_allowed_then(engine, later, clock, maintain):
    later("END_SUBSCRIPTION_RESTING")
    engine.act("REST_SUBSCRIPTION", NUMBER, until="2030-08-01")
    clock.at = TOMORROW
    maintain()
    assert engine.show(NUMBER).state == "EFFECTIVE"


def test_a_service_is_the_one_that_was_meant_whatever_comes_between(engine, later, clock, maintain):
    later("STOP_SERVICE", service="News")
    engine.act("REMOVE_SERVICE", NUMBER, service="SPORT")
    engine.act("ADD_SERVICE", NUMBER, product="NEWS", distributors=["MAIN"])
    clock.at = TOMORROW
    maintain()
    assert [(one.product, one.state) for one in engine.show(NUMBER).services] == [
        ("NEWS", "NOT_EFFECTIVE"),
        ("SPORT", "CANCELLED"),
        ("NEWS", "EFFECTIVE"),
    ]


def test_termination_calls_off_what_is_scheduled(engine, later, clock, platform, maintain):
    later("STOP_SERVICE", service="NEWS")
    later("REST_SUBSCRIPTION", until="2030-08-01")
    engine.act("TERMINATE_SUBSCRIPTION", NUMBER)
    assert states(engine, state="CANCELLED") == [("STOP_SERVICE", "CANCELLED"), ("REST_SUBSCRIPTION", "CANCELLED")]
    sent = len(platform.messages)
    clock.at = TOMORROW
    assert maintain().counts.examined == 0
    assert len(platform.messages) == sent


def test_the_end_of_a_service_calls_off_what_is_scheduled_for_it_and_nothing_else(engine, later):
    later("STOP_SERVICE", service="NEWS")
    later("STOP_SERVICE", service="SPORT")
    engine.act("REMOVE_SERVICE", NUMBER, service="NEWS")
    assert states(engine)[1:3] == [("STOP_SERVICE", "CANCELLED"), ("STOP_SERVICE", "SCHEDULED")]


def test_a_swap_calls_nothing_off_because_it_can_be_regretted(engine, later):
    later("STOP_SERVICE", service="NEWS")
    engine.act("SWAP_SERVICE", NUMBER, service="NEWS", product="KIDS")
    assert states(engine)[1] == ("STOP_SERVICE", "SCHEDULED")


def test_what_is_due_is_done_in_the_order_of_its_moments(engine, later, clock, maintain):
    later("DEACTIVATE_SUBSCRIPTION", at=TOMORROW + timedelta(days=4))
    engine.act("REST_SUBSCRIPTION", NUMBER, until="2030-06-18")
    clock.at = TOMORROW + timedelta(days=30)
    assert [(one.action.value, one.moment.day) for one in engine.preview("MAINTENANCE").results] == [
        ("END_SUBSCRIPTION_RESTING", 18),
        ("DEACTIVATE_SUBSCRIPTION", 20),
    ]
    maintain()
    assert engine.show(NUMBER).state == "NOT_EFFECTIVE"
    assert states(engine)[-1] == ("END_SUBSCRIPTION_RESTING", "EXECUTED")
    assert states(engine, state="REJECTED") == []


@pytest.mark.parametrize(
    ("action", "details", "at", "kind", "said"),
    [
        ("STOP_SERVICE", {"service": "KIDS"}, TOMORROW, UnknownError, "service of"),
        ("SWAP_SERVICE", {"service": "NEWS", "product": "NONE"}, TOMORROW, UnknownError, "NONE"),
        ("REST_SUBSCRIPTION", {"until": "2030-06-16"}, TOMORROW, InvalidError, "until is 2030-06-16"),
        ("DEACTIVATE_SUBSCRIPTION", {}, datetime(2030, 6, 15, 12, tzinfo=UTC), InvalidError, "a moment after"),
        ("DEACTIVATE_SUBSCRIPTION", {}, datetime(2030, 7, 1), InvalidError, "offset"),  # noqa: DTZ001 (the point)
        ("DEACTIVATE_SUBSCRIPTION", {"x": 1}, TOMORROW, UnknownFieldError, "field"),
        ("REMOVE_INSTALLED_ITEM", {"item": "B-1-1"}, TOMORROW, NotAllowedError, "can't be scheduled"),
        (
            "BECOME_SUBSCRIBER",
            {"subscriber": {"first_name": "A", "last_name": "B"}},
            TOMORROW,
            NotAllowedError,
            "can't",
        ),
    ],
)
def test_what_can_never_be_meant_is_refused_at_once(engine, later, dump, action, details, at, kind, said):
    before = dump(engine)
    with pytest.raises(kind, match=said):
        later(action, at, **details)
    assert dump(engine) == before


def test_nothing_is_scheduled_for_what_has_ended(engine, later, dump):
    engine.act("TERMINATE_SUBSCRIPTION", NUMBER)
    before = dump(engine)
    with pytest.raises(NotAllowedError, match="is CANCELLED"):
        later("ACTIVATE_SUBSCRIPTION")
    with pytest.raises(UnknownError):
        engine.schedule("ACTIVATE_SUBSCRIPTION", "S9", TOMORROW)
    assert dump(engine) == before


@pytest.mark.parametrize("filters", [{"colour": "red"}, {"state": "GONE"}, {"subscription": "S9"}])
def test_actions_are_not_looked_for_by_what_there_is_not(engine, later, filters):
    with pytest.raises(DomainError):
        engine.actions(10, 0, **filters)
