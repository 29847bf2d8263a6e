"""The Web API on a socket: cheroot, one process, a bounded number of threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cheroot.wsgi import Server
from flask import Flask

from engine.domain.errors import InvalidError

THREADS = 16
STOP_WITHIN_S = 10
LOOK_ROUND_EVERY_S = 0.1  # how long cheroot takes to notice that it is to stop


@contextmanager
def bound(app: Flask, host: str, port: int) -> Iterator[Server]:
    """A server that has its port, and answers nobody before it serves. Raises InvalidError if the port can't be had."""
    server = Server((host, port), app, numthreads=THREADS, shutdown_timeout=STOP_WITHIN_S)
    server.expiration_interval = LOOK_ROUND_EVERY_S
    try:
        server.prepare()
    except OSError as error:
        raise InvalidError(f"Port {port} can't be had: {error}.", field="port") from error
    try:
        yield server
    finally:
        server.stop()


def serve(server: Server, *, ready: Callable[[str], None], stop: threading.Event) -> None:
    """Serve until `stop` is set, then finish the calls in hand. `ready` is called with the URL."""
    host, port = server.bind_addr
    thread = threading.Thread(target=server.serve, name="engine-api")
    thread.start()
    try:
        ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        stop.wait()
    finally:
        server.stop()
        thread.join()
