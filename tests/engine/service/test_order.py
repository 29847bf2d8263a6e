"""Requests of one subscription go out in order, one at a time; those of others at the same time."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.bootstrap import Engine
from engine.domain.errors import NotAllowedError
from engine.service.turns import Turns

MANY = 8
NUMBER = "S0000000001"
PATIENCE_S = 10


@pytest.fixture(params=["shared", "own"])
def shared(request, engine, configuration, clock, platform, make_database):
    """An engine for many threads: on the database of all tests, which may be in memory, and on one that never is."""
    if request.param == "shared":
        yield engine
        return
    own = Engine(make_database(), clock=clock)
    own.configure(configuration)
    own.context.transport = platform
    yield own
    own.close()


@pytest.fixture
def together():
    """Do it in so many threads that begin at the same moment; what one raises, this raises."""

    def run(task, arguments):
        start = threading.Barrier(len(arguments))

        def begin(argument):
            start.wait(PATIENCE_S)
            return task(argument)

        with ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(begin, arguments))

    return run


class Door(Turns):
    """Turns that tell of everyone who comes to wait for one."""

    def __init__(self):
        super().__init__()
        self.came = threading.Semaphore(0)

    def of(self, key):
        self.came.release()
        return super().of(key)


def test_one_subscription_is_served_in_order_and_one_at_a_time(shared, subscribe, platform, together, standing):
    subscribe(shared, products=(), boxes=1)
    door = shared.context.turns = Door()
    alone, first = threading.Lock(), threading.Event()

    def watch(_message):
        assert alone.acquire(blocking=False), "two requests of one subscription are under way at once"
        if not first.is_set():  # all others are at the door while the first request is under way
            first.set()
            assert all(door.came.acquire(timeout=PATIENCE_S) for _ in range(MANY))
        alone.release()

    platform.before_answer = watch

    def add_and_remove(serial):
        shared.act("ADD_INSTALLED_ITEM", NUMBER, product="STB", serial_number=serial, distributors=["MAIN"])
        shared.act("REMOVE_INSTALLED_ITEM", NUMBER, item=serial)

    together(add_and_remove, [f"B-{number}" for number in range(2, MANY + 2)])
    references = [reference for _name, reference in platform.commands]
    assert references == [f"{number:06d}" for number in range(1, 2 * MANY + 3)]
    assert standing(shared).in_sync
    assert standing(shared).believed_held.items == ["B-1-1"]


def test_different_subscriptions_are_served_at_the_same_time(shared, subscribe, platform, together):
    meeting = threading.Barrier(MANY)
    platform.before_answer = lambda _message: meeting.wait(PATIENCE_S)  # breaks, unless all are under way at once
    together(lambda number: subscribe(shared, f"S{number}"), range(MANY))
    assert len(platform.messages) == 3 * MANY
    assert {one.life_cycle_state for one in shared.requests()} == {"COMPLETED"}


def test_numbers_are_given_once_to_subscriptions_that_come_at_the_same_time(shared, subscribe, together):
    executed = together(lambda _: subscribe(shared, boxes=0), range(MANY))
    assert len({one.subscription for one in executed}) == MANY
    assert sorted(request.number for one in executed for request in one.requests) == list(range(1, 2 * MANY + 1))


def test_a_device_wanted_by_many_at_once_goes_to_one(shared, subscribe, together):
    for number in range(MANY):
        subscribe(shared, f"S{number}", boxes=0)

    def add(number):
        try:
            shared.act("ADD_INSTALLED_ITEM", f"S{number}", product="STB", serial_number="B-1", distributors=["MAIN"])
        except NotAllowedError as refusal:
            return refusal.message
        return "installed"

    installed, *refused = sorted(together(add, range(MANY)), key=lambda said: said != "installed")
    assert installed == "installed"
    # Who comes while the first is still writing can't know yet which subscription that is.
    assert len(refused) == MANY - 1
    assert all(re.match("B-1 (is installed on S|was installed on another subscription)", said) for said in refused)
    assert len({said for said in refused if " is installed on " in said}) <= 1


def test_reading_does_not_wait_for_the_platform(shared, subscribe, platform, standing):
    subscribe(shared)
    asked, answer = threading.Event(), threading.Event()

    def wait(_message):
        asked.set()
        assert answer.wait(PATIENCE_S)

    platform.before_answer = wait
    details = {"product": "KIDS", "distributors": ["MAIN"]}
    thread = threading.Thread(target=shared.act, args=("ADD_SERVICE", NUMBER), kwargs=details)
    thread.start()
    try:
        assert asked.wait(PATIENCE_S)
        found = standing(shared)
        assert (found.pending, found.in_sync) == (1, False)
        assert found.should_hold.services == ["O_KIDS", "O_NEWS", "O_SPORT"]
        assert found.believed_held.services == ["O_NEWS", "O_SPORT"]
    finally:
        answer.set()
        thread.join(PATIENCE_S)
    assert standing(shared).in_sync


def test_turns_are_forgotten_when_nobody_has_or_wants_them():
    turns = Turns()
    with turns.of("a"), turns.of("b"):
        assert set(turns._locks) == {"a", "b"}
    with pytest.raises(ZeroDivisionError), turns.of("a"):
        raise ZeroDivisionError
    assert turns._locks == {}


def test_those_who_wait_for_a_turn_get_it_one_by_one(together):
    turns, inside, most = Turns(), [], []

    def take(_number):
        for _ in range(200):
            with turns.of("key"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    together(take, range(MANY))
    assert max(most) == 1
    assert len(most) == 200 * MANY
    assert turns._locks == {}
