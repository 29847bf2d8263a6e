"""Being told: callbacks that can be added, called and taken back from any thread."""

import threading
from collections.abc import Callable

Callback = Callable[[], None]
Watch = Callable[[Callback], Callback]
"""Adds a callback, and gives back what takes it away again."""


class Callbacks:
    """Callbacks in the order they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._added: list[Callback] = []

    def __bool__(self) -> bool:
        """Whether anybody wants to be told."""
        return bool(self._added)

    def add(self, callback: Callback) -> Callback:
        """Add a callback; gives back what takes it away."""
        with self._lock:
            self._added.append(callback)

        def end() -> None:
            with self._lock:
                self._added.remove(callback)

        return end

    def call(self) -> None:
        """Call them all, outside the lock."""
        with self._lock:
            told = list(self._added)
        for callback in told:
            callback()
