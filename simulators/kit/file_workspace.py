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
from simulators.kit.workspace import Surroundings, Workspace

F = TypeVar("F", bound=FileState)


class FileWorkspace(Workspace[F]):
    """One workspace. `uploads` are the paths of files that are still coming: nobody takes them yet."""

    def __init__(self, name: str, platform: Platform[F], around: Surroundings, changed: Callback, watch: Watch) -> None:
        if platform.drop is None:
            raise ValueError(f"{platform.name} takes no files")
        self.drop = platform.drop
        self.uploads: list[str] = []
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
            for path, due in self._waiting():
                if due is not None and due <= at:
                    take(self, self.tree, path)
            self._set_alarm(at)

    def process(self) -> int:
        """Take all files that wait, due or not; how many there were."""
        with self.lock:
            waiting = self._waiting()
            for path, _ in waiting:
                take(self, self.tree, path)
            self._set_alarm(self.clock.now())
        return len(waiting)

    def close(self) -> None:
        """End every wait on this workspace, its own too."""
        super().close()
        with self.lock:
            self._end_alarm()

    def _waiting(self) -> list[tuple[str, datetime | None]]:
        """The files that wait, in the platform's order, and when they are due; None for when it is said."""
        delay_s, tree = self.drop.delay_s, self.tree
        delay = None if delay_s is None else timedelta(seconds=delay_s)
        paths = [path for path in self.drop.waiting(tree) if path not in self.uploads]
        return [(path, None if delay is None else tree.file(path).came + delay) for path in paths]

    def _set_alarm(self, at: datetime) -> None:
        self._end_alarm()
        edges = [each.at for each in self.tree.later] + [due for _, due in self._waiting() if due is not None]
        if edges and not self.clock.frozen and not self.journal.closed:
            self._alarm = threading.Timer(max(0.0, (min(edges) - at).total_seconds()), self.settle)
            self._alarm.daemon = True
            self._alarm.start()

    def _end_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
