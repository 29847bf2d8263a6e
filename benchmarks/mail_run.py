"""The mail run: how fast a long communication queue is told, and how much memory that takes.

10,000 and then 100,000 entries, for 5,000 subscriptions with a box each, are told by an engine that is a process of its
own, to an Irdeto that is one too. Beside it, in the same run, a bare loop: one client sends the same bytes straight to
the same simulator with `requests`, before and after. On SQLite and on PostgreSQL. Run again with
`.venv/bin/python benchmarks/mail_run.py`, or with other numbers of entries behind it.
"""

import sys
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter

import requests
from processes import TOKEN, engine, memory_mb, simulator

from engine.adapters.irdeto import IRDETO
from engine.domain.provider import Provider
from engine.domain.rights import Held, Kind
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Subscriber, Subscription
from engine.store import beliefs, communication, subscriptions
from engine.store.database import Database
from harness import platforms
from harness.clients import EngineClient
from harness.postgresql import PostgreSQL

SIZES = tuple(map(int, sys.argv[1:])) or (10_000, 100_000)
BOXES, BARE, BATCH = 5_000, 2_000, 5_000
TEXT = "Your invoice is due at the end of the month."


def loop(end_point: str, request_type: str, calls: list[tuple[str, dict[str, str]]]) -> float:
    """Calls a second of one client that sends what the engine would send, and does nothing else."""
    known = platforms.settings("irdeto")
    connection = {"end_point": end_point, "user_name": known["user"], "password": known["password"]}
    provider = Provider("irdeto", "Irdeto", "irdeto", connection=connection)
    messages = [IRDETO.pack(provider, request_type, reference, parameters) for reference, parameters in calls]
    session = requests.Session()
    session.trust_env = False
    start = perf_counter()
    for one in messages:
        answer = session.post(one.url, data=one.body, headers=dict(one.headers), auth=one.credentials)
        assert answer.ok, answer.text
    return len(messages) / (perf_counter() - start)


def bare(end_point: str, mark: str) -> float:
    """Messages a second in a bare loop."""
    said = {"type": "MAIL", "text_mode": "ANSI", "text": TEXT}
    calls = [(f"{mark}-{number}", {"secure_client": f"BOX-{number}", **said}) for number in range(BARE)]
    return loop(end_point, "SEND_MESSAGE", calls)


def register(end_point: str) -> None:
    """Let the platform know all boxes."""
    calls = [
        (f"box-{index}", {"secure_client": f"BOX-{index}", "subscription": f"M{index}", "distributor": "IRDETO_MAIN"})
        for index in range(BOXES)
    ]
    loop(end_point, "REGISTER_SECURE_CLIENT", calls)


def load(database: str) -> None:
    """Put the subscriptions into a database, each with a box that the platform is believed to hold."""
    opened, now, owner = Database(database), datetime.now(UTC), Subscriber("Ada", "Lovelace", "ada@example.org")
    with opened.transaction(durable=False) as connection:
        for index in range(BOXES):
            one = Subscription(f"M{index}", owner, State.EFFECTIVE)
            one.items = [InstalledItem(f"BOX-{index}", "STB", ItemState.EFFECTIVE, {"IRDETO_MAIN"})]
            key = subscriptions.create(connection, one, now)
            beliefs.replace(connection, key, "irdeto", (), [Held(Kind.ITEM, f"BOX-{index}", place="IRDETO_MAIN")])
    opened.close()


def queue(database: str, size: int) -> None:
    """Put that many entries into the queue."""
    opened, now = Database(database), datetime.now(UTC)
    for first in range(0, size, BATCH):
        with opened.transaction(durable=False) as connection:
            for index in range(first, min(first + BATCH, size)):
                communication.add(connection, index % BOXES + 1, TEXT, "CRM", now)
    opened.close()


def run(client: EngineClient, size: int) -> float:
    """Entries a second of a mail run, from its beginning to its end."""
    start = perf_counter()
    now = client.change("/definitions/submit", {"definition_identifier": {"alternative_code": "MAIL"}})
    while now["state"] == "IN_PROGRESS":
        now = client.look("/runs/show", id=now["id"], within_s=60)
    took = perf_counter() - start
    assert (now["state"], now["counts"]["changed"]) == ("COMPLETED", size), now
    return size / took


def measure(name: str, database: str, end_point: str) -> None:
    """Every size on one kind of database, in a workspace of its own at Irdeto, printed; each with an engine anew."""
    end_point = end_point.replace("/irdeto", f"/w/{name.lower()}/irdeto")
    register(end_point)
    with engine(database, "irdeto", end_point):
        load(database)
    for size in SIZES:
        queue(database, size)
        before = bare(end_point, f"{name}-{size}-a")
        with engine(database, "irdeto", end_point) as (process, url):
            rate, peak = run(EngineClient(url, TOKEN), size), memory_mb(process, "VmHWM")
        loops = (before + bare(end_point, f"{name}-{size}-b")) / 2
        print(f"{name:12}{size:10}{rate:12.0f}{loops:12.0f}{rate / loops:8.2f}{peak:9}", flush=True)


def main() -> None:
    """Measure, and print."""
    with TemporaryDirectory() as folder, simulator("irdeto") as end_point:
        print(f"{'':12}{'entries':>10}{'entries/s':>12}{'bare/s':>12}{'/ bare':>8}{'peak MB':>9}")
        measure("SQLite", f"sqlite:///{folder}/engine.sqlite", end_point)
        server = PostgreSQL()
        try:
            measure("PostgreSQL", server.url, end_point)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
