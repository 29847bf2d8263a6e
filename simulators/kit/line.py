"""One line to a caller: a socket with HTTP on it, and all the ways to keep it waiting or to break it."""

import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import h11

from simulators.kit.gateway import PHRASES, headers_of
from simulators.kit.platform import Reply

HEAD_LIMIT = 32 << 10
READ_BYTES = 64 << 10
REQUEST_S = 60.0  # for a request to come whole, from the end of the one before
SWALLOW_BYTES = 64 << 10
LINGER_BYTES = 4 << 20
LINGER_S = 2.0
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class GoneError(Exception):
    """The caller is no longer there, or too slow to wait for."""


class Line:
    """Reads requests and sends answers. `drop` and `finish` may be called from any thread, the rest not."""

    def __init__(self, accepted: socket.socket) -> None:
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = accepted
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)
        self._dropped = threading.Event()
        self._deadline = 0.0
        self._bodiless = False

    @property
    def dropped(self) -> bool:
        """Whether it was ended from this side."""
        return self._dropped.is_set()

    @property
    def answerable(self) -> bool:
        """Whether an answer may still begin."""
        return self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}

    def next_request(self) -> h11.Request | None:
        """The head of the next request; None when the caller has hung up."""
        self._deadline = monotonic() + REQUEST_S
        event = self._event()
        if not isinstance(event, h11.Request):
            return None
        self._bodiless = event.method == b"HEAD"
        return event

    def read_body(self) -> bytes:
        """The next part of the request's body; nothing at its end."""
        event = self._event() if self._http.their_state is h11.SEND_BODY else None
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    def answer(self, reply: Reply) -> None:
        """Send a whole answer."""
        self._send(_head(reply.status, headers_of(reply)), self._data(reply.body), h11.EndOfMessage())

    def send_head(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Begin an answer."""
        self._send(_head(status, headers))

    def send_body(self, data: bytes) -> None:
        """Send a part of an answer's body."""
        self._send(self._data(data))

    def send_end(self) -> None:
        """End an answer."""
        self._send(h11.EndOfMessage())

    def ready_for_next(self) -> bool:
        """Whether another request may come on this line. A body nobody read is swallowed; one that is long ends it."""
        swallowed = 0
        while self._http.their_state is h11.SEND_BODY:
            if swallowed > SWALLOW_BYTES or self._http.they_are_waiting_for_100_continue:
                self.linger()
                return False
            swallowed += len(self.read_body())
        if (self._http.our_state, self._http.their_state) != (h11.DONE, h11.DONE):
            return False
        self._http.start_next_cycle()
        return True

    def linger(self) -> None:
        """Read what the caller still sends, within bounds: a socket closed on unread bytes takes the answer along."""
        deadline, left = monotonic() + LINGER_S, LINGER_BYTES
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            while left > 0 and (seconds := deadline - monotonic()) > 0:
                self._socket.settimeout(seconds)
                read = len(self._socket.recv(READ_BYTES))
                left = left - read if read else 0

    def wait(self, seconds: float) -> bool:
        """Keep the caller waiting; False as soon as they hang up, or the line is dropped."""
        deadline = monotonic() + seconds
        with selectors.DefaultSelector() as selector, _gone():
            selector.register(self._socket, selectors.EVENT_READ)
            if selector.select(seconds) and not self._socket.recv(1, socket.MSG_PEEK):
                return False
        return not self._dropped.wait(max(0.0, deadline - monotonic()))

    def hold(self) -> None:
        """Say nothing until the caller hangs up or the line is dropped."""
        with _gone():
            self._socket.settimeout(None)
            while self._socket.recv(READ_BYTES):
                pass

    def drop(self) -> None:
        """End the line from any thread: whoever reads from it or writes to it finds it closed."""
        self._dropped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        """End the line from any thread once its answer is out: nothing more is read from it."""
        self._dropped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RD)

    def reset(self) -> None:
        """Hang up with a reset."""
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._socket.close()

    def close(self) -> None:
        """Hang up; twice does no harm."""
        self._socket.close()

    def _event(self) -> Any:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            with _gone():
                self._socket.settimeout(max(0.001, self._deadline - monotonic()))
                received = self._socket.recv(READ_BYTES)
            self._http.receive_data(received)
        return event

    def _data(self, data: bytes) -> h11.Data:
        return h11.Data(data=b"" if self._bodiless else data)

    def _send(self, *events: Any) -> None:
        data = b"".join(self._http.send(event) or b"" for event in events)
        with _gone():
            self._socket.settimeout(REQUEST_S)
            self._socket.sendall(data)


def _head(status: int, headers: list[tuple[str, str]]) -> h11.Response:
    return h11.Response(status_code=status, reason=PHRASES.get(status, ""), headers=headers)


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GoneError(str(error)) from error
