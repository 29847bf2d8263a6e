"""A port that can refuse connections and still be kept: nobody else gets it meanwhile."""

import socket

BACKLOG = 128


class Port:
    """A listening socket, or in its place one that is bound and doesn't listen: then the system refuses connections."""

    def __init__(self, host: str, port: int) -> None:
        """Take the port and listen. Raises OSError when it can't be had."""
        self._address = (host, port)
        self.socket = self._bound()
        self._address = self.socket.getsockname()[:2]
        self.listen()

    @property
    def number(self) -> int:
        """The port's number."""
        return self._address[1]

    def listen(self) -> None:
        """Take connections."""
        self.socket.listen(BACKLOG)
        self.listening = True

    def refuse(self) -> None:
        """Close the listening socket, and hold the port with one that refuses."""
        self.socket.close()
        self.listening = False
        self.socket = self._bound()

    def close(self) -> None:
        """Give the port back."""
        self.listening = False
        self.socket.close()

    def _bound(self) -> socket.socket:
        made = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(self._address)
        except OSError:
            made.close()
            raise
        return made
