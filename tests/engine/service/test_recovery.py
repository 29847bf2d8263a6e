"""What an engine that was stopped left PENDING: sent in order, as what may have been sent before."""

from dataclasses import replace

import pytest

from engine.adapters.tucano import TUCANO

NUMBER = "S0000000001"


class PowerCut(BaseException):
    pass


@pytest.fixture
def cut(platform):
    """Do it, and lose power at so many requests from now on."""

    def at(call, count=0):
        def fail(_message, left=[count]):  # noqa: B006 - the count is this cut's own
            left[0] -= 1
            if left[0] < 0:
                raise PowerCut

        platform.before_answer = fail
        with pytest.raises(PowerCut):
            call()
        platform.before_answer = lambda _message: None
        platform.messages.clear()

    return at


@pytest.mark.parametrize("count", [0, 1, 2])
def test_what_is_left_is_sent_in_order_under_the_same_numbers(count, engine, subscribe, cut, restart, platform):
    cut(lambda: subscribe(engine), count)
    second = restart(engine)
    assert second.recover() == 1
    whole = [("CREATE_ACCOUNT", "000001"), ("ADD_MATERIAL", "000002"), ("ACTIVATE_OPTIONS", "000003")]
    assert platform.commands == whole[count:]
    assert {one.life_cycle_state for one in second.requests()} == {"COMPLETED"}
    assert second.recover() == 0
    assert len(platform.messages) == 3 - count


def test_where_nothing_is_left_nothing_is_sent(engine, subscribe, restart, platform):
    subscribe(engine)
    platform.messages.clear()
    assert restart(engine).recover() == 0
    assert platform.messages == []


def test_every_subscription_is_recovered_oldest_first(engine, subscribe, cut, restart, platform):
    for number in ("S3", "S1", "S2"):
        cut(lambda number=number: subscribe(engine, number, boxes=0))
    assert restart(engine).recover() == 3
    assert [reference for _name, reference in platform.commands] == [
        "000001",
        "000002",
        "000003",
        "000004",
        "000005",
        "000006",
    ]


def test_recovery_ends_between_two_subscriptions_when_told_to_and_goes_on_when_called_again(
    engine, subscribe, cut, restart, platform
):
    for number in ("S1", "S2", "S3"):
        cut(lambda number=number: subscribe(engine, number, boxes=0))
    second = restart(engine)
    second.recover(lambda: len(platform.messages) >= 2)
    assert len(platform.messages) == 2
    assert len(second.requests(life_cycle_state="PENDING")) == 4
    second.recover()
    assert second.requests(life_cycle_state="PENDING") == []


def test_an_action_sends_what_was_left_before_its_own(engine, subscribe, cut, restart, platform, standing):
    subscribe(engine)
    cut(lambda: engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]))
    second = restart(engine)
    second.act("REMOVE_SERVICE", NUMBER, service="KIDS")
    assert platform.names == ["ACTIVATE_OPTIONS", "SUSPEND_OPTIONS"]
    assert standing(second).in_sync


def test_a_reset_sends_what_was_left_and_asks_for_nothing_twice(engine, subscribe, cut, restart, platform, standing):
    cut(lambda: subscribe(engine))
    second = restart(engine)
    assert second.reset(NUMBER).requests == ()
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]
    assert standing(second).in_sync


def test_a_reset_makes_up_for_what_was_left_and_fails_now(engine, subscribe, cut, restart, platform, answers, standing):
    cut(lambda: subscribe(engine))
    second = restart(engine)
    platform.answer_with(answers["refused"])  # to the account that was left
    assert [one.type for one in second.reset(NUMBER).requests] == [
        "CREATE_ACCOUNT",
        "ADD_MATERIAL",
        "ACTIVATE_OPTIONS",
    ]
    assert standing(second).in_sync


@pytest.mark.parametrize(("trouble", "attempts"), [("not sent", 3), ("busy", 3), ("turned away", 1)])
def test_what_may_have_been_sent_before_stays_in_doubt_where_it_does_not_get_through_now(
    trouble, attempts, engine, subscribe, cut, restart, platform, answers, standing
):
    subscribe(engine)
    cut(lambda: engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]))
    second = restart(engine)
    platform.answer_with(*[answers[trouble]] * attempts)
    second.recover()
    (request,) = second.requests(life_cycle_state="REJECTED")
    assert (request.error_code, request.in_doubt, request.attempts) == ("REPLY_LOST", True, attempts)
    assert standing(second).believed_held.in_doubt == ["O_KIDS"]


def test_what_is_made_after_the_start_has_not_been_sent_before(engine, subscribe, restart, platform, answers, standing):
    subscribe(engine)
    second = restart(engine)
    platform.answer_with(*[answers["not sent"]] * 3)
    second.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"])
    assert standing(second).believed_held.in_doubt == []


def test_what_acts_anew_each_time_is_not_sent_again(engine, subscribe, cut, restart, platform, standing):
    subscribe(engine)
    cut(lambda: engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]))
    second = restart(engine)
    table = tuple(replace(row, repeatable=False) for row in TUCANO.table)
    second.context.adapters = {"tucano": replace(TUCANO, table=table)}
    second.recover()
    (request,) = second.requests(life_cycle_state="REJECTED")
    assert (request.error_code, request.in_doubt, request.attempts) == ("REPLY_LOST", True, 0)
    assert platform.messages == []
    assert standing(second).believed_held.in_doubt == ["O_KIDS"]


def test_behind_an_open_circuit_what_may_have_been_sent_stays_in_doubt(
    engine, subscribe, cut, restart, platform, answers
):
    for number in ("S1", "S2"):
        cut(lambda number=number: subscribe(engine, number, products=("NEWS",), boxes=0))
    second = restart(engine)
    provider = second.context.provider("tv")
    second.context.configuration = replace(
        second.context.configuration,
        providers={"tv": replace(provider, breaker=replace(provider.breaker, failures=1))},
    )
    platform.answer_with(answers["not sent"])
    second.recover()
    creations = second.requests(type="CREATE_ACCOUNT")
    assert [(one.error_code, one.in_doubt, one.attempts) for one in creations] == [
        ("REPLY_LOST", True, 1),
        ("REPLY_LOST", True, 0),
    ]
    assert {one.error_code for one in second.requests(type="ACTIVATE_OPTIONS")} == {"NO_ACCOUNT"}
