"""A journal as it is being written, across resets, until somebody says stop."""

import threading
from collections.abc import Iterator
from typing import Any

from simulators.kit.entry import Entry
from simulators.kit.workspace import Workspace

BEAT_S = 15.0


class Follower:
    """Follows one workspace's journal; a reader too slow for its bounds misses what was dropped."""

    def __init__(self, workspace: Workspace[Any], beat_s: float = BEAT_S) -> None:
        self._workspace = workspace
        self._beat_s = beat_s
        self._journal = workspace.journal
        self._seq = self._journal.next_seq - 1
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the iteration, from any thread."""
        self._stopped.set()
        self._journal.wake()

    def __iter__(self) -> Iterator[Entry | None]:
        """Entries as they come; None when for a while there was none."""
        while not self._stopped.is_set():
            fresh = self._journal.after(self._seq)
            if fresh:
                self._seq = fresh[-1].seq
                yield from fresh
            elif not self._journal.closed:
                if not self._journal.wait_until(self._woken, self._beat_s) and not self._journal.closed:
                    yield None
            elif self._workspace.journal is self._journal:
                return  # closed and not replaced: the workspace itself is gone
            else:
                self._journal, self._seq = self._workspace.journal, 0

    def _woken(self) -> bool:
        return self._stopped.is_set() or self._journal.next_seq - 1 > self._seq
