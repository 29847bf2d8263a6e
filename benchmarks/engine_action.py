"""What the engine itself takes for one action, beside the time that its requests spend on the wire.

An upgrade of a flexible bundle (two requests) on a SQLite file, against a Tucano simulator in the same process: the
transport's time is taken off. Beside it, in the same run: a bare Flask call, and a bare durable write of one row by the
`sqlite3` module, of which an action with two requests needs three. Run again with
`.venv/bin/python benchmarks/engine_action.py`.
"""

import sqlite3
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import flask
from werkzeug.test import EnvironBuilder

from engine.bootstrap import Engine
from engine.domain.provider import Timeouts
from engine.ports import Failure, Message, Reply, Transport
from engine.transports.http import HttpTransport
from harness import operator_files, platforms
from harness.lab.lines import ADDRESS, InProcess
from simulators.kit.simulator import Simulator

ROUNDS = 100
PERSON = {"first_name": "Ada", "last_name": "Lovelace"}
BUNDLES = (
    ("Flexible Bundle A", ["Geological", "Entertain"]),
    ("Flexible Bundle B", ["Geological", "Religion"]),
)


class Stopwatch:
    """A transport that takes down how long the one inside takes."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.seconds = 0.0

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """Send, and take the time."""
        start = perf_counter()
        try:
            return self._inner.send(message, timeouts)
        finally:
            self.seconds += perf_counter() - start

    def close(self) -> None:
        """Let go of what is open."""
        self._inner.close()


def actions(database: Path) -> tuple[list[float], list[float]]:
    """Seconds of the engine, and of the wire, for each of many upgrades of fresh subscriptions."""
    simulator = Simulator(platforms.platform("tucano"))
    engine = Engine(f"sqlite:///{database}")
    engine.configure(operator_files.FOLDER)
    engine.point("tucano", end_point=f"{ADDRESS}/tucano")
    watch = Stopwatch(HttpTransport(InProcess(simulator).bind("default")))
    engine.context.transport = watch
    own, wire = [], []
    for _ in range(ROUNDS):
        number = subscribed(engine)
        watch.seconds, start = 0.0, perf_counter()
        name, components = BUNDLES[1]
        done = engine.act("SWAP_SERVICE", number, service=BUNDLES[0][0], product=name, components=components)
        whole = perf_counter() - start
        assert [one.life_cycle_state for one in done.requests] == ["COMPLETED", "COMPLETED"]
        own.append(whole - watch.seconds)
        wire.append(watch.seconds)
    engine.close()
    return own, wire


def subscribed(engine: Engine) -> str:
    """A fresh subscription to bundle A."""
    name, components = BUNDLES[0]
    service = {"product": name, "components": components, "distributors": ["TUCANO_MAIN"]}
    return engine.act("BECOME_SUBSCRIBER", subscriber=PERSON, services=[service]).subscription


def durable_writes(database: Path) -> list[float]:
    """Seconds of one row written durably, each in a transaction."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)")
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        connection.execute("INSERT INTO t VALUES (1)")
        times.append(perf_counter() - start)
    connection.close()
    return times


def flask_calls() -> list[float]:
    """Seconds of the smallest Flask call, in process."""
    app = flask.Flask("bare")
    app.add_url_rule("/", "bare", lambda: "ok")
    environ = EnvironBuilder("/").get_environ()
    times = []
    for _ in range(ROUNDS * 5):
        start = perf_counter()
        list(app.wsgi_app(dict(environ), lambda *_: None))
        times.append(perf_counter() - start)
    return times


def main() -> None:
    """Measure everything once, and print it."""
    with TemporaryDirectory() as folder:
        bare = durable_writes(Path(folder) / "bare.sqlite")
        own, wire = actions(Path(folder) / "engine.sqlite")
    calls = statistics.median(flask_calls())
    print(f"{'':32}{'median ms':>10}{'p99 ms':>8}{'/ Flask':>9}")
    for name, times in (("bare durable write", bare), ("engine, an upgrade", own), ("wire, its two requests", wire)):
        middle, worst = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"{name:32}{middle * 1000:10.2f}{worst * 1000:8.2f}{middle / calls:9.1f}")
    print(f"{'bare Flask call':32}{calls * 1000:10.2f}")


if __name__ == "__main__":
    main()
