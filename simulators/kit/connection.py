"""One connection: requests off the line, through the app, and the answers back, as whole or as broken as they leave."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable

import h11

from simulators.kit.breakage import deliver
from simulators.kit.delivery import Delivery
from simulators.kit.environ import environ_of
from simulators.kit.gateway import plain_reply
from simulators.kit.line import GoneError, Line
from simulators.kit.site import Site

_log = logging.getLogger(__name__)


class Connection:
    """A thread that serves one socket until either side has had enough."""

    def __init__(self, accepted: socket.socket, peer: str, site: Site, ended: Callable[["Connection"], None]) -> None:
        self._line = Line(accepted)
        self._peer = peer
        self._site = site
        self._ended = ended
        self._thread = threading.Thread(target=self._run, name=f"port-{site.port}-connection", daemon=True)

    def start(self) -> None:
        """Serve, in a thread of its own."""
        self._thread.start()

    def drop(self) -> None:
        """Hang up, whatever is going on."""
        self._line.drop()

    def finish(self) -> None:
        """Hang up when the answer that is being given is out."""
        self._line.finish()

    def join(self, seconds: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            while self._serves_one():
                pass
        except GoneError:
            pass  # nobody is left to tell
        finally:
            self._line.close()
            self._ended(self)

    def _serves_one(self) -> bool:
        """Serve one request; False when it was the last."""
        try:
            request = self._line.next_request()
            if request is None:
                return False
            self._answer(request)
            return self._line.ready_for_next()
        except h11.RemoteProtocolError as error:
            self._answer_error(error.error_status_hint, f"this is not HTTP: {error}")
        except GoneError:
            raise
        except Exception:  # noqa: BLE001 - an app's surprise: told to the caller and the log, and this connection ends
            _log.exception("the app on port %s failed", self._site.port)
            self._answer_error(500, "the simulator failed; its log says why")
        return False

    def _answer(self, request: h11.Request) -> None:
        head: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            head[:] = [(int(status.split(" ", 1)[0]), headers)]

        result = self._site.wsgi(environ_of(request, self._line, self._site, self._peer), start_response)
        if isinstance(result, Delivery):
            deliver(self._line, result)
        else:
            self._stream(result, head)

    def _stream(self, body: Iterable[bytes], head: list[tuple[int, list[tuple[str, str]]]]) -> None:
        begun = False
        try:
            for part in body:
                if not begun:
                    self._line.send_head(*head[0])
                    begun = True
                self._line.send_body(part)
            if not begun:
                self._line.send_head(*head[0])
            self._line.send_end()
        finally:
            close = getattr(body, "close", None)
            if close:
                close()

    def _answer_error(self, status: int, sentence: str) -> None:
        if self._line.answerable:
            self._line.answer(plain_reply(status, sentence, ("Connection", "close")))
            self._line.linger()
