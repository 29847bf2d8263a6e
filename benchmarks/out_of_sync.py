"""Who is out of sync, of a million subscriptions of which one in a hundred is: seconds to count and to list them.

At Tucano each has two services and a box on an account, at Irdeto a service on a box that is paired with a card. Beside
it, how often as long that takes as a count that was written by hand for just these: no windows, no dates, no device
with an id of its own. "list" is all of them by pages of 1,000; "page" the first 10. On SQLite and on PostgreSQL.
Run again with `.venv/bin/python benchmarks/out_of_sync.py`, or with another number of subscriptions behind it.
"""

import resource
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import CTE, JSON, Table, cast, insert, literal, select, text, true
from sqlalchemy import String as Text

from engine.bootstrap import Engine
from engine.service.question import question
from engine.store import out_of_sync, schema
from harness import operator_files
from harness.postgresql import PostgreSQL

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
EVERY, TIMES = 100, 3
OWNER = {"first_name": "Ada", "last_name": "Lovelace", "email": "", "phone": "", "language": "en", "address": {}}
SERVICES = {"tucano": (("GEOLOGICAL", "OPT_GEOLOGICAL"), ("SPORT", "OPT_SPORT")), "irdeto": (("SPORT", "CA_SPORT"),)}
DEVICES = {"tucano": (("STB", "B-"),), "irdeto": (("STB", "B-"), ("SMARTCARD", "C-"))}
Rows = Iterator[tuple[Table, dict[str, Any], bool]]

WATCHED = """
    services s JOIN service_distributors d ON d.subscription_id = s.subscription_id AND d.number = s.number
    JOIN provider_services p ON p.provider = '{provider}' AND p.product = s.product
"""
ON = "s.state IN ('EFFECTIVE', 'SHORT_TERM_EFFECTIVE') AND d.distributor LIKE '{place}%'"
BARE = {
    "tucano": """
SELECT s.subscription_id FROM {watched}
    LEFT JOIN held h ON h.subscription_id = s.subscription_id AND h.provider = 'tucano' AND h.kind = 'service'
        AND h.ca_id = p.ca_id AND h.place = '' AND h.authorised AND NOT h.in_doubt
    WHERE {on} AND h.subscription_id IS NULL
UNION SELECT i.subscription_id FROM items i JOIN item_distributors d
        ON d.subscription_id = i.subscription_id AND d.serial_number = i.serial_number
    LEFT JOIN held h ON h.subscription_id = i.subscription_id AND h.provider = 'tucano' AND h.kind = 'item'
        AND h.ca_id = i.serial_number AND h.place = '' AND h.authorised AND NOT h.in_doubt
    WHERE i.state = 'EFFECTIVE' AND d.distributor LIKE '{place}%' AND h.subscription_id IS NULL
UNION SELECT s.subscription_id FROM services s
    LEFT JOIN held h ON h.subscription_id = s.subscription_id AND h.provider = 'tucano' AND h.kind = 'account'
    WHERE h.subscription_id IS NULL
UNION SELECT h.subscription_id FROM held h WHERE h.provider = 'tucano' AND h.kind = 'service' AND NOT EXISTS (
    SELECT 1 FROM {watched} WHERE {on} AND s.subscription_id = h.subscription_id AND p.ca_id = h.ca_id)
UNION SELECT h.subscription_id FROM held h WHERE h.provider = 'tucano' AND h.kind = 'item' AND NOT EXISTS (
    SELECT 1 FROM items i WHERE i.serial_number = h.ca_id AND i.subscription_id = h.subscription_id)
UNION SELECT subscription_id FROM requests WHERE provider = 'tucano' AND life_cycle_state = 'PENDING'
""",
    "irdeto": """
SELECT i.subscription_id FROM items i JOIN item_distributors e
        ON e.subscription_id = i.subscription_id AND e.serial_number = i.serial_number
    JOIN service_distributors d ON d.subscription_id = i.subscription_id AND d.distributor = e.distributor
    JOIN services s ON s.subscription_id = d.subscription_id AND s.number = d.number
    JOIN provider_services p ON p.provider = 'irdeto' AND p.product = s.product
    LEFT JOIN held h ON h.subscription_id = s.subscription_id AND h.provider = 'irdeto' AND h.kind = 'service'
        AND h.ca_id = p.ca_id AND h.place = i.serial_number AND h.authorised AND NOT h.in_doubt
    WHERE {on} AND i.product = 'STB' AND i.state = 'EFFECTIVE' AND h.subscription_id IS NULL
UNION SELECT i.subscription_id FROM items i JOIN item_distributors e
        ON e.subscription_id = i.subscription_id AND e.serial_number = i.serial_number
    LEFT JOIN held h ON h.subscription_id = i.subscription_id AND h.provider = 'irdeto' AND h.kind = 'item'
        AND h.ca_id = i.serial_number AND h.place = e.distributor AND h.authorised AND NOT h.in_doubt
    WHERE i.product = 'STB' AND i.state = 'EFFECTIVE' AND h.subscription_id IS NULL
UNION SELECT i.subscription_id FROM items i
    JOIN items o ON o.subscription_id = i.subscription_id AND o.product = 'SMARTCARD'
    LEFT JOIN held h ON h.subscription_id = i.subscription_id AND h.provider = 'irdeto' AND h.kind = 'pair'
        AND h.place = i.serial_number AND h.ca_id = o.serial_number AND h.authorised AND NOT h.in_doubt
    WHERE i.product = 'STB' AND i.state = 'EFFECTIVE' AND h.subscription_id IS NULL
UNION SELECT h.subscription_id FROM held h WHERE h.provider = 'irdeto' AND h.kind = 'service' AND NOT EXISTS (
    SELECT 1 FROM {watched} WHERE {on} AND s.subscription_id = h.subscription_id AND p.ca_id = h.ca_id)
UNION SELECT h.subscription_id FROM held h WHERE h.provider = 'irdeto' AND h.kind = 'item' AND NOT EXISTS (
    SELECT 1 FROM items i WHERE i.serial_number = h.ca_id AND i.subscription_id = h.subscription_id)
UNION SELECT h.subscription_id FROM held h WHERE h.provider = 'irdeto' AND h.kind = 'pair' AND NOT EXISTS (
    SELECT 1 FROM items i JOIN items o ON o.subscription_id = i.subscription_id
    WHERE i.subscription_id = h.subscription_id AND i.serial_number = h.place AND o.serial_number = h.ca_id)
UNION SELECT subscription_id FROM requests WHERE provider = 'irdeto' AND life_cycle_state = 'PENDING'
""",
}


def rows(provider: str, numbers: CTE) -> Rows:
    """What each subscription has, and what is held of it; what is left out for one in a hundred comes last."""
    key, place = numbers.c.key, literal(f"{provider.upper()}_MAIN")
    of, effective, name = {"subscription_id": key}, {"state": literal("EFFECTIVE")}, cast(key, Text)
    yield (
        schema.subscriptions,
        {"id": key, "number": literal("M") + name, "subscriber": literal(OWNER, JSON)} | effective,
        False,
    )
    here = {"provider": literal(provider), "authorised": true(), "in_doubt": literal(value=False)} | of
    on_account, box, nowhere = provider == "tucano", literal("B-") + name, literal("")
    for product, prefix in DEVICES[provider]:
        serial = literal(prefix) + name
        device = {"serial_number": serial, "product": literal(product), "ca_ids": literal({}, JSON)}
        yield schema.items, of | device | effective, False
        yield schema.item_distributors, of | {"serial_number": serial, "distributor": place}, False
        kind, at = ("item", nowhere if on_account else place) if product == "STB" else ("pair", box)
        yield schema.held, here | {"kind": literal(kind), "ca_id": serial, "place": at}, False
    if on_account:
        account = {"kind": literal("account"), "ca_id": literal("T") + name, "place": nowhere}
        yield schema.held, here | account, False
    for number, (product, ca_id) in enumerate(SERVICES[provider], start=1):
        yield schema.services, of | {"number": literal(number), "product": literal(product)} | effective, False
        yield schema.service_distributors, of | {"number": literal(number), "distributor": place}, False
        held = {"kind": literal("service"), "ca_id": literal(ca_id), "place": nowhere if on_account else box}
        yield schema.held, here | held, number == len(SERVICES[provider])


def populate(engine: Engine, provider: str) -> None:
    """Put the subscriptions into a database, table by table."""
    numbers = select(literal(1).label("key")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.key + 1).where(numbers.c.key < SIZE))
    database = engine.context.database
    with database.transaction(durable=False) as connection:
        for table, row, is_last in rows(provider, numbers):
            chosen = select(*row.values()).where(numbers.c.key % EVERY != 0) if is_last else select(*row.values())
            connection.execute(insert(table).from_select(list(row), chosen))
    with database.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if database.shared else "ANALYZE"))


def seconds(do: Callable[[], int], right: int = SIZE // EVERY) -> float:
    """The least of several; all give the right number."""
    took = []
    for _ in range(TIMES):
        start = perf_counter()
        found = do()
        assert found == right, found
        took.append(perf_counter() - start)
    return min(took)


def measure(name: str, url: str, provider: str) -> None:
    """One provider on one kind of database, printed."""
    engine = Engine(url)
    engine.configure(operator_files.FOLDER)
    populate(engine, provider)
    configured, now = engine.context.provider(provider), engine.context.clock.now()
    asked = question(engine.context.adapter(configured), configured)
    words = {"provider": provider, "place": provider.upper()}
    said = {name: part.format(**words) for name, part in (("watched", WATCHED), ("on", ON))}
    whole = BARE[provider].format(**said, **words)
    query = text(f"SELECT count(*) FROM ({whole}) found")  # noqa: S608 (no value of anybody's)

    def listed() -> int:
        number, last = 0, 0
        with engine.context.database.reading() as connection:
            while page := out_of_sync.page(connection, asked, now, after=last, limit=1000):
                number, last = number + len(page), page[-1]
        return number

    def counted() -> int:
        with engine.context.database.reading() as connection:
            return out_of_sync.count(connection, asked, now)

    def first_page() -> int:
        with engine.context.database.reading() as connection:
            return len(out_of_sync.page(connection, asked, now, limit=10))

    def bare() -> int:
        with engine.context.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    found = [*map(seconds, (bare, counted, listed)), seconds(first_page, 10)]
    ratios = [one / found[0] for one in found[1:3]]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:12}{provider:8}" + "".join(f"{one:8.2f}" for one in (*found, *ratios)) + f"{peak:8}", flush=True)
    engine.close()


def main() -> None:
    """Measure, and print."""
    heads = ("bare s", "count s", "list s", "page s", "/ bare", "/ bare", "peak MB")
    print(" " * 20 + "".join(f"{one:>8}" for one in heads))
    for provider in SERVICES:
        with TemporaryDirectory() as folder:
            measure("SQLite", f"sqlite:///{folder}/engine.sqlite", provider)
        server = PostgreSQL()
        try:
            measure("PostgreSQL", server.url, provider)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
