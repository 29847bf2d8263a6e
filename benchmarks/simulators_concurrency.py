"""Eight clients, 5,000 overlapping calls each, on few accounts: how many are answered wrongly, and how fast it goes.

An answer is wrong when it isn't the one that the journal's order leads to: the journal is replayed, one call at a time,
on a fresh simulator, and every answer and the final memory must be equal. Run again with
`.venv/bin/python benchmarks/simulators_concurrency.py [calls per client]`.
"""

import http.client
import sys
import threading
from collections import Counter
from random import Random
from time import perf_counter

from simulators.kit.credentials import basic
from simulators.kit.platform import Request
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Surroundings
from simulators.tucano.app import tucano
from simulators.tucano.state import State

CLIENTS, ACCOUNTS = 8, 3
OPTIONS = ("OPT_A", "OPT_B", "OPT_C")
AUTHORIZATION = basic("headend", "headend")
HEADERS = {"Authorization": AUTHORIZATION, "Content-Type": "text/xml"}


def command(random: Random, client: int, number: int) -> bytes:
    """One of five commands on one of a few accounts; every eighth under a reference that others use too."""
    reference = f"shared-{random.randrange(100)}" if number % 8 == 0 else f"{client}-{number}"
    account = f'<account id="T10000{random.randint(1, ACCOUNTS)}"/>'
    chosen = "".join(f'<option id="{option}"/>' for option in sorted(random.sample(OPTIONS, 2)))
    material = f'<material id="STB-{random.randrange(4)}"/>'
    name, inner = random.choice(
        (
            ("CREATE_ACCOUNT", f'<subscriber number="S{random.randint(1, ACCOUNTS)}"/>'),
            ("ADD_MATERIAL", account + material),
            ("REMOVE_MATERIAL", account + material),
            ("ACTIVATE_OPTIONS", f"{account}<options>{chosen}</options>"),
            ("SUSPEND_OPTIONS", f"{account}<options>{chosen}</options>"),
        )
    )
    return f'<command name="{name}" reference="{reference}">{inner}</command>'.encode()


def crowd(port: int, calls: int) -> tuple[Counter[tuple[str, str]], float]:
    """Have all clients call at once; every body with its answer, counted, and the seconds it took."""
    start, got, lock = threading.Barrier(CLIENTS + 1), Counter[tuple[str, str]](), threading.Lock()

    def client(number: int) -> None:
        random = Random(number)  # noqa: S311 - to be repeated, not to be secret
        bodies = [command(random, number, call) for call in range(calls)]
        connection, mine = http.client.HTTPConnection("127.0.0.1", port), Counter[tuple[str, str]]()
        start.wait()
        for body in bodies:
            connection.request("POST", "/tucano", body, HEADERS)
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


def simulator(calls: int) -> Simulator[State]:
    """A simulator whose journal holds every call."""
    return Simulator(tucano(options=OPTIONS), Surroundings(journal_entries=CLIENTS * calls))


def main() -> None:
    """Run the crowd, replay its journal, and print what came of it."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    crowded, replayed = simulator(calls), simulator(calls)
    with Server(crowded.wsgi, simulator=crowded) as server:
        got, seconds = crowd(server.port, calls)
    expected = Counter[tuple[str, str]]()
    begun = perf_counter()
    for entry in crowded.workspace().journal.find():
        request = Request(
            "POST", "/tucano", entry.request.encode(), content_type="text/xml", authorization=AUTHORIZATION
        )
        reply = replayed.answer(request).reply
        expected[entry.request, reply.body.decode() if reply else ""] += 1
    serial_s = perf_counter() - begun
    wrong = sum(((got - expected) + (expected - got)).values())
    same = crowded.workspace().memory() == replayed.workspace().memory()
    print(f"calls                    {sum(got.values()):8}")
    print(f"answered wrongly         {wrong:8}")
    print(f"memory as replayed       {same!s:>8}")
    print(f"calls a second, crowd    {sum(got.values()) / seconds:8.0f}")
    print(f"calls a second, replay   {sum(got.values()) / serial_s:8.0f}")
    sys.exit(1 if wrong or not same else 0)


if __name__ == "__main__":
    main()
