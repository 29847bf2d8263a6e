"""How other threads have pyftpdlib's loop look around: a socket that it listens to besides the lines."""

import socket
from contextlib import suppress
from typing import Any


class Waker:
    """What the loop listens to besides the lines, so that other threads can have it look around."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._waker, self._wakened = socket.socketpair()
        self._wakened.settimeout(0)
        self._fileno = self._wakened.fileno()
        loop.register(self._fileno, self, loop.READ)

    def wake(self) -> None:
        """Wake the loop, from any thread."""
        with suppress(OSError):  # a server that has stopped needs no waking
            self._waker.send(b".")

    def readable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Never."""
        return False

    def handle_read_event(self) -> None:
        """Be awake."""
        with suppress(OSError):
            self._wakened.recv(4096)

    def handle_error(self) -> None:
        """There is none."""

    def close(self) -> None:
        """The loop closes what it listens to."""

    def end(self) -> None:
        """Give the sockets back."""
        self._waker.close()
        self._wakened.close()
