"""A workspace of a platform that takes files: what is due is done when time has come, however time comes.

A clock that stands is moved by somebody, who has the work done before they go on; for one that runs, an alarm is set.
"""

import threading
from datetime import datetime, timedelta
from typing import TypeVar

from simulators.kit.callbacks import Callback, Watch
from simulators.kit.platform import FileState, Platform
from simulators.kit.taking import take
from simulators.kit.tree import Tree
from simulators.kit.workspace import LONGEST_WAIT_S, Surroundings, Workspace

F = TypeVar("F", bound=FileState)


class FileWorkspace(Workspace[F]):
    """One workspace. `uploads` are the paths of files that are still coming: nobody takes them yet."""

    def __init__(self, name: str, platform: Platform[F], around: Surroundings, changed: Callback, watch: Watch) -> None:
        if platform.drop is None:
            raise ValueError(f"{platform.name} takes no files")
        self.drop = platform.drop
        self.uploads: list[str] = []
        self._next: datetime | None = None  # when something is due; None for not before something happens
        self._alarm: threading.Timer | None = None
        super().__init__(name, platform, around, changed, watch)

    @property
    def tree(self) -> Tree:
        """The folders and files as they are now; for who holds the lock."""
        return self.state.tree

    def settle(self) -> None:
        """Have come what is to come by now, and take the files that are due."""
        with self.lock:
            at = self.clock.now()
            self.tree.settle(at)
            due = self._due()
            for path, when in due.items():
                if when <= at:
                    take(self, self.tree, path)
            self._expect([each.at for each in self.tree.later] + [when for when in due.values() if when > at], at)

    def look(self) -> Tree:
        """The folders and files, up to date: time may have come since anybody looked; for who holds the lock."""
        if self._next is not None and self._next <= self.clock.now():
            self.settle()
        return self.tree

    def process(self) -> int:
        """Take all files that wait, due or not; how many there were."""
        with self.lock:
            waiting = self._waiting()
            for path in waiting:
                take(self, self.tree, path)
            self.settle()
        return len(waiting)

    def close(self) -> None:
        """End every wait on this workspace, its own too."""
        super().close()
        with self.lock:
            self._end_alarm()

    def _waiting(self) -> list[str]:
        """The files that wait, in the platform's order."""
        return [path for path in self.drop.waiting(self.tree) if path not in self.uploads]

    def _due(self) -> dict[str, datetime]:
        """When each file that waits is to be taken, in the platform's order; none, where that is when it is said."""
        if self.drop.delay_s is None:
            return {}
        delay = timedelta(seconds=self.drop.delay_s)
        return {path: self.tree.file(path).came + delay for path in self._waiting()}

    def _expect(self, edges: list[datetime], at: datetime) -> None:
        """Be there again at the first of these instants."""
        self._end_alarm()
        self._next = min(edges, default=None)
        if self._next is not None and not self.clock.frozen and not self.journal.closed:
            wait_s = min((self._next - at).total_seconds(), LONGEST_WAIT_S)
            self._alarm = threading.Timer(wait_s, self.settle)
            self._alarm.daemon = True
            self._alarm.start()

    def _end_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
