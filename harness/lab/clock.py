"""One virtual time for the engine and the platforms."""

from datetime import datetime, timedelta

from simulators.kit.clock import Clock


class LabClock:
    """The platforms' clock as the engine's: waiting moves it, and takes no time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The present moment, UTC; so much ahead of the platforms' as somebody has said."""
        return self._clock.now() + self.ahead

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        if seconds:
            self._clock.advance(seconds)

    def pass_until(self, moment: datetime) -> None:
        """Let virtual time pass until then; a moment that is over already changes nothing."""
        self.sleep(max(0.0, (moment - self.now()).total_seconds()))
