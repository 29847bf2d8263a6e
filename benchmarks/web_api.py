"""The engine as a service: actions through the Web API, pages of many subscriptions, and memory.

Eight clients each add and remove a service, again and again, of a subscription of their own: one command to Tucano an
action. Beside it, in the same run, a bare loop: the same number of clients send such commands straight to the same
simulator with `requests`. Then 100,000 subscriptions are loaded, listed by the page, and the engine's memory is read.
All on SQLite and on PostgreSQL, each program a process of its own. Run again with
`.venv/bin/python benchmarks/web_api.py`.
"""

import re
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter

import requests
from processes import TOKEN, engine, memory_mb, simulator

from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription
from engine.store import subscriptions
from engine.store.database import Database
from harness import platforms
from harness.clients import EngineClient
from harness.postgresql import PostgreSQL

CLIENTS, ROUNDS, MANY, BATCH = 8, 50, 100_000, 5_000
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
PAGES = ((100, 0), (100, MANY // 2), (100, MANY - 100), (1000, 0))


def at_once(work: Callable[[int], list[float]]) -> tuple[float, list[float]]:
    """What clients do at the same time: calls a second, and the seconds that each call took."""
    start = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [one for each in pool.map(work, range(CLIENTS)) for one in each]
    return len(times) / (perf_counter() - start), times


def actions(url: str) -> tuple[float, list[float]]:
    """Actions through the Web API."""
    clients = [EngineClient(url, TOKEN) for _ in range(CLIENTS)]
    made = [client.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[service("Cinema")]) for client in clients]

    def work(index: int) -> list[float]:
        client, number, times = clients[index], made[index]["subscription"], []
        for round_ in range(ROUNDS * 2):
            action, details = (
                ("REMOVE_SERVICE", {"service": "SPORT"}) if round_ % 2 else ("ADD_SERVICE", service("Sport"))
            )
            start = perf_counter()
            done = client.act(action, number, **details)
            times.append(perf_counter() - start)
            assert [one["life_cycle_state"] for one in done["requests"]] == ["COMPLETED"]
        return times

    return at_once(work)


def service(product: str) -> dict[str, object]:
    """A service on Main."""
    return {"product": product, "distributors": ["TUCANO_MAIN"]}


def commands(end_point: str) -> tuple[float, list[float]]:
    """The same commands, sent bare."""
    known = platforms.settings("tucano")

    def send(session: requests.Session, index: str, command: str, content: str) -> str:
        body = f'<command name="{command}" reference="bare-{index}">{content}</command>'
        headers = {"Content-Type": "text/xml; charset=UTF-8"}
        answer = session.post(end_point, data=body.encode(), headers=headers, auth=(known["user"], known["password"]))
        assert "ACCEPTED" in answer.text, answer.text
        return answer.text

    def work(index: int) -> list[float]:
        session, times = requests.Session(), []
        session.trust_env = False
        made = send(session, f"{index}", "CREATE_ACCOUNT", f'<subscriber number="BARE-{index}" first_name="A"/>')
        account = re.search(r'account id="(\w+)"', made)
        assert account
        content = f'<account id="{account[1]}"/><options><option id="OPT_SPORT"/></options>'
        for round_ in range(ROUNDS * 2):
            start = perf_counter()
            send(session, f"{index}-{round_}", ("ACTIVATE_OPTIONS", "SUSPEND_OPTIONS")[round_ % 2], content)
            times.append(perf_counter() - start)
        return times

    return at_once(work)


def load(database: str) -> None:
    """Put many subscriptions into a database, each with a service and a device."""
    opened, now, owner = Database(database), datetime.now(UTC), Subscriber("Ada", "Lovelace", "ada@example.org")
    for first in range(0, MANY, BATCH):
        with opened.transaction(durable=False) as connection:
            for index in range(first, first + BATCH):
                one = Subscription(f"M{index}", owner, State.EFFECTIVE)
                one.services = [Service(1, "SPORT", State.EFFECTIVE, {"TUCANO_MAIN"})]
                one.items = [InstalledItem(f"MANY-{index}", "STB", ItemState.EFFECTIVE, {"TUCANO_MAIN"})]
                subscriptions.create(connection, one, now)
    opened.close()


def pages(url: str) -> list[float]:
    """Median seconds of each page."""
    client = EngineClient(url, TOKEN)

    def took(limit: int, offset: int) -> float:
        start = perf_counter()
        assert len(client.subscriptions(limit, offset)) == limit
        return perf_counter() - start

    return [statistics.median(took(*page) for _ in range(5)) for page in PAGES]


def measure(name: str, database: str, end_point: str, bare: float) -> None:
    """Everything on one kind of database, at a Tucano that knows nobody yet, printed."""
    end_point = end_point.replace("/tucano", f"/w/{name.lower()}/tucano")
    with engine(database, "tucano", end_point) as (process, url):
        rate, times = actions(url)
        before = memory_mb(process, "VmRSS")
    told = [f"{statistics.median(times) * 1000:.1f}", f"{statistics.quantiles(times, n=100)[98] * 1000:.1f}"]
    print(f"{name:12}{rate:10.0f}{told[0]:>9}{told[1]:>9}{rate / bare:12.2f}")
    load(database)
    with engine(database, "tucano", end_point) as (process, url):
        found = ", ".join(
            f"{limit} from {offset}: {took * 1000:.0f} ms"
            for (limit, offset), took in zip(PAGES, pages(url), strict=True)
        )
        print(f"{'':12}{MANY} subscriptions: {found}; engine {memory_mb(process, 'VmRSS')} MB, before {before} MB")


def main() -> None:
    """Measure, and print."""
    with TemporaryDirectory() as folder, simulator("tucano") as end_point:
        print(f"{'':12}{'calls/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'/ bare':>12}")
        bare, times = commands(end_point)
        p99 = statistics.quantiles(times, n=100)[98] * 1000
        print(f"{'bare loop':12}{bare:10.0f}{statistics.median(times) * 1000:9.1f}{p99:9.1f}{1:12.2f}")
        measure("SQLite", f"sqlite:///{folder}/engine.sqlite", end_point, bare)
        server = PostgreSQL()
        try:
            measure("PostgreSQL", server.url, end_point, bare)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
