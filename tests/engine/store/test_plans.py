"""What an action asks the database of requests is found by an index: its cost does not grow with what there is."""

from datetime import UTC, datetime

import pytest

from engine.domain.gap import Part
from engine.domain.request import Priority
from engine.domain.rights import Kind
from engine.store import communication, out_of_sync, planning, processing, requests, schema
from engine.store.gaps.question import Question, Span

NOON, WAITING = datetime(2030, 6, 15, 12, tzinfo=UTC), ("requests_pending",)
OF_SUBSCRIPTION = ("requests_of_subscription", "requests_pending")  # either is small, also for no subscription


@pytest.fixture
def plan(engine, statements):
    """How SQLite finds what a question asks for."""

    def of(ask):
        database = engine.context.database
        with statements(database) as said, database.reading() as connection:
            ask(connection)
        (statement,) = said
        with database.reading() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
            return "\n".join(row[3] for row in rows)

    return of


@pytest.mark.sqlite("about how it looks for things")
@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (lambda connection: requests.pending_of(connection, 1, "tv"), OF_SUBSCRIPTION),
        (lambda connection: requests.pending_of_many(connection, [1, 2]), OF_SUBSCRIPTION),
        (requests.pending_by_provider, ("requests_pending",)),
        (requests.waiting, ("requests_pending",)),
        (lambda connection: requests.of_process(connection, 1, "RESET"), ("requests_of_process",)),
        (lambda connection: requests.begun(connection, 1, "tv"), OF_SUBSCRIPTION),
        (lambda connection: requests.to_send(connection, 1, "tv"), OF_SUBSCRIPTION),
        (lambda connection: requests.to_send(connection, None, "tv", NOON), OF_SUBSCRIPTION),
        (lambda connection: requests.begun(connection, None, "tv"), OF_SUBSCRIPTION),
        (lambda connection: processing.page(connection, NOON, ["tv"], Priority.REGULAR, after=0, limit=9), WAITING),
        (lambda connection: communication.page(connection, "CRM", after=0, limit=9), ("communication_pending",)),
        (lambda connection: communication.count_to_send(connection, "CRM", after=0), ("communication_pending",)),
    ],
    ids=[
        *(
            "of one",
            "of many",
            "of all",
            "waiting",
            "of an action",
            "begun",
            "to send",
            "for all",
            "begun for all",
            "due",
        ),
        *("entries", "how many entries"),
    ],
)
def test_requests_are_found_by_an_index(ask, indexes, plan):
    found = plan(ask)
    assert any(f"INDEX {index}" in found for index in indexes), found


@pytest.mark.sqlite("about how it looks for things")
def test_a_range_of_subscriptions_is_planned_without_a_look_at_any_other(engine, statements):
    database, calls = engine.context.database, tuple(planning.Call(part, "ADD", "card", "thing") for part in Part)
    kinds = ((Kind.SERVICE, ("ADD",)), (Kind.PAIR, ("PAIR",)))
    asked, span = Question("tv", ("MAIN",), ("CARD",), ("STB",), gives=kinds), Span(range(1, 9), NOON, NOON)
    with statements(database) as said, database.transaction() as connection:
        planning.plan(connection, asked, span, calls, process_name="PROCESS", process_id=1)
    (statement,) = [one for one in said if "INSERT" in one]
    with database.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
        ways = [row[3] for row in rows]
    of_range = "(subscription_id>? AND subscription_id<?"
    tables = ("items", "service_distributors", "held", "requests")
    assert not [way for way in ways for table in schema.metadata.tables if way.startswith(f"SCAN {table}")]
    assert {table for table in tables if any(way.startswith(f"SEARCH {table}") for way in ways)} == set(tables)
    assert all(of_range in way for way in ways if way.startswith(("SEARCH held", "SEARCH requests")))


@pytest.mark.sqlite("about how it looks for things")
@pytest.mark.parametrize(
    "keeping",
    [
        {"on_accounts": True, "account_ends": True, "windows": True},
        {"registers": True, "windows": True},
        {},
    ],
    ids=["on accounts", "on registered devices", "on devices"],
)
def test_who_is_out_of_sync_in_a_range_is_found_without_a_look_at_any_other(keeping, engine, statements):
    database, span = engine.context.database, Span(range(1, 9), NOON)
    asked = Question("tv", ("MAIN", "TWIN1"), ("CARD",), ("STB",), changing=("ADD",), **keeping)
    with statements(database) as said, database.reading() as connection:
        out_of_sync.keys(connection, asked, span)
    (statement,) = said
    with database.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
        ways = [row[3] for row in rows]
    assert not [way for way in ways for table in schema.metadata.tables if way.startswith(f"SCAN {table}")]
    of_a_subscription = [way for way in ways if way.startswith(("SEARCH held", "SEARCH items", "SEARCH services"))]
    assert of_a_subscription
    by_key = ("(subscription_id", "(serial_number=?", "(provider=? AND place=?", "(provider=? AND ca_id=?")
    assert all(any(key in way for key in by_key) for way in of_a_subscription), of_a_subscription
