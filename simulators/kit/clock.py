"""Virtual time: it runs beside the real one until it is moved or frozen."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from simulators.kit.callbacks import Callback, Callbacks

# A clock that runs must not run out of the calendar, nor must what is reckoned from it.
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1, 9001))


class Clock:
    """One workspace's time. `real` gives UNIX seconds; `changed` is called after each move."""

    def __init__(self, real: Callable[[], float], changed: Callable[[], None] = lambda: None) -> None:
        self._real = real
        self._changed = changed
        self._lock = threading.Lock()
        self._ahead_s = 0.0
        self._stopped_at: float | None = None

    @property
    def frozen(self) -> bool:
        """Whether time stands still until it is moved by hand."""
        return self._stopped_at is not None

    def now(self) -> datetime:
        """The virtual time, in UTC."""
        return datetime.fromtimestamp(self._seconds(), UTC)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at the given instant, else at the present one."""
        self._move(self._seconds() if at is None else at.timestamp(), frozen=True)

    def unfreeze(self) -> None:
        """Run on from where time stands."""
        self._move(self._seconds(), frozen=False)

    def set(self, at: datetime) -> None:
        """Go to an instant, past or future; a frozen clock stays frozen."""
        self._move(at.timestamp(), frozen=self.frozen)

    def advance(self, seconds: float) -> None:
        """Go forward. Raises ValueError for less than nothing: `set` goes back."""
        if seconds < 0:
            raise ValueError(f"a clock advances by 0 seconds or more, not by {seconds}; set it to go back")
        with self._lock:
            self._put(self._seconds() + seconds, frozen=self.frozen)
        self._changed()

    def reset(self) -> None:
        """Real time again."""
        with self._lock:
            self._ahead_s, self._stopped_at = 0.0, None
        self._changed()

    def _seconds(self) -> float:
        stopped_at = self._stopped_at
        return self._real() + self._ahead_s if stopped_at is None else stopped_at

    def _move(self, to: float, *, frozen: bool) -> None:
        with self._lock:
            self._put(to, frozen=frozen)
        self._changed()

    def _put(self, to: float, *, frozen: bool) -> None:
        if not EARLIEST <= to <= LATEST:
            raise ValueError("a clock is set to years 1 to 9000 only")
        self._ahead_s, self._stopped_at = to - self._real(), to if frozen else None


class SharedClock(Clock):
    """One time for several workspaces, each of which is told when it is moved."""

    def __init__(self, real: Callable[[], float]) -> None:
        self._told = Callbacks()
        super().__init__(real, self._told.call)

    def tell(self, changed: Callback) -> None:
        """Call this, too, after each move."""
        self._told.add(changed)
