"""A busy night at Conax: a million subscriptions, a card and a service each, of which the platform holds nothing.

An engine that is a process of its own plans for all of them, and puts the files at a simulator that is one too: seconds
of planning (up to the log's line about it) and of the whole run, the engine's peak memory, and how often as long the
run takes as a bare loop, in which the same bytes are written and put there with ftplib. On SQLite and on PostgreSQL. A
second run, in which all requests await their answers, shows what it costs to look where nothing lacks.
Run again with `.venv/bin/python benchmarks/conax_files.py`, or with another number of subscriptions behind it.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ftplib import FTP
from io import BytesIO
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from processes import TOKEN, engine, memory_mb, running
from sqlalchemy import JSON, BigInteger, String, Table, cast, func, insert, literal, select, text

from engine.adapters.conax import CONAX
from engine.domain.file import FileState, Period, RequestFile
from engine.domain.provider import Provider
from engine.domain.request import Priority
from engine.ports import Record
from engine.store import schema
from engine.store.database import Database
from harness import platforms
from harness.clients import EngineClient
from harness.postgresql import PostgreSQL

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
RECORDS, FIRST_CARD, STRIDE = 20_000, 10_000_000_000, 7_919  # cards stand in another order than subscriptions
PRODUCT, DISTRIBUTOR, CA_ID = "GEOLOGICAL", "CONAX_MAIN", "10001001"
OWNER = {"first_name": "Ada", "last_name": "Lovelace", "email": "", "phone": "", "language": "en", "address": {}}
PROCESS = {"definition_identifier": {"alternative_code": "PROCESS_REQUESTS"}}


@contextmanager
def simulator() -> Iterator[tuple[str, int]]:
    """A platform that keeps files until it is told to look at them; gives its host and port."""
    known = platforms.settings("conax")
    os.environ["PASSWORD"] = known["password"]
    who = ("--user", known["user"], "--password-env", "PASSWORD", "--home", known["home"])
    with running("simulators", "conax", *who, "--processing", "when-told", "--port", "0") as (_process, line):
        host, port = json.loads(line)["platforms"]["conax"].removeprefix("ftp://").split(":")
        yield host, int(port)


def populate(database: str) -> None:
    """Put the subscriptions into a database, table by table."""
    opened = Database(database)
    numbers = select(literal(1).label("key")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.key + 1).where(numbers.c.key < SIZE))
    key = numbers.c.key
    card = cast(literal(FIRST_CARD, BigInteger) + cast(key, BigInteger) * STRIDE % 99_999_989, String)
    of = {"subscription_id": key}
    placed = of | {"distributor": literal(DISTRIBUTOR)}
    effective = {"state": literal("EFFECTIVE")}
    device = {"product": literal("SMARTCARD"), "ca_ids": literal({}, JSON)}
    rows: dict[Table, dict[str, Any]] = {
        schema.subscriptions: {"id": key, "number": literal("M") + cast(key, String)}
        | {"subscriber": literal(OWNER, JSON)}
        | effective,
        schema.services: of | {"number": literal(1), "product": literal(PRODUCT)} | effective,
        schema.service_distributors: placed | {"number": literal(1)},
        schema.items: of | {"serial_number": card} | device | effective,
        schema.item_distributors: placed | {"serial_number": card},
    }
    with opened.transaction(durable=False) as connection:
        for table, row in rows.items():
            connection.execute(insert(table).from_select(list(row), select(*row.values())))
        if opened.shared:
            newest = select(func.max(schema.subscriptions.c.id)).scalar_subquery()
            connection.execute(select(func.setval("subscriptions_id_seq", newest)))
    if opened.shared:
        with opened.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    opened.close()


def bare(site: tuple[str, int]) -> float:
    """Seconds of a bare loop."""
    known, start = platforms.settings("conax"), perf_counter()
    with FTP() as line:  # noqa: S321 (that is what the platform speaks)
        line.connect(*site)
        line.login(known["user"], known["password"])
        for number, first in enumerate(range(0, SIZE, RECORDS), start=900_001):
            cards = [
                Record(str(FIRST_CARD + one * STRIDE % 99_999_989), CA_ID) for one in range(first, first + RECORDS)
            ]
            line.storbinary(f"STOR {known['home']}/autreq/req/ps{number}.tmp", BytesIO(b"".join(packed(number, cards))))
            path = f"{known['home']}/autreq/req/ps{number}"
            line.rename(f"{path}.tmp", f"{path}.emm")
    return perf_counter() - start


def packed(number: int, cards: list[Record]) -> Iterator[bytes]:
    """A file of the engine's."""
    now = datetime.now(UTC)
    kind = "ADD_SUBSCRIPTIONS", CA_ID, "", Priority.REGULAR
    file = RequestFile(1, "conax", number, f"ps{number}", *kind, len(cards), FileState.MADE, now, Period(now, now))
    return CONAX.files.pack(Provider("conax", "Conax", "conax"), file, cards)


def run(client: EngineClient) -> tuple[float, float, int]:
    """Seconds of a processing run, those until it has planned, and how many requests it has sent."""
    start, began = perf_counter(), datetime.now(UTC)
    now = client.change("/definitions/submit", PROCESS)
    while now["state"] == "IN_PROGRESS":
        now = client.look("/runs/show", id=now["id"], within_s=60)
    took = perf_counter() - start
    assert now["state"] == "COMPLETED", now
    log = client.look("/runs/log", id=now["id"])["results"]
    planned = [datetime.fromisoformat(line["at"]) for line in log if "planned" in line["message"]]
    return took, (planned[0] - began).total_seconds() if planned else 0.0, now["counts"]["requests"]


def measure(name: str, database: str) -> None:
    """One kind of database, printed."""
    with simulator() as site:
        end_point = "ftp://{}:{}".format(*site)
        with engine(database, "conax", end_point):
            pass
        populate(database)
        before = bare(site)
        with engine(database, "conax", end_point) as (process, url):
            client = EngineClient(url, TOKEN)
            for which in ("all lack it", "nothing lacks"):
                took, planning, sent = run(client)
                peak, loop = memory_mb(process, "VmHWM"), (before + bare(site)) / 2
                print(f"{name:12}{which:14}{sent:9}{planning:10.1f}{took:8.1f}{loop:8.2f}{took / loop:8.1f}{peak:9}")


def main() -> None:
    """Measure, and print."""
    print(f"{'':26}{'requests':>9}{'planning':>10}{'run s':>8}{'bare s':>8}{'/ bare':>8}{'peak MB':>9}")
    with TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/engine.sqlite")
    server = PostgreSQL()
    try:
        measure("PostgreSQL", server.url)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
