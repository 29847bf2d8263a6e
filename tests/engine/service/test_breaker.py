"""The circuit breaker: a platform that keeps failing is left alone, tried now and then, and trusted again at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.provider import Breaker, Retry
from engine.service.breaker import Breakers, Circuit

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)
SETTINGS = Breaker(failures=3, pause_s=10)
NUMBER = "S0000000001"


def at(seconds):
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def breakers():
    return Breakers()


@pytest.fixture
def fail(breakers):
    def times(count, seconds=0, provider="tv"):
        for _ in range(count):
            breakers.note(provider, SETTINGS, at(seconds), answered=False)

    return times


def test_a_circuit_is_closed_until_it_has_reason_not_to_be(breakers, fail):
    assert breakers.circuit("tv", NOON) is Circuit.CLOSED
    fail(2)
    assert breakers.circuit("tv", NOON) is Circuit.CLOSED
    assert breakers.allows("tv", SETTINGS, NOON)


def test_so_many_failures_in_a_row_open_it(breakers, fail):
    fail(3)
    assert breakers.circuit("tv", NOON) is Circuit.OPEN
    assert not breakers.allows("tv", SETTINGS, at(9.999))


def test_an_answer_in_between_begins_the_count_again(breakers, fail):
    fail(2)
    breakers.note("tv", SETTINGS, NOON, answered=True)
    fail(2)
    assert breakers.circuit("tv", NOON) is Circuit.CLOSED


def test_after_the_pause_one_at_a_time_may_try(breakers, fail):
    fail(3)
    assert breakers.circuit("tv", at(10)) is Circuit.HALF_OPEN
    assert [breakers.allows("tv", SETTINGS, at(10)) for _ in range(3)] == [True, False, False]
    assert breakers.circuit("tv", at(10)) is Circuit.OPEN


def test_one_who_tried_and_never_came_back_does_not_keep_it_open_for_ever(breakers, fail):
    fail(3)
    assert breakers.allows("tv", SETTINGS, at(10))
    assert breakers.allows("tv", SETTINGS, at(20))


def test_a_try_that_fails_opens_it_for_another_pause(breakers, fail):
    fail(3)
    breakers.allows("tv", SETTINGS, at(10))
    fail(1, seconds=14)
    assert not breakers.allows("tv", SETTINGS, at(23.9))
    assert breakers.allows("tv", SETTINGS, at(24))


def test_a_try_that_is_answered_closes_it_and_the_count_begins_again(breakers, fail):
    fail(3)
    breakers.allows("tv", SETTINGS, at(10))
    breakers.note("tv", SETTINGS, at(10), answered=True)
    assert [breakers.allows("tv", SETTINGS, at(10)) for _ in range(2)] == [True, True]
    fail(2, seconds=10)
    assert breakers.circuit("tv", at(10)) is Circuit.CLOSED


def test_each_provider_has_a_circuit_of_its_own(breakers, fail):
    fail(3, provider="radio")
    assert breakers.circuit("radio", NOON) is Circuit.OPEN
    assert breakers.circuit("tv", NOON) is Circuit.CLOSED


def test_many_at_once_get_one_try(breakers, fail):
    fail(3)
    together, allowed = threading.Barrier(8), []

    def attempt():
        together.wait(10)
        allowed.append(breakers.allows("tv", SETTINGS, at(10)))

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(allowed) == [False] * 7 + [True]


@pytest.fixture
def failing(engine, change, platform, answers, subscribe):
    """A platform that no longer answers, at an engine that takes three failures."""
    subscribe(engine)
    platform.messages.clear()
    change(retry=Retry(attempts=1), breaker=SETTINGS)
    platform.answer_with(*[answers["not sent"]] * 3)

    def add():
        return engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]).requests[0]

    return add


def circuit(engine):
    return engine.providers()[0].circuit


def test_an_open_circuit_rejects_requests_unsent(failing, engine, platform):
    assert [failing().error_code for _ in range(4)] == ["CONNECTION_REFUSED"] * 3 + ["CIRCUIT_OPEN"]
    assert len(platform.messages) == 3
    assert circuit(engine) == "open"
    (rejected,) = engine.requests(process_id=5)
    assert (rejected.attempts, rejected.in_doubt, rejected.request) == (0, False, "")


def test_once_the_platform_is_back_the_circuit_closes(failing, engine, clock, standing):
    for _ in range(3):
        failing()
    clock.sleep(10)
    assert circuit(engine) == "half_open"
    assert engine.reset(NUMBER).requests[0].life_cycle_state == "COMPLETED"
    assert circuit(engine) == "closed"
    assert standing(engine).in_sync


@pytest.mark.parametrize(("answer", "state"), [("refused", "closed"), ("unknown account", "closed"), ("busy", "open")])
def test_a_platform_that_refuses_is_there_and_one_that_is_busy_is_not(
    answer, state, failing, engine, answers, platform
):
    platform.answers.clear()
    platform.answer_with(*[answers[answer]] * 3)
    for _ in range(3):
        failing()
    assert circuit(engine) == state


def test_a_platform_is_left_alone_between_the_attempts_at_one_request_too(failing, change, platform, clock):
    change(retry=Retry(attempts=10, first_pause_s=0.5, longest_pause_s=0.5), breaker=SETTINGS)
    assert failing().error_code == "CONNECTION_REFUSED"
    assert len(platform.messages) == 3
    assert clock.waits == [0.5, 0.5]


def test_the_one_try_of_a_half_open_circuit_is_one(failing, change, platform, clock, answers):
    for _ in range(3):
        failing()
    change(retry=Retry(attempts=10, first_pause_s=0.5), breaker=SETTINGS)
    clock.sleep(10)
    platform.answer_with(answers["not sent"])
    assert failing().attempts == 1


def test_another_engine_begins_with_closed_circuits(failing, engine, restart):
    for _ in range(3):
        failing()
    assert circuit(restart(engine)) == "closed"
