from datetime import UTC, datetime, timedelta

import pytest

from simulators.kit.clock import Clock, SharedClock

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


class Real:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.at = NOON.timestamp()

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def real() -> Real:
    return Real()


@pytest.fixture
def clock(real) -> Clock:
    return Clock(real)


def test_a_clock_runs_beside_real_time(clock, real):
    real.at += 90
    assert clock.now() == NOON + timedelta(seconds=90)
    assert not clock.frozen


def test_a_frozen_clock_stands_still_until_it_is_moved(clock, real):
    clock.freeze()
    real.at += 90
    assert clock.now() == NOON
    clock.advance(5)
    real.at += 90
    assert clock.now() == NOON + timedelta(seconds=5)
    assert clock.frozen


def test_a_clock_can_be_frozen_at_any_instant(clock):
    clock.freeze(datetime(1999, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(1999, 1, 1, tzinfo=UTC)


def test_a_clock_that_was_set_runs_on_from_there_and_a_frozen_one_stays_frozen(clock, real):
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    real.at += 1
    assert clock.now() == datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC)
    clock.freeze()
    clock.set(NOON)
    real.at += 1
    assert clock.now() == NOON


def test_a_thawed_clock_runs_on_from_where_it_stood(clock, real):
    clock.freeze()
    real.at += 1000
    clock.unfreeze()
    real.at += 1
    assert clock.now() == NOON + timedelta(seconds=1)


def test_a_reset_clock_shows_real_time(clock, real):
    clock.freeze(datetime(1999, 1, 1, tzinfo=UTC))
    clock.reset()
    assert clock.now() == NOON


@pytest.mark.parametrize("seconds", [-1, -0.001])
def test_a_clock_does_not_advance_backwards(clock, seconds):
    with pytest.raises(ValueError, match="set it to go back"):
        clock.advance(seconds)
    assert clock.now() == NOON


def test_a_clock_stays_within_the_calendar(clock):
    with pytest.raises(ValueError, match="years 1 to 9000"):
        clock.advance(1e12)
    assert clock.now() == NOON


def test_every_move_is_told(real):
    told = []
    clock = Clock(real, lambda: told.append(clock.now()))
    clock.freeze()
    clock.advance(1)
    clock.set(NOON)
    clock.unfreeze()
    clock.reset()
    assert len(told) == 5


def test_a_shared_clock_tells_everybody_that_it_was_moved(real):
    clock, told = SharedClock(real), []
    clock.tell(lambda: told.append("one"))
    clock.tell(lambda: told.append("other"))
    clock.advance(1)
    assert told == ["one", "other"]
