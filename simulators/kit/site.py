"""What all connections of a port have in common."""

from simulators.kit.callbacks import Callback, Callbacks
from simulators.kit.gateway import WSGI


class Site:
    """The port's address and app, the workspace it is bound to, and whether it is closing."""

    def __init__(self, wsgi: WSGI, host: str, workspace: str) -> None:
        self.wsgi = wsgi
        self.host = host
        self.port = 0
        self.workspace = workspace
        self.stopping = False
        self._on_stop = Callbacks()

    def on_stop(self, tell: Callback) -> Callback:
        """Have `tell` called when the port closes, at once if it has; gives back what ends that."""
        end = self._on_stop.add(tell)
        if self.stopping:
            tell()
        return end

    def stop(self) -> None:
        """Say that the port closes."""
        self.stopping = True
        self._on_stop.call()
