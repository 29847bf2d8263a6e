"""Two engines on one database: turns, locks, and what one finds that the other has begun."""

import threading
from contextlib import ExitStack
from dataclasses import replace

import pytest

from engine.adapters.tucano import TUCANO
from engine.domain.errors import NotAllowedError
from engine.service.act import take
from engine.store import beliefs, requests, subscriptions

pytestmark = pytest.mark.postgresql("a SQLite file has one engine")

NUMBER = "S0000000001"
PATIENCE_S = 10
AT_MOST_S = 0.3  # how long something is watched not to happen


class KilledError(BaseException):
    pass


@pytest.fixture
def other(engine, restart):
    """Another engine, which has begun before anything happened."""
    return restart(engine)


@pytest.fixture
def beside():
    """Do it in a thread, from which nothing comes back until the test has ended."""
    threads = []

    def begin(task, *arguments):
        threads.append(threading.Thread(target=task, args=arguments))
        threads[-1].start()
        return threads[-1]

    yield begin
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def killed(platform):
    """Do it in an engine that is killed while its request is under way."""

    def at(call):
        def die(_message):
            raise KilledError

        platform.before_answer = die
        with pytest.raises(KilledError):
            call()
        platform.before_answer = lambda _message: None
        platform.messages.clear()

    return at


def add(engine, product):
    return engine.act("ADD_SERVICE", NUMBER, product=product, distributors=["MAIN"])


def test_what_one_has_under_way_the_other_waits_for_and_does_not_send(engine, other, subscribe, platform, beside):
    subscribe(engine, products=(), boxes=1)
    asked, answer = threading.Event(), threading.Event()

    def wait(_message):
        asked.set()
        assert answer.wait(PATIENCE_S)

    platform.messages.clear()
    platform.before_answer = wait
    beside(add, engine, "NEWS")
    assert asked.wait(PATIENCE_S)
    second = beside(add, other, "SPORT")
    second.join(AT_MOST_S)
    assert second.is_alive()
    assert len(other.requests(life_cycle_state="PENDING")) == 2
    answer.set()
    second.join(PATIENCE_S)
    assert platform.names == ["ACTIVATE_OPTIONS"] * 2
    assert {one.attempts for one in engine.requests()} == {1}


def test_no_request_ends_while_another_engine_plans_for_its_subscription(engine, other, subscribe, platform, beside):
    subscribe(engine, products=("NEWS",), boxes=1)
    planning, began = ExitStack(), threading.Event()

    def begin_to_plan(_message):
        planning.connection = planning.enter_context(other.context.database.transaction())
        planning.key, _subscription = subscriptions.load(planning.connection, NUMBER, lock=True)
        began.set()

    platform.before_answer = begin_to_plan
    sending = beside(lambda: engine.act("REMOVE_SERVICE", NUMBER, service="NEWS"))
    assert began.wait(PATIENCE_S)
    with planning:
        before = beliefs.load(planning.connection, planning.key, "tv")
        sending.join(AT_MOST_S)
        assert len(requests.pending_of(planning.connection, planning.key, "tv")) == 1
        assert beliefs.load(planning.connection, planning.key, "tv") == before
    sending.join(PATIENCE_S)
    assert engine.requests(life_cycle_state="PENDING") == []


def test_what_a_killed_engine_had_begun_is_sent_by_one_that_lives_as_what_may_have_been_sent(
    engine, other, subscribe, killed, platform, answers, ends
):
    subscribe(engine, products=(), boxes=1)
    killed(lambda: add(engine, "NEWS"))
    platform.answer_with(*[answers["not sent"]] * 3)
    add(other, "SPORT")
    first, second = other.requests()[-2:]
    assert (first.life_cycle_state, first.error_code, first.in_doubt) == ("REJECTED", "REPLY_LOST", True)
    assert (second.life_cycle_state, second.attempts) == ("COMPLETED", 1)


def test_what_acts_anew_each_time_and_was_begun_is_not_sent_again(engine, other, subscribe, killed, platform):
    anew = tuple(replace(row, repeatable=False) for row in TUCANO.table)
    for one in (engine, other):
        one.context.adapters = {"tucano": replace(TUCANO, table=anew)}
    subscribe(engine, products=(), boxes=1)
    killed(lambda: add(engine, "NEWS"))
    assert other.recover() == 1
    assert platform.messages == []
    assert other.requests()[-1].in_doubt


def test_what_was_planned_but_not_begun_is_sent_as_new(engine, other, subscribe, platform, monkeypatch):
    subscribe(engine, products=(), boxes=1)
    with monkeypatch.context() as patched:
        patched.setattr("engine.service.act.send_pending", lambda *_: None)
        add(engine, "NEWS")
    assert other.recover() == 1
    assert (platform.names[-1], other.requests()[-1].in_doubt) == ("ACTIVATE_OPTIONS", False)


def test_of_two_that_wait_for_each_other_one_is_told_in_a_sentence(engine, other, subscribe, beside):
    for number in ("S1", "S2"):
        subscribe(engine, number, boxes=0)
    both, told = threading.Barrier(2), []

    def take(one, first, second):
        try:
            with one.context.database.transaction() as connection:
                subscriptions.load(connection, first, lock=True)
                both.wait(PATIENCE_S)
                subscriptions.load(connection, second, lock=True)
        except NotAllowedError as refusal:
            told.append(refusal.message)

    for thread in (beside(take, engine, "S1", "S2"), beside(take, other, "S2", "S1")):
        thread.join(PATIENCE_S)
    assert told == ["Another engine is changing the same at this moment; nothing was done. Try again."]


def test_several_subscriptions_are_locked_in_the_order_of_their_keys_as_a_mail_run_does(
    engine, other, subscribe, beside
):
    for number in ("S2", "S1"):
        subscribe(engine, number, boxes=0)
    taken = []

    def take_both():
        with other.context.database.transaction() as connection:
            taken.extend(one.subscription.number for one in take(connection, "S1", ["S2"]))

    with engine.context.database.transaction() as connection:
        first, second = sorted(subscriptions.keys(connection, ["S1", "S2"]).values())
        subscriptions.lock(connection, first)
        thread = beside(take_both)
        thread.join(AT_MOST_S)
        subscriptions.lock(connection, second)
        assert taken == []
    thread.join(PATIENCE_S)
    assert taken == ["S1", "S2"]
