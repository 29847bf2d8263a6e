"""Eight clients, 5,000 overlapping calls each, on few accounts: how many are answered wrongly, and how fast it goes.

At each platform. An answer is wrong when it isn't the one that the journal's order leads to: the journal is replayed,
one call at a time, on a fresh simulator, and every answer and the final memory must be equal. Run again with
`.venv/bin/python benchmarks/simulators_concurrency.py [calls per client]`.
"""

import http.client
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from random import Random
from time import perf_counter
from typing import Any

from wires import WIRES, Wire

from simulators.kit.platform import Request
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Surroundings

CLIENTS = 8
BEGIN = datetime.now(tz=UTC)
Exchanges = Counter[tuple[str, str]]


def crowd(wire: Wire, port: int, calls: int) -> tuple[Exchanges, float]:
    """Have all clients call at once; every call with its answer, counted, and the seconds it took."""
    start, got, lock = threading.Barrier(CLIENTS + 1), Exchanges(), threading.Lock()

    def client(number: int) -> None:
        random = Random(number)  # noqa: S311 - to be repeated, not to be secret
        bodies = [wire.overlapping(random, number, call) for call in range(calls)]
        connection, mine = http.client.HTTPConnection("127.0.0.1", port), Exchanges()
        start.wait()
        for body in bodies:
            connection.request("POST", wire.path, wire.signed(body), dict(wire.headers))
            mine[body.decode(), connection.getresponse().read().decode()] += 1
        connection.close()
        with lock:
            got.update(mine)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = perf_counter()
    for thread in threads:
        thread.join()
    return got, perf_counter() - begun


def replay(wire: Wire, crowded: Simulator[Any], replayed: Simulator[Any]) -> tuple[Exchanges, float]:
    """What the journal's calls are answered with, one after the other, and the seconds it took."""
    expected, begun = Exchanges(), perf_counter()
    for entry in crowded.workspace().journal.find():
        body = wire.unsigned(entry.request)
        request = Request(
            "POST",
            wire.path,
            wire.signed(body.encode()),
            content_type=wire.headers["Content-Type"],
            authorization=wire.headers.get("Authorization", ""),
        )
        reply = replayed.answer(request).reply
        expected[body, reply.body.decode() if reply else ""] += 1
    return expected, perf_counter() - begun


def measure(name: str, wire: Wire, calls: int) -> bool:
    """Run the crowd, replay its journal, and print what came of it: whether all was as it must be."""
    crowded, replayed = (
        Simulator(wire.make(), Surroundings(journal_entries=CLIENTS * calls)) for _ in ("crowd", "replay")
    )
    for simulator in (crowded, replayed):  # what is remembered with its moment must be equal too
        simulator.workspace().clock.freeze(BEGIN)
    with Server(crowded.wsgi, simulator=crowded) as server:
        got, seconds = crowd(wire, server.port, calls)
    expected, serial_s = replay(wire, crowded, replayed)
    wrong = sum(((got - expected) + (expected - got)).values())
    same = crowded.workspace().memory() == replayed.workspace().memory()
    total = sum(got.values())
    print(f"{name:10}{total:8}{wrong:8}{same!s:>10}{total / seconds:10.0f}{total / serial_s:10.0f}")
    return same and not wrong


def main() -> None:
    """Measure each platform, and print one line for each."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    print(f"{'':10}{'calls':>8}{'wrong':>8}{'as replay':>10}{'crowd /s':>10}{'replay /s':>10}")
    fine = [measure(name, wire, calls) for name, wire in WIRES.items()]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
