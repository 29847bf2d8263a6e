"""What all connections of a port have in common."""

import threading
from collections.abc import Callable

from simulators.kit.gateway import WSGI


class Site:
    """The port's address and app, the workspace it is bound to, and whether it is closing."""

    def __init__(self, wsgi: WSGI, host: str, workspace: str) -> None:
        self.wsgi = wsgi
        self.host = host
        self.port = 0
        self.workspace = workspace
        self.stopping = False
        self._lock = threading.Lock()
        self._on_stop: list[Callable[[], None]] = []

    def on_stop(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called when the port closes, at once if it has; gives back what ends that."""
        with self._lock:
            self._on_stop.append(tell)
            stopping = self.stopping
        if stopping:
            tell()

        def end() -> None:
            with self._lock:
                self._on_stop.remove(tell)

        return end

    def stop(self) -> None:
        """Say that the port closes."""
        with self._lock:
            self.stopping = True
            told = list(self._on_stop)
        for tell in told:
            tell()
