"""A thousand actions at once on ten subscriptions: each one's history is some order of them, and none is lost."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.bootstrap import Engine
from engine.domain.errors import NotAllowedError, UnknownError

NUMBERS = [f"C{index}" for index in range(10)]
ACTIONS, THREADS = 1000, 16
DEEDS = (
    ("ADD_SERVICE", {"product": "KIDS", "distributors": ["MAIN"]}),
    ("REMOVE_SERVICE", {"service": "KIDS"}),
    ("STOP_SERVICE", {"service": "NEWS"}),
    ("START_SERVICE", {"service": "NEWS"}),
    ("DEACTIVATE_SUBSCRIPTION", {}),
    ("ACTIVATE_SUBSCRIPTION", {}),
)


def attempted(engine, number, action, details):
    """Whether the action was executed; a refusal is no loss."""
    try:
        return engine.act(action, number, **details).process_id
    except (NotAllowedError, UnknownError):
        return None


def seen(engine, number):
    shown = engine.show(number)
    return shown.state, [(one.number, one.product, one.state) for one in shown.services]


@pytest.fixture
def again(configuration, clock, platform):
    """Another engine, with a database of its own, that has heard nothing yet."""
    other = Engine(clock=clock)
    other.configure(configuration)
    other.context.transport = platform
    yield other
    other.close()


def test_each_history_is_some_order_of_what_was_asked_and_none_is_lost(engine, again, subscribe, standing):
    for number in NUMBERS:
        subscribe(engine, number=number)
    chance = random.Random(2030)  # noqa: S311 (the same crowd each time)
    asked = [(chance.choice(NUMBERS), *chance.choice(DEEDS)) for _ in range(ACTIONS)]
    with ThreadPoolExecutor(THREADS) as crowd:
        done = [made for made in crowd.map(lambda one: attempted(engine, *one), asked) if made]
    history = engine.actions(ACTIONS + len(NUMBERS), 0)
    assert history.total == len(done) + len(NUMBERS)
    assert len(set(done)) == len(done) > ACTIONS // 10
    assert {one.id for one in history.results} >= set(done)
    for number in NUMBERS:
        subscribe(again, number=number)
        for one in history.results:
            if one.subscription == number and one.action != "BECOME_SUBSCRIBER":
                again.act(one.action, number, **one.details)
        assert seen(engine, number) == seen(again, number)
        assert standing(engine, number).in_sync
    assert engine.requests(1, 0, life_cycle_state="PENDING") == []
