"""The Web API on a socket: cheroot, one process, a bounded number of threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cheroot.wsgi import Server
from flask import Flask

from engine.api.site import Gate
from engine.domain.errors import InvalidError

LAST_WORDS_WITHIN_S = 1  # for answers that are being written when all calls have ended, or when time is up
LOOK_ROUND_EVERY_S = 0.1  # how long cheroot takes to notice that it is to stop


@contextmanager
def bound(app: Flask, host: str, port: int, threads: int) -> Iterator[Server]:
    """A server that has its port, and answers nobody before it serves. Raises InvalidError if the port can't be had."""
    server = Server((host, port), app, numthreads=threads, shutdown_timeout=LAST_WORDS_WITHIN_S)
    server.expiration_interval = LOOK_ROUND_EVERY_S
    try:
        server.prepare()
    except OSError as error:
        raise InvalidError(f"Port {port} can't be had: {error}.", field="port") from error
    try:
        yield server
    finally:
        server.stop()


def serve(
    server: Server,
    gate: Gate,
    *,
    ready: Callable[[str], None],
    stop: threading.Event,
    within_s: float,
    late: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop` is set; then take no more calls, and finish those in hand. `ready` is called with the URL.

    Until they are finished the port is kept, so that whoever asks is told. `late` is called where that takes too long.
    """
    host, port = server.bind_addr[:2]
    thread = threading.Thread(target=server.serve, name="engine-api")
    thread.start()
    try:
        ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        stop.wait()
        if not gate.close(within_s):
            late()
    finally:
        server.stop()
        thread.join()
