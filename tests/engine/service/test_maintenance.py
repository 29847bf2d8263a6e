"""What ends by itself, on its day and not before; and an item that moves."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.errors import NotAllowedError, UnknownError

NUMBER, OTHER = "S0000000001", "S0000000002"
LIMITED = [
    ("REST_SUBSCRIPTION", "EFFECTIVE", "IN_RESTING", "EFFECTIVE", "ACTIVATE_OPTIONS"),
    ("SHORT_TERM_DEACTIVATION", "EFFECTIVE", "SHORT_TERM_NOT_EFFECTIVE", "EFFECTIVE", "ACTIVATE_OPTIONS"),
    ("SHORT_TERM_ACTIVATION", "DRAFT", "SHORT_TERM_EFFECTIVE", "NOT_EFFECTIVE", "SUSPEND_OPTIONS"),
]


@pytest.mark.parametrize(("action", "start", "limited", "after", "request_type"), LIMITED)
def test_a_limited_state_ends_on_its_day_and_not_before(
    engine, subscribe, clock, platform, maintain, action, start, limited, after, request_type
):
    subscribe(engine, state=start)
    engine.act(action, NUMBER, until="2030-06-20")
    sent = len(platform.messages)
    clock.at = datetime(2030, 6, 19, 23, 59, 59, tzinfo=UTC)
    assert maintain().counts.examined == 0
    assert engine.show(NUMBER).state == limited
    clock.at = datetime(2030, 6, 20, tzinfo=UTC)
    run = maintain()
    assert (run.state, run.counts.examined, run.counts.changed, run.counts.requests) == ("COMPLETED", 1, 1, 1)
    shown = engine.show(NUMBER)
    assert (shown.state, shown.until) == (after, None)
    assert platform.names[sent:] == [request_type]
    assert maintain().counts.examined == 0


def test_a_usage_ends_with_its_window_whatever_the_state_of_its_subscription(
    engine, subscribe, clock, platform, maintain, standing
):
    subscribe(engine)
    usage = {"product": "MATCH", "start": "2030-06-16T18:00:00Z", "end": "2030-06-16T20:00:00Z"}
    engine.act("ADD_SERVICE_USAGE", NUMBER, **usage, distributors=["MAIN"])
    engine.act("DEACTIVATE_SUBSCRIPTION", NUMBER)
    clock.at = datetime(2030, 6, 16, 20, tzinfo=UTC)
    sent = len(platform.messages)
    maintain()
    assert engine.show(NUMBER).services[-1].state == "CANCELLED"
    assert len(platform.messages) == sent
    engine.act("ACTIVATE_SUBSCRIPTION", NUMBER)
    assert engine.show(NUMBER).services[-1].state == "CANCELLED"
    assert standing(engine).should_hold.services == ["O_NEWS", "O_SPORT"]


def test_the_second_usage_of_a_service_is_given_when_the_first_is_over(engine, subscribe, clock, platform, maintain):
    subscribe(engine)
    for day in (16, 18):
        usage = {"product": "MATCH", "start": f"2030-06-{day}T18:00:00Z", "end": f"2030-06-{day}T20:00:00Z"}
        engine.act("ADD_SERVICE_USAGE", NUMBER, **usage, distributors=["MAIN"])
    clock.at = datetime(2030, 6, 17, tzinfo=UTC)
    sent = len(platform.messages)
    maintain()
    assert platform.names[sent:] == ["ACTIVATE_OPTIONS"]
    assert b"2030-06-18T18:00:00Z" in platform.messages[-1].body


def test_a_usage_whose_window_is_not_over_can_not_be_ended_by_hand(engine, subscribe):
    subscribe(engine)
    usage = {"product": "MATCH", "start": "2030-06-16T18:00:00Z", "end": "2030-06-16T20:00:00Z"}
    engine.act("ADD_SERVICE_USAGE", NUMBER, **usage, distributors=["MAIN"])
    with pytest.raises(NotAllowedError, match="lasts until 2030-06-16T20:00:00Z"):
        engine.act("END_SERVICE_USAGE", NUMBER, service="MATCH")
    with pytest.raises(NotAllowedError, match="is no usage service"):
        engine.act("END_SERVICE_USAGE", NUMBER, service="NEWS")


def test_many_are_maintained_and_the_rest_is_left_alone(engine, subscribe, clock, maintain, monkeypatch):
    monkeypatch.setattr("engine.service.jobs.PAGE", 3)
    for index in range(10):
        subscribe(engine, number=f"T{index}")
        if index % 2:
            engine.act("REST_SUBSCRIPTION", f"T{index}", until="2030-06-20")
    clock.at += timedelta(days=30)
    assert [one.subscription for one in engine.preview("MAINTENANCE", 2, 1).results] == ["T3", "T5"]
    run = maintain()
    assert (run.total, run.counts.examined, run.counts.changed) == (5, 5, 5)
    assert [line.subscription for line in engine.run_log(run.id).results] == ["T1", "T3", "T5", "T7", "T9"]
    assert {engine.show(f"T{index}").state for index in range(10)} == {"EFFECTIVE"}


def moved(engine, **details):
    return engine.act("MOVE_INSTALLED_ITEM", NUMBER, item="B-1-1", to_subscription=OTHER, **details)


def test_an_item_moves_between_the_subscriptions_of_one_owner(engine, subscribe, platform, ends, standing):
    subscribe(engine)
    subscribe(engine, number=OTHER, products=("KIDS",))
    sent = len(platform.messages)
    executed = moved(engine, distributors=["TWIN1"])
    assert ends(executed) == [("REMOVE_MATERIAL", "COMPLETED", ""), ("ADD_MATERIAL", "COMPLETED", "")]
    assert [one.subscription for one in executed.requests] == [NUMBER, OTHER]
    assert [one.sequence_number for one in executed.requests] == [1, 2]
    assert platform.names[sent:] == ["REMOVE_MATERIAL", "ADD_MATERIAL"]
    assert executed.in_sync
    assert standing(engine).believed_held.items == []
    assert standing(engine, OTHER).believed_held.items == ["B-1-1", f"B-{OTHER}-1"]
    assert engine.show(OTHER).installed_items[0].distributors == ["TWIN1"]
    for number in (NUMBER, OTHER):
        assert engine.actions(10, 0, subscription=number).results[-1].action == "MOVE_INSTALLED_ITEM"


def test_an_item_that_moves_keeps_its_distributors_unless_others_are_named(engine, subscribe):
    subscribe(engine)
    subscribe(engine, number=OTHER)
    moved(engine)
    assert engine.show(OTHER).installed_items[0].distributors == ["MAIN"]


@pytest.mark.parametrize(("customers", "is_one"), [(("C1", "C1"), True), (("C1", "C2"), False), (("C1", ""), False)])
def test_whose_a_subscription_is_says_the_customer_number_where_there_is_one(engine, subscribe, customers, is_one):
    subscribe(engine, customer_number=customers[0])
    subscribe(engine, number=OTHER, customer_number=customers[1])
    if is_one:
        moved(engine)
        return
    with pytest.raises(NotAllowedError, match="owned by another"):
        moved(engine)


def test_an_item_does_not_move_where_it_can_not(engine, subscribe, dump):
    subscribe(engine)
    subscribe(engine, number=OTHER)
    engine.act("TERMINATE_SUBSCRIPTION", OTHER)
    before = dump(engine)
    for target, kind, said in (
        (OTHER, NotAllowedError, "is CANCELLED"),
        (NUMBER, NotAllowedError, "the same subscription"),
        ("S9", UnknownError, "S9"),
    ):
        with pytest.raises(kind, match=said) as refused:
            engine.act("MOVE_INSTALLED_ITEM", NUMBER, item="B-1-1", to_subscription=target)
        assert refused.value.field == "to_subscription"
    with pytest.raises(UnknownError, match="installed item"):
        engine.act("MOVE_INSTALLED_ITEM", NUMBER, item="B-9", to_subscription=OTHER)
    assert dump(engine) == before


def test_an_item_that_could_not_be_taken_off_is_put_right_by_both_resets(
    engine, subscribe, platform, answers, standing
):
    subscribe(engine)
    subscribe(engine, number=OTHER)
    platform.answer_with(*[answers["not sent"]] * 3, answers["rejected"]("MATERIAL_IN_USE"))
    assert not moved(engine).in_sync
    for number in (NUMBER, OTHER):
        assert not standing(engine, number).in_sync
        assert engine.reset(number).in_sync
    assert date(2030, 6, 15) == engine.context.clock.now().date()
