"""How long one test's traffic takes: a fresh workspace, five stateful calls, an exact verification.

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

from simulators.kit.credentials import basic
from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.verify import Step
from simulators.tucano.app import tucano

ROUNDS = 300
ACCOUNT = '<account id="T100001"/>'
OPTIONS = '<options><option id="OPT_A"/><option id="OPT_B"/></options>'
# fmt: off
COMMANDS = (
    ("CREATE_ACCOUNT",   '<subscriber number="S1"/>'),
    ("ADD_MATERIAL",     f'{ACCOUNT}<material id="STB-1" type="STB"/>'),
    ("ACTIVATE_OPTIONS", ACCOUNT + OPTIONS),
    ("SUSPEND_OPTIONS",  f'{ACCOUNT}<options><option id="OPT_A"/></options>'),
    ("GET_ACCOUNT",      ACCOUNT),
)
# fmt: on
BODIES = [
    f'<command name="{name}" reference="{number}">{inner}</command>'.encode()
    for number, (name, inner) in enumerate(COMMANDS)
]
EXPECTED: list[Step] = [{"operation": name} for name, _ in COMMANDS]
HEADERS = {"Authorization": basic("headend", "headend"), "Content-Type": "text/xml; charset=UTF-8"}


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
                line.sendall(BODIES[0])
                line.recv(4096)

            measured = median_ms(once)
        thread.join()
    return measured


def in_process(*, prepared: bool) -> float:
    """Through `requests` and the mounted adapter; with `prepared`, as a client that prepares its requests once."""
    simulator = Simulator(tucano(options=["OPT_A", "OPT_B"]))
    workspace = simulator.workspace()
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://tucano", SimulatorAdapter(simulator))
        ready = [session.prepare_request(requests.Request("POST", URL, headers=HEADERS, data=body)) for body in BODIES]

        def once() -> None:
            workspace.reset()
            for request, body in zip(ready, BODIES, strict=True):
                if prepared:
                    session.send(request)
                else:
                    session.post(URL, headers=HEADERS, data=body)
            assert workspace.verify("exact", EXPECTED).passed

        return median_ms(once)


URL = "http://tucano/tucano"


def on_sockets() -> float:
    """One keep-alive connection to a server in this process."""
    simulator = Simulator(tucano(options=["OPT_A", "OPT_B"]))
    workspace = simulator.workspace()
    with Server(simulator.wsgi, simulator=simulator) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)

        def once() -> None:
            workspace.reset()
            _post_all(connection)
            assert workspace.verify("exact", EXPECTED).passed

        measured = median_ms(once)
        connection.close()
    return measured


def another_process() -> float:
    """One keep-alive connection to a simulator process; reset and verification over its control port."""
    command = [sys.executable, "-m", "simulators", "tucano", "--option", "OPT_A", "--option", "OPT_B"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        platform = _connection(ready["platforms"]["tucano"])
        control = _connection(ready["control"])
        question = json.dumps({"mode": "exact", "sequence": EXPECTED})

        def once() -> None:
            _answer(control, "POST", "/reset")
            _post_all(platform)
            answer = _answer(control, "POST", "/requests/verify", question, {"Content-Type": "application/json"})
            assert json.loads(answer)["passed"]

        measured = median_ms(once)
        platform.close()
        control.close()
        process.terminate()
    return measured


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(url.removeprefix("http://").partition("/")[0])


def _post_all(connection: http.client.HTTPConnection) -> None:
    for body in BODIES:
        _answer(connection, "POST", "/tucano", body, HEADERS)


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
    rows = (
        ("bare Flask call", flask_ms),
        ("bare loopback round trip", loop_ms),
        ("scenario, requests, no sockets", in_process(prepared=False)),
        ("scenario, prepared requests, no sockets", in_process(prepared=True)),
        ("scenario, socket, same process", on_sockets()),
        ("scenario, socket, another process", another_process()),
    )
    print(f"{'median of ' + str(ROUNDS):42}{'ms':>8}{'/ Flask':>9}{'/ loop':>9}")
    for name, ms in rows:
        print(f"{name:42}{ms:8.2f}{ms / flask_ms:9.1f}{ms / loop_ms:9.1f}")


if __name__ == "__main__":
    main()
