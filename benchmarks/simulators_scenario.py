"""How long one test's traffic takes at each platform: a fresh workspace, five stateful calls, an exact verification.

Three ways: without sockets through `requests`, on a socket of the same process, on a socket of another process. Beside
them, in the same run, what the machine can do: a bare Flask call and a bare round trip over loopback. Compare the
ratios; the times drift with the machine. Run again with `.venv/bin/python benchmarks/simulators_scenario.py`.
"""

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable
from time import perf_counter

import flask
import requests
from werkzeug.test import EnvironBuilder
from wires import WIRES, Wire

from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.verify import Step

ROUNDS = 300


def median_ms(once: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of a call, in milliseconds, after some calls that don't count."""
    for _ in range(rounds // 10):
        once()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        once()
        times.append(perf_counter() - start)
    return statistics.median(times) * 1000


def bare_flask() -> float:
    """One call of the smallest Flask app, in process."""
    app = flask.Flask("bare")
    app.add_url_rule("/", "bare", lambda: "ok")
    environ = EnvironBuilder("/").get_environ()
    return median_ms(lambda: list(app.wsgi_app(dict(environ), lambda *_: str)))


def bare_round_trip() -> float:
    """A few bytes to a thread behind a loopback socket, and back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def echo() -> None:
            accepted, _ = listener.accept()
            with accepted:
                while data := accepted.recv(4096):
                    accepted.sendall(data)

        thread = threading.Thread(target=echo)
        thread.start()
        with socket.create_connection(listener.getsockname()) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def once() -> None:
                line.sendall(bytes(200))
                line.recv(4096)

            measured = median_ms(once)
        thread.join()
    return measured


def bodies(wire: Wire) -> list[bytes]:
    """What is sent, signed; a token is good for minutes, and is not what is measured."""
    return [wire.signed(body) for _, body in wire.scenario]


def expected(wire: Wire) -> list[Step]:
    """What must have been received."""
    return [{"operation": operation} for operation, _ in wire.scenario]


def in_process(wire: Wire, *, prepared: bool) -> float:
    """Through `requests` and the mounted adapter; with `prepared`, as a client that prepares its requests once."""
    simulator, url = Simulator(wire.make()), f"http://platform{wire.path}"
    workspace, sent = simulator.workspace(), bodies(wire)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://platform", SimulatorAdapter(simulator))
        posts = (requests.Request("POST", url, headers=dict(wire.headers), data=body) for body in sent)
        ready = [session.prepare_request(post) for post in posts]

        def once() -> None:
            workspace.reset()
            for request, body in zip(ready, sent, strict=True):
                if prepared:
                    session.send(request)
                else:
                    session.post(url, headers=dict(wire.headers), data=body)
            assert workspace.verify("exact", expected(wire)).passed

        return median_ms(once)


def on_sockets(wire: Wire) -> float:
    """One keep-alive connection to a server in this process."""
    simulator = Simulator(wire.make())
    workspace, sent = simulator.workspace(), bodies(wire)
    with Server(simulator.wsgi, simulator=simulator) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)

        def once() -> None:
            workspace.reset()
            _post_all(connection, wire, sent)
            assert workspace.verify("exact", expected(wire)).passed

        measured = median_ms(once)
        connection.close()
    return measured


def another_process(name: str, wire: Wire) -> float:
    """One keep-alive connection to a simulator process; reset and verification over its control port."""
    sent, command = bodies(wire), [sys.executable, "-m", "simulators", name, *wire.options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        platform = _connection(ready["platforms"][name])
        control = _connection(ready["control"])
        question = json.dumps({"mode": "exact", "sequence": expected(wire)})

        def once() -> None:
            _answer(control, "POST", "/reset")
            _post_all(platform, wire, sent)
            answer = _answer(control, "POST", "/requests/verify", question, {"Content-Type": "application/json"})
            assert json.loads(answer)["passed"]

        measured = median_ms(once)
        platform.close()
        control.close()
        process.terminate()
    return measured


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(url.removeprefix("http://").partition("/")[0])


def _post_all(connection: http.client.HTTPConnection, wire: Wire, sent: list[bytes]) -> None:
    for body in sent:
        _answer(connection, "POST", wire.path, body, dict(wire.headers))


def _answer(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    connection.request(method, path, body, headers or {})
    return connection.getresponse().read()


def main() -> None:
    """Measure everything once, and print it."""
    flask_ms, loop_ms = bare_flask(), bare_round_trip()
    print(f"{'median of ' + str(ROUNDS):50}{'ms':>8}{'/ Flask':>9}{'/ loop':>9}")

    def say(what: str, ms: float) -> None:
        print(f"{what:50}{ms:8.2f}{ms / flask_ms:9.1f}{ms / loop_ms:9.1f}")

    say("bare Flask call", flask_ms)
    say("bare loopback round trip", loop_ms)
    for name, wire in WIRES.items():
        say(f"{name}: scenario, requests, no sockets", in_process(wire, prepared=False))
        say(f"{name}: scenario, prepared requests, no sockets", in_process(wire, prepared=True))
        say(f"{name}: scenario, socket, same process", on_sockets(wire))
        say(f"{name}: scenario, socket, another process", another_process(name, wire))


if __name__ == "__main__":
    main()
