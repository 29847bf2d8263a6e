"""The Web API on a socket: cheroot, one process, a bounded number of threads."""

import threading
from collections.abc import Callable

from cheroot.wsgi import Server
from flask import Flask

from engine.domain.errors import InvalidError

THREADS = 16
STOP_WITHIN_S = 10
LOOK_ROUND_EVERY_S = 0.1  # how long cheroot takes to notice that it is to stop


def serve(app: Flask, host: str, port: int, *, ready: Callable[[str], None], stop: threading.Event) -> None:
    """Serve until `stop` is set, then finish the calls in hand. `ready` is called with the URL. Raises InvalidError."""
    server = Server((host, port), app, numthreads=THREADS, shutdown_timeout=STOP_WITHIN_S)
    server.expiration_interval = LOOK_ROUND_EVERY_S
    try:
        server.prepare()
    except OSError as error:
        raise InvalidError(f"Port {port} can't be had: {error}.", field="port") from error
    thread = threading.Thread(target=server.serve, name="engine-api")
    thread.start()
    try:
        ready(f"http://{host}:{server.bind_addr[1]}")
        stop.wait()
    finally:
        server.stop()
        thread.join()
