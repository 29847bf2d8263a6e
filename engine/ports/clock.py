"""Time: the machine's, or one that is moved."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """The present moment, UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
