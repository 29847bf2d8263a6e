"""The clock of the wall, and one that can be put forward."""

import time
from datetime import UTC, datetime, timedelta

from engine.domain.errors import InvalidError

LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class MovableClock(SystemClock):
    """Real time, put forward by hand: for demos, and for whoever tests what a month brings. Waiting takes real time."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return super().now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Put it forward. Raises InvalidError for a step back, or out of the calendar."""
        try:
            ahead = self._ahead + timedelta(seconds=seconds)
            beyond = super().now() + ahead > LATEST
        except (OverflowError, ValueError):
            beyond = True
        if beyond or not seconds > 0:
            wanted = f"more than 0, and not beyond the year {LATEST.year}"
            raise InvalidError(f"advance_s is {seconds}; wanted: {wanted}.", field="advance_s")
        self._ahead = ahead
