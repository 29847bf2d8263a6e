"""A clock that is put forward goes on from there, and never back."""

from datetime import UTC, datetime

import pytest

from engine.clock import MovableClock
from engine.domain.errors import InvalidError


def test_it_goes_on_from_where_it_was_put():
    clock = MovableClock()
    before = datetime.now(UTC)
    clock.advance(86400)
    clock.advance(0.5)
    assert 86400.5 <= (clock.now() - before).total_seconds() < 86460
    assert clock.now() <= clock.now()


@pytest.mark.parametrize("seconds", [0, -1, 1e12, 1e300, float("inf"), float("nan")])
def test_it_does_not_go_back_nor_out_of_the_calendar(seconds):
    clock = MovableClock()
    with pytest.raises(InvalidError, match="advance_s"):
        clock.advance(seconds)
    assert (clock.now() - datetime.now(UTC)).total_seconds() < 60
