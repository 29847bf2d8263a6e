"""One virtual time for the engine and the platforms."""

from datetime import datetime

from simulators.kit.clock import Clock


class LabClock:
    """The platforms' clock as the engine's: waiting moves it, and takes no time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        if seconds:
            self._clock.advance(seconds)

    def pass_until(self, moment: datetime) -> None:
        """Let virtual time pass until then; a moment that is over already changes nothing."""
        self.sleep(max(0.0, (moment - self.now()).total_seconds()))
