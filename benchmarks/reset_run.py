"""The reset run: how fast what is missing is sent to who is out of sync, and how much memory that takes.

Of so many subscriptions 10,000 are out of sync, each by two requests: an account, and a service on it. An engine that
is a process of its own repairs them at a Tucano that is one too, over eight connections. Beside it, in the same run, a
bare loop: as many threads send the same commands straight to the same simulator with `requests`, before and after. Then
what the preview of the first 1,000 takes. On SQLite and on PostgreSQL, and there by two engines together.
Run again with `.venv/bin/python benchmarks/reset_run.py`, or with other numbers of subscriptions behind it.
"""

import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import requests
from processes import TOKEN, engine, memory_mb, simulator
from sqlalchemy import CTE, JSON, Table, cast, insert, literal, select, text, true
from sqlalchemy import String as Text

from engine.adapters.tucano import TUCANO
from engine.domain.provider import Provider
from engine.store import schema
from engine.store.database import Database
from harness import platforms
from harness.clients import EngineClient
from harness.postgresql import PostgreSQL

SIZES = tuple(map(int, sys.argv[1:])) or (10_000, 100_000, 1_000_000)
OUT_OF_SYNC, AT_ONCE, BARE = 10_000, 8, 2_000
OWNER = {"first_name": "Ada", "last_name": "Lovelace", "email": "", "phone": "", "language": "en", "address": {}}
Rows = Iterator[tuple[Table, dict[str, Any], bool]]


def rows(numbers: CTE) -> Rows:
    """What each subscription has; and what is held of it, if it is in sync."""
    key, name = numbers.c.key, cast(numbers.c.key, Text)
    of, effective = {"subscription_id": key}, {"state": literal("EFFECTIVE")}
    yield (
        schema.subscriptions,
        {"id": key, "number": literal("M") + name, "subscriber": literal(OWNER, JSON)} | effective,
        False,
    )
    yield schema.services, of | {"number": literal(1), "product": literal("SPORT")} | effective, False
    yield schema.service_distributors, of | {"number": literal(1), "distributor": literal("TUCANO_MAIN")}, False
    here = {"provider": literal("tucano"), "place": literal(""), "authorised": true(), "in_doubt": literal(value=False)}
    for kind, ca_id in (("account", literal("T") + name), ("service", literal("OPT_SPORT"))):
        yield schema.held, of | here | {"kind": literal(kind), "ca_id": ca_id}, True


def populate(url: str, size: int) -> None:
    """Put the subscriptions into a database."""
    database = Database(url)
    numbers = select(literal(1).label("key")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.key + 1).where(numbers.c.key < size))
    with database.transaction(durable=False) as connection:
        for table, row, is_held in rows(numbers):
            chosen = select(*row.values())
            chosen = chosen.where(numbers.c.key % (size // OUT_OF_SYNC) != 0) if is_held else chosen
            connection.execute(insert(table).from_select(list(row), chosen))
    with database.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if database.shared else "ANALYZE"))
    database.close()


def bare(end_point: str, mark: str) -> float:
    """Requests a second of as many threads as the run has connections, which do nothing else."""
    known = platforms.settings("tucano")
    connection = {"end_point": end_point, "user_name": known["user"], "password": known["password"]}
    provider = Provider("tucano", "Tucano", "tucano", connection=connection)
    threads = [threading.Thread(target=loop, args=(provider, f"{mark}{place}")) for place in range(AT_ONCE)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return BARE / (perf_counter() - start)


def loop(provider: Provider, mark: str) -> None:
    """One of these threads."""
    session = requests.Session()
    session.trust_env = False
    for number in range(BARE // AT_ONCE // 2):
        subscriber = {**OWNER, "number": f"{mark}-{number}"}
        answer = call(session, provider, f"{mark}a{number}", "CREATE_ACCOUNT", {"subscriber": subscriber})
        found = re.search(r'account id="(\w+)"', answer)
        assert found, answer
        call(session, provider, f"{mark}b{number}", "ACTIVATE_OPTIONS", {"account": found[1], "options": ["OPT_SPORT"]})


def call(session: requests.Session, provider: Provider, reference: str, name: str, parameters: dict[str, Any]) -> str:
    """One command, and the answer."""
    one = TUCANO.calls.pack(provider, name, reference, parameters)
    answer = session.post(one.url, data=one.body, headers=dict(one.headers), auth=one.credentials)
    assert "ACCEPTED" in answer.text, answer.text
    return answer.text


def measure(name: str, url: str, size: int, engines: int = 1) -> None:
    """One run, printed."""
    with ExitStack() as stack:
        end_point = stack.enter_context(simulator("tucano"))
        started = [stack.enter_context(engine(url, "tucano", end_point, timetable=engines > 1)) for _ in range(engines)]
        populate(url, size)
        client = EngineClient(started[0][1], token=TOKEN)
        rates = [bare(end_point, "A")]
        start = perf_counter()
        found = client.look("/definitions/preview", alternative_code="RESET", number_of_results=1000)
        preview_s = perf_counter() - start
        assert found["total"] == OUT_OF_SYNC, found["total"]
        rate, over = repaired(client)
        rates.append(bare(end_point, "B"))
        peak = max(memory_mb(process, "VmHWM") for process, _address in started)
        told(name, size, [rate, sum(rates) / 2, 2 * rate / sum(rates), preview_s, peak, over["counts"]["examined"]])


def repaired(client: EngineClient) -> tuple[float, Any]:
    """Requests a second of a run, and the run."""
    start = perf_counter()
    run = client.change("/definitions/submit", {"definition_identifier": {"alternative_code": "RESET"}})
    while run["state"] == "IN_PROGRESS":
        run = client.look("/runs/show", id=run["id"], within_s=1)
    assert run["state"] == "COMPLETED", run
    assert run["counts"]["changed"] == OUT_OF_SYNC, run
    return run["counts"]["requests"] / (perf_counter() - start), run


def told(name: str, size: int, figures: Sequence[float]) -> None:
    """A line."""
    print(f"{name:24}{size:>10,}" + "".join(f"{one:>10.2f}" for one in figures), flush=True)


def main() -> None:
    """Measure, and print."""
    heads = ("run /s", "bare /s", "ratio", "preview s", "peak MB", "repaired")
    print(f"{'':24}{'of':>10}" + "".join(f"{one:>10}" for one in heads))
    for size in SIZES:
        with TemporaryDirectory() as folder:
            measure("SQLite", f"sqlite:///{folder}/engine.sqlite", size)
        for engines in (1, 2):
            server = PostgreSQL()
            try:
                measure(f"PostgreSQL, engines: {engines}", server.url, size, engines)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
