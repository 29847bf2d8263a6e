"""How fast runs send: so many requests a second as a provider is to get, from all engines together."""

from collections import deque
from collections.abc import Callable

from engine.domain.provider import Provider
from engine.service.context import Context
from engine.store import batches

WAIT_S = 1.0  # how long nobody looks whether the run is to end


class Pace:
    """The moments at which requests may be sent to a provider, in order. Where no rate is set, that is any moment."""

    def __init__(self, context: Context, provider: Provider, halts: Callable[[], bool]) -> None:
        self._context = context
        self._provider = provider
        self._halts = halts
        self._moments: deque[float] = deque()

    def reserve(self, count: int) -> None:
        """Have the moments of so many requests: nobody else gets them, whether they are used or not."""
        rate, missing = self._provider.rate.requests_per_s, count - len(self._moments)
        if rate and missing > 0:
            now_s = self._context.clock.now().timestamp()
            with self._context.database.transaction(durable=False) as connection:
                first = batches.take_slots(connection, self._provider.code, now_s, missing / rate)
            self._moments.extend(first + place / rate for place in range(missing))

    def comes(self) -> bool:
        """Wait for the moment of the first request that has none yet. False, where the run is to end before."""
        self.reserve(1)
        return not self._moments or self._reached(self._moments[0])

    def passes(self) -> bool:
        """Likewise, and use it."""
        came = self.comes()
        if came and self._moments:
            self._moments.popleft()
        return came

    def _reached(self, moment: float) -> bool:
        clock = self._context.clock
        while (left := moment - clock.now().timestamp()) > 0:
            if self._halts():
                return False
            clock.sleep(min(left, WAIT_S))
        return True
