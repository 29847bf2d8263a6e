"""What a file's answer changes of all its requests at once is what it would change of each by itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from engine.domain import belief
from engine.domain.file import FileState, Period, RequestFile
from engine.domain.request import Priority, RequestState, gives, takes
from engine.domain.rights import Kind
from engine.store import answers, beliefs, communication, ends, schema, settling

NOON = datetime(2030, 6, 15, 12, tzinfo=UTC)
JUNE = Period(datetime(2030, 6, 15, 11, 30, tzinfo=UTC), datetime(2030, 7, 15, 23, 59, tzinfo=UTC))
JULY = Period(datetime(2030, 7, 1, 11, 30, tzinfo=UTC), datetime(2030, 8, 1, 23, 59, tzinfo=UTC))
ADD, CANCEL = gives(Kind.SERVICE, "service", "smartcard"), takes(Kind.SERVICE, "service", "smartcard")
PAIR = gives(Kind.PAIR, "stb", "smartcard", alone=True)
SERVICES, PAIRS = ("ADD", "CANCEL"), ("PAIR",)
ACCEPTED = {"state": FileState.ACCEPTED, "answered_date": NOON}
COMPLETED = {
    "life_cycle_state": RequestState.COMPLETED,
    "executed_date": NOON,
    "reference_number": "000001",
    "request": "ps000001.emm",
    "response": "ok",
    "error_code": "",
    "error_description": "",
}
BAD = COMPLETED | {
    "life_cycle_state": RequestState.REJECTED,
    "error_code": "ERR_CARDNUM",
    "error_description": "line 11 of ps000001.emm",
}


SCANS = tuple(f"SCAN {table}" for table in ("requests", "younger", "held", "communication_queue"))


class Desk:
    """Subscriptions, files and requests as rows, and what becomes of them."""

    def __init__(self, connection):
        self.connection = connection
        self._number = 0

    def subscriptions(self, count):
        common = {"state": "ACTIVE", "type": "", "customer_number": "", "subscriber": {}, "created_date": NOON}
        rows = [{"id": key, "number": f"S{key}", **common} for key in range(1, count + 1)]
        self.connection.execute(insert(schema.subscriptions), rows)

    def file(self, number, request_type, about, period=JUNE, entry=None):
        """A file that was sent, with a request for each (subscription, place, ca_id)."""
        made = RequestFile(
            number, "tv", number, f"ps{number:06d}", request_type, "", "", Priority.REGULAR, len(about),
            FileState.SENT, NOON, period,
        )  # fmt: skip
        row = {
            "id": number, "provider": "tv", "number": number, "name": made.name, "type": request_type, "ca_id": "",
            "detail": "", "priority": "REGULAR", "records": len(about), "state": "SENT", "begun": True,
            "errors_from": 0, "made_date": NOON, "sent_date": NOON,
        }  # fmt: skip
        self.connection.execute(insert(schema.files), row)
        self.connection.execute(insert(schema.requests), [self._request(made, entry, *one) for one in about])
        return made

    def _request(self, file, entry, key, place, ca_id):
        self._number += 1
        return {
            "number": self._number, "type": file.type, "sequence_number": 1, "subscription_id": key, "provider": "tv",
            "parameters_set": {"smartcard": place, "service": ca_id, "stb": ca_id, "distributor": "MAIN"},
            "process_name": "PROCESS", "process_id": 1, "created_date": NOON, "priority": "REGULAR",
            "process_immediately": False, "life_cycle_state": "PENDING", "place": place, "ca_id": ca_id,
            "distributor": "MAIN", "detail": "", "file_id": file.id, "communication_entry": entry,
        }  # fmt: skip

    def accept(self, file, effect, types):
        assert answers.take(self.connection, file, effect, types, **ACCEPTED)
        answers.hold(self.connection, file, effect, types)
        return ends.finish(self.connection, file, COMPLETED)

    def held(self, key=1):
        return beliefs.load(self.connection, key, "tv")

    def states(self, *columns):
        query = select(*(schema.requests.c[name] for name in columns)).order_by(schema.requests.c.id)
        return [tuple(row) for row in self.connection.execute(query)]


@pytest.fixture
def desk(engine):
    with engine.context.database.transaction() as connection:
        yield Desk(connection)


def each_by_itself(held, effect, about, period, key=1):
    """What the domain makes of the same, request by request."""
    for owner, place, ca_id in about:
        if owner == key:
            dates = {"start": period.start.isoformat(), "end": period.end.isoformat()}
            said = {"smartcard": place, "service": ca_id, "stb": ca_id, "distributor": "MAIN", **dates}
            held = belief.completed(held, effect, said)
    return set(held)


def test_what_all_requests_of_a_file_give_and_take_is_what_each_would(desk):
    desk.subscriptions(2)
    first = [(1, "C1", "P1"), (1, "C1", "P2"), (1, "C2", "P1"), (2, "C3", "P1")]
    desk.accept(desk.file(1, "ADD", first), ADD, SERVICES)
    given = each_by_itself([], ADD, first, JUNE)
    assert set(desk.held()) == given
    again, less = [(1, "C1", "P1")], [(1, "C2", "P1"), (1, "C9", "P1")]
    desk.accept(desk.file(2, "ADD", again, JULY), ADD, SERVICES)
    renewed = each_by_itself(given, ADD, again, JULY)
    assert set(desk.held()) == renewed != given
    desk.accept(desk.file(3, "CANCEL", less, JULY), CANCEL, SERVICES)
    assert set(desk.held()) == each_by_itself(renewed, CANCEL, less, JULY) != renewed
    assert {right.cancel_end for right in desk.held() if not right.authorised} == {JULY.end}
    assert [right.place for right in desk.held(2)] == ["C3"]


def test_what_is_asked_for_twice_in_a_file_is_held_once(desk):
    desk.subscriptions(1)
    twice = [(1, "C1", "P1"), (1, "C1", "P1")]
    assert desk.accept(desk.file(1, "ADD", twice), ADD, SERVICES) == 2
    assert len(desk.held()) == 1


def test_a_pair_ends_all_others_of_both_devices_of_whatever_subscription(desk):
    desk.subscriptions(3)
    for number, one in enumerate([(1, "C1", "B1"), (2, "C2", "B2"), (3, "C3", "B3")], start=1):
        desk.accept(desk.file(number, "PAIR", [one], None), PAIR, PAIRS)
    desk.accept(desk.file(4, "PAIR", [(2, "C1", "B2")], None), PAIR, PAIRS)
    pairs = {key: [(right.place, right.ca_id) for right in desk.held(key)] for key in (1, 2, 3)}
    assert pairs == {1: [], 2: [("C1", "B2")], 3: [("C3", "B3")]}


def test_a_late_answer_does_not_undo_what_a_younger_file_has_done(desk):
    desk.subscriptions(1)
    late = desk.file(1, "ADD", [(1, "C1", "P1"), (1, "C2", "P1")])
    desk.accept(desk.file(2, "CANCEL", [(1, "C1", "P1")], JULY), CANCEL, SERVICES)
    assert desk.accept(late, ADD, SERVICES) == 2
    assert {(right.place, right.authorised) for right in desk.held()} == {("C1", False), ("C2", True)}


def test_a_late_pair_does_not_undo_a_younger_one_of_either_device(desk):
    desk.subscriptions(1)
    late = desk.file(1, "PAIR", [(1, "C1", "B1")], None)
    desk.accept(desk.file(2, "PAIR", [(1, "C1", "B2")], None), PAIR, PAIRS)
    desk.accept(late, PAIR, PAIRS)
    assert [(right.place, right.ca_id) for right in desk.held()] == [("C1", "B2")]


def test_a_request_that_went_into_a_second_file_is_as_young_as_that(desk):
    desk.subscriptions(1)
    desk.accept(desk.file(2, "CANCEL", [(1, "C1", "P1")], JULY), CANCEL, SERVICES)
    again = desk.file(3, "ADD", [(1, "C1", "P1")])
    desk.connection.execute(update(schema.requests).where(schema.requests.c.file_id == again.id).values(number=0))
    desk.accept(again, ADD, SERVICES)
    assert [right.authorised for right in desk.held()] == [True]


def test_one_record_is_rejected_and_the_others_go_into_another_file(desk):
    desk.subscriptions(3)
    file = desk.file(1, "ADD", [(3, "C3", "P1"), (1, "C1", "P1"), (2, "C2", "P1")])
    assert ends.finish(desk.connection, file, BAD, record=1) == 1  # in the order of places
    assert ends.rejected(desk.connection, file) == [("S2", "C2", "P1")]
    assert ends.release(desk.connection, file) == 2
    assert desk.states("place", "life_cycle_state", "file_id", "attempts") == [
        ("C3", "PENDING", None, 1),
        ("C1", "PENDING", None, 1),
        ("C2", "REJECTED", 1, 1),
    ]


def test_who_comes_second_to_a_file_finds_that_it_has_ended(desk):
    desk.subscriptions(1)
    file = desk.file(1, "ADD", [(1, "C1", "P1")])
    assert answers.take(desk.connection, file, ADD, SERVICES, **ACCEPTED)
    assert not answers.take(desk.connection, file, ADD, SERVICES, **ACCEPTED)


def test_an_entry_ends_with_the_last_of_its_requests_and_is_rejected_if_any_is(desk):
    desk.subscriptions(2)
    entries = [communication.add(desk.connection, key, "Hello", "CRM", NOON) for key in (1, 2)]
    first = desk.file(1, "MAIL", [(1, "C1", "")], None, entries[0])
    second = desk.file(2, "MAIL", [(1, "C2", "")], None, entries[0])
    other = desk.file(3, "MAIL", [(2, "C3", "")], None, entries[1])

    def settled(file, values):
        ends.finish(desk.connection, file, values)
        settling.settle(desk.connection, file, NOON)
        found = communication.find(desk.connection, {}, limit=9)
        return [(one.state, one.reason) for one in found]

    assert settled(first, BAD) == [("PENDING", ""), ("PENDING", "")]
    assert settled(other, COMPLETED) == [("PENDING", ""), ("COMPLETED", "")]
    rejected = ("REJECTED", "ERR_CARDNUM: line 11 of ps000001.emm")
    assert settled(second, COMPLETED) == [rejected, ("COMPLETED", "")]


def test_what_was_asked_for_is_kept_by_place(desk):
    desk.subscriptions(2)
    file = desk.file(1, "QUERY", [(1, "C1", ""), (2, "C2", "")], None)
    ends.answer(desk.connection, file, {"C2": {"STATUS": {"P1": "2030-07-15"}}})
    assert desk.states("place", "answer") == [("C1", None), ("C2", {"STATUS": {"P1": "2030-07-15"}})]


def test_the_end_of_a_file_costs_the_same_statements_however_many_requests_it_has(engine, statements):
    database = engine.context.database
    with statements(database) as said, database.transaction() as connection:
        desk = Desk(connection)
        desk.subscriptions(30)

        def cost(number, effect, types, about):
            file = desk.file(number, types[0], about, JUNE if effect is not PAIR else None)
            said.clear()
            assert desk.accept(file, effect, types) == len(about)
            settling.settle(connection, file, NOON)
            return list(said)

        for effect, types in ((ADD, SERVICES), (PAIR, PAIRS)):
            few = cost(len(types), effect, types, [(1, "C1", "P1")])
            assert cost(len(types) + 2, effect, types, [(key, f"C{key}", f"P{key}") for key in range(1, 31)]) == few


@pytest.mark.sqlite("about how it looks for things")
@pytest.mark.parametrize(("effect", "types"), [(ADD, SERVICES), (CANCEL, SERVICES), (PAIR, PAIRS)])
def test_the_end_of_a_file_looks_at_no_requests_and_holdings_of_others(engine, statements, effect, types):
    database = engine.context.database
    with statements(database) as said, database.transaction() as connection:
        desk = Desk(connection)
        desk.subscriptions(1)
        file = desk.file(1, types[0], [(1, "C1", "P1")], JUNE if effect is not PAIR else None)
        said.clear()
        desk.accept(file, effect, types)
        settling.settle(connection, file, NOON)
        asked = list(said)
        ways = [row[3] for one in asked for row in explained(connection, one)]
    assert any(way.startswith("SEARCH requests") for way in ways)
    assert not [way for way in ways if way.startswith(SCANS)]


def explained(connection, statement):
    """How SQLite finds what a statement is about."""
    return connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?"))
