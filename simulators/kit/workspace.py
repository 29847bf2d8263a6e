"""A workspace: one memory, journal, fault plan and clock, apart from all others, under one lock."""

import itertools
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, time
from typing import Any, Generic

from simulators.kit.callbacks import Callback, Watch
from simulators.kit.clock import Clock, SharedClock
from simulators.kit.entry import EVERYTHING, Criteria
from simulators.kit.faults import Fault
from simulators.kit.journal import DEFAULT_ENTRIES, Journal
from simulators.kit.plan import FaultPlan
from simulators.kit.platform import Platform, S
from simulators.kit.verify import Mode, Question, Step, Verification, verify

MOST_SNAPSHOTS = 100
LONGEST_WAIT_S = 86_400.0  # at once: systems can't wait for years, which virtual time may have before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a simulator's workspaces have in common besides the platform.

    `shared` gives the clock that a workspace of this name shares with others; without it, each has its own.
    """

    real: Callable[[], float] = time  # UNIX seconds beneath the virtual clock
    shared: Callable[[str], SharedClock] | None = None
    timer: Callable[[], float] = perf_counter  # what process times are measured with
    journal_entries: int = DEFAULT_ENTRIES
    after_snapshot: Callable[[], None] = lambda: None


class SnapshotError(LookupError):
    """A snapshot that isn't there, or one too many."""


class Workspace(Generic[S]):
    """One workspace. `changed` is called whenever a fault may have begun or ended; `watch` has others called then."""

    def __init__(self, name: str, platform: Platform[S], around: Surroundings, changed: Callback, watch: Watch) -> None:
        self.name = name
        self.platform = platform
        self.timer = around.timer
        self.watch = watch
        self.lock = threading.Condition()
        self._around = around
        self._changed = changed
        self.clock = _clock(name, around, self._moved)
        self.journal = Journal(self.lock, around.journal_entries)
        self.faults = FaultPlan(platform, self.clock, self.lock, changed)
        self.state = platform.fresh(platform.catalogue)
        self._snapshots: dict[str, S] = {}
        self._outage_names = (f"down-{n}" for n in itertools.count(1))

    def reset(self) -> None:
        """As new, but for the catalogue: memory, journal, snapshots, clock and faults. Replaces the memory: O(1)."""
        with self.lock:
            self.journal.close()
            self.journal = Journal(self.lock, self._around.journal_entries)
            self.state = self.platform.fresh(self.state.catalogue)
            self._snapshots = {}
        self.clock.reset()
        self.faults.clear()

    def close(self) -> None:
        """End every wait on this workspace."""
        self.journal.close()

    def settle(self) -> None:
        """Do what is due by now: nothing, where a platform answers at once."""

    def process(self) -> int:
        """Take all files that wait, due or not; how many there were. ValueError where a platform takes none."""
        raise ValueError(f"{self.platform.name} takes calls; there are no files to process")

    @contextmanager
    def down(self) -> Iterator[None]:
        """An outage for as long as the block lasts."""
        name = next(self._outage_names)
        self.faults.put(Fault(name, "outage"))
        try:
            yield
        finally:
            if name in self.faults.names():  # the block may have cleared the faults, or reset the workspace
                self.faults.remove(name)

    def let_pass(self, seconds: float) -> None:
        """Let virtual time pass where it stands still; where it runs, it needs no help."""
        if self.clock.frozen:
            self.clock.advance(seconds)

    def until_outage_edge(self) -> float | None:
        """Real seconds until an outage may begin or end by itself, a day at most; None for never, or not by itself."""
        edge = self.faults.next_edge()
        if self.clock.frozen or edge == math.inf:
            return None
        return min(max(0.0, edge - self.clock.now().timestamp()), LONGEST_WAIT_S)

    def holdings(self) -> dict[str, list[str]]:
        """What every subject that holds anything holds now, sorted: the whole memory in the platform's words."""
        with self.lock:
            at = self.clock.now()
            held = {subject: sorted(self.state.holdings(subject, at)) for subject in sorted(self.state.subjects())}
        return {subject: lines for subject, lines in held.items() if lines}

    def forget(self, subject: str, *things: str) -> list[str]:
        """Lose a subject behind the caller's back, or only these of its things, by id. Gives the lines that go."""
        with self.lock:
            at = self.clock.now()
            before = self.state.holdings(subject, at)
            self.state.forget(subject, things)
            return sorted(before - self.state.holdings(subject, at))

    @property
    def snapshots(self) -> list[str]:
        """The names of the memories kept, oldest first."""
        with self.lock:
            return list(self._snapshots)

    def snapshot(self, name: str) -> None:
        """Keep a copy of the memory under a name."""
        with self.lock:
            if len(self._snapshots) >= MOST_SNAPSHOTS and name not in self._snapshots:
                raise SnapshotError(f"there are {MOST_SNAPSHOTS} snapshots already, which is the most there may be")
            self._snapshots[name] = self.state.copy()
        self._around.after_snapshot()

    def restore(self, name: str) -> None:
        """Go back to a memory kept earlier; journal, faults and clock go on."""
        with self.lock:
            if name not in self._snapshots:
                raise SnapshotError(f"there is no snapshot {name!r}; there are {', '.join(self._snapshots) or 'none'}")
            self.state = self._snapshots[name].copy()
        self.settle()

    def seed(self, additions: Mapping[str, Any]) -> None:
        """Replace parts of the catalogue; ValueError with a sentence when they can't be one."""
        with self.lock:
            self.state.catalogue = self.platform.seeded(self.state.catalogue, additions)

    def memory(self) -> dict[str, Any]:
        """The memory as a JSON document."""
        with self.lock:
            return self.state.dump()

    def remember(self, document: Any) -> None:
        """Replace the memory by a document; ValueError with a sentence when it isn't one, and nothing has changed."""
        state = self.platform.load(document)
        with self.lock:
            self.state = state
        self.settle()

    def amend_memory(self, patch: Mapping[str, Any]) -> None:
        """Merge a document into the memory; what is null there is forgotten."""
        with self.lock:
            self.state = self.platform.load(_merged(self.state.dump(), patch))
        self.settle()

    def verify(
        self, mode: Mode, sequence: list[Step], within_s: float = 0.0, criteria: Criteria = EVERYTHING
    ) -> Verification:
        """Compare what was received with what should have been; waits up to `within_s` for it to come true."""
        return self.answer(Question(mode, sequence, within_s, criteria))

    def answer(self, question: Question) -> Verification:
        """The same for a question that has been put together already."""
        return verify(self.journal, self.platform, self.name, question)

    def _moved(self) -> None:
        """The clock has been moved."""
        self.settle()
        self._changed()


def _clock(name: str, around: Surroundings, changed: Callback) -> Clock:
    """The workspace's time: its own, or one that others have too."""
    if around.shared is None:
        return Clock(around.real, changed)
    clock = around.shared(name)
    clock.tell(changed)
    return clock


def _merged(document: Any, patch: Any) -> Any:
    """A JSON merge patch."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(document) if isinstance(document, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged
