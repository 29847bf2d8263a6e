"""The journal of one workspace: bounded, ordered by `seq`, and able to wake whoever waits for an entry."""

import threading
from collections import Counter, deque
from collections.abc import Callable
from itertools import takewhile
from time import monotonic

from simulators.kit.entry import EVERYTHING, Criteria, Entry, Outcome

DEFAULT_ENTRIES = 10_000
MOST_TEXT = 32 << 20  # characters of bodies kept in one journal; one workspace can't fill the machine


class Journal:
    """The entries of a workspace since its last reset. `lock` is the workspace's: entries appear already decided."""

    def __init__(self, lock: threading.Condition, limit: int = DEFAULT_ENTRIES) -> None:
        self._lock = lock
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self._text = 0
        self._last_seq = 0
        self.truncated = 0
        self.closed = False
        self._tally: Counter[tuple[str, str, str]] = Counter()

    @property
    def next_seq(self) -> int:
        """The number the next entry gets."""
        return self._last_seq + 1

    def add(self, entry: Entry) -> None:
        """Take a decided entry in, drop the oldest beyond the bounds, wake who waits; called under the lock."""
        self._last_seq = entry.seq
        self._entries.append(entry)
        self._text += _size(entry)
        self._tally[entry.operation, entry.outcome, entry.effect] += 1
        while len(self._entries) > self._limit or (self._text > MOST_TEXT and len(self._entries) > 1):
            self._text -= _size(self._entries.popleft())
            self.truncated += 1
        self._lock.notify_all()

    def find(self, criteria: Criteria = EVERYTHING) -> list[Entry]:
        """The entries that fit, in order."""
        with self._lock:
            entries = list(self._entries)
        return [entry for entry in entries if criteria.fit(entry)]

    def after(self, seq: int) -> list[Entry]:
        """The entries younger than `seq`, in order; cheap when they are few."""
        with self._lock:
            younger = list(takewhile(lambda entry: entry.seq > seq, reversed(self._entries)))
        return younger[::-1]

    def count(self, criteria: Criteria = EVERYTHING) -> int:
        """How many entries fit."""
        return len(self.find(criteria))

    def wait_for(self, criteria: Criteria = EVERYTHING, n: int = 1, within_s: float = 1.0) -> list[Entry]:
        """The entries that fit as soon as there are `n`, else those that came within the time. No polling."""
        self.wait_until(lambda: self.count(criteria) >= n, within_s)
        return self.find(criteria)

    def wait_until(self, holds: Callable[[], bool], within_s: float) -> bool:
        """Ask at every new entry until `holds`, or the time is over, or a reset has closed this journal."""
        deadline = monotonic() + within_s
        with self._lock:
            while not holds():
                left_s = deadline - monotonic()
                if left_s <= 0 or self.closed:
                    return False
                self._lock.wait(left_s)
        return True

    def amend(self, entry: Entry, outcome: Outcome) -> None:
        """Note that an answer that was decided didn't reach its caller after all."""
        with self._lock:
            self._tally[entry.operation, entry.outcome, entry.effect] -= 1
            entry.outcome = outcome
            self._tally[entry.operation, entry.outcome, entry.effect] += 1
            self._lock.notify_all()

    def tallied(self) -> Counter[tuple[str, str, str]]:
        """How many entries there have been of each operation, outcome and effect, the dropped ones too."""
        with self._lock:
            return +self._tally

    def wake(self) -> None:
        """Have everybody who waits ask again."""
        with self._lock:
            self._lock.notify_all()

    def close(self) -> None:
        """End every wait: this journal has been replaced, or its simulator stops."""
        with self._lock:
            self.closed = True
            self._lock.notify_all()

    def violations(self) -> list[Entry]:
        """The entries that broke the published contract."""
        return [entry for entry in self.find() if entry.violations]

    def unverified_refusals(self) -> list[Entry]:
        """The requests that were refused and that no passed verification has named."""
        return [entry for entry in self.find(Criteria(effect="rejected")) if not entry.verified]


def _size(entry: Entry) -> int:
    return len(entry.request) + len(entry.response)
