"""A platform that keeps failing is left alone for a while: one circuit breaker per provider.

Written here, because the known libraries read the wall clock, and time is an argument in this project.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from engine.domain.provider import Breaker


class Circuit(StrEnum):
    """Closed: requests pass. Open: none does. Half open: one may try whether the platform is back."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def left_alone(who: str) -> str:
    """What is said of a platform while its circuit is open."""
    return f"{who} keeps failing and is left alone for a while."


@dataclass
class Health:
    """How a platform has answered of late; `probes`: how often one has tried in vain whether it is back."""

    failures: int = 0
    retry_at: datetime | None = None
    probes: int = 0
    is_tried: bool = False

    def circuit(self, now: datetime) -> Circuit:
        """The state of the circuit."""
        if self.retry_at is None:
            return Circuit.CLOSED
        return Circuit.HALF_OPEN if now >= self.retry_at else Circuit.OPEN


@dataclass
class Breakers:
    """The breakers of all providers; safe for many threads."""

    health: dict[str, Health] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def allows(self, provider: str, settings: Breaker, now: datetime) -> bool:
        """Whether a request may be tried now. In the half-open circuit, one at a time may."""
        with self._guard:
            health = self.health.setdefault(provider, Health())
            circuit = health.circuit(now)
            if circuit is Circuit.HALF_OPEN:
                health.retry_at = now + timedelta(seconds=settings.pause_s)
                health.is_tried = True
            return circuit is not Circuit.OPEN

    def note(self, provider: str, settings: Breaker, now: datetime, *, answered: bool) -> None:
        """Take down whether an attempt was answered."""
        with self._guard:
            health = self.health.setdefault(provider, Health())
            if answered:
                self.health[provider] = Health()
                return
            health.failures += 1
            health.probes += health.is_tried
            health.is_tried = False
            if health.failures >= settings.failures:
                health.retry_at = now + timedelta(seconds=settings.pause_s)

    def is_open(self, provider: str, now: datetime) -> bool:
        """Whether the platform keeps failing, so that nothing is sent to it for a while."""
        return self.circuit(provider, now) is Circuit.OPEN

    def circuit(self, provider: str, now: datetime) -> Circuit:
        """The state of a provider's circuit."""
        with self._guard:
            return self.health.get(provider, Health()).circuit(now)

    def probed(self, provider: str) -> tuple[int, datetime | None]:
        """How often one has tried in vain whether a platform is back; and from when on one may, if it is left alone."""
        with self._guard:
            health = self.health.get(provider, Health())
            return health.probes, health.retry_at
