"""Requests made of the gap of many subscriptions at once: planning is one statement for a range of them."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Integer,
    String,
    Subquery,
    bindparam,
    case,
    false,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)

from engine.domain.gap import Part
from engine.domain.request import Priority, RequestState
from engine.store import schema
from engine.store.gaps.parts import parts
from engine.store.gaps.question import NOW, Question, Span
from engine.store.requests import take_numbers

REQUESTS = schema.requests.c
JSON_OBJECT: Mapping[str, Callable[..., ColumnElement[Any]]] = {
    "sqlite": func.json_object,
    "postgresql": func.json_build_object,
}
LAST_KEY = select(func.max(schema.subscriptions.c.id))
LOCK = (
    select(schema.subscriptions.c.id)
    .where(schema.subscriptions.c.id.between(bindparam("first"), bindparam("last")))
    .order_by(schema.subscriptions.c.id)
    .with_for_update(read=True, key_share=True)
)
# What a range of keys holds is guessed wrong where tables have grown since they were last looked over: it would be read
# as often as it has rows. Here each join is of two whole ranges.
BY_RANGES = text("SET LOCAL enable_nestloop = off")


MADE = (
    select(REQUESTS.type, func.count())
    .where(REQUESTS.provider == bindparam("of"), REQUESTS.number > bindparam("before"))
    .group_by(REQUESTS.type)
)


class Call(NamedTuple):
    """A request type that a part of the gap calls for: the names of its parameters, and what its requests agree on."""

    part: Part
    type: str
    on: str
    parameter: str
    detail: str = ""


Calls = tuple[Call, ...]


def last_key(connection: Connection) -> int:
    """The key of the newest subscription; 0 where there is none."""
    return int(connection.execute(LAST_KEY).scalar() or 0)


def lock(connection: Connection, keys: range) -> None:
    """Keep other engines from planning for these subscriptions, or changing them, until the transaction ends.

    It is the lock that each new request takes on its subscription, taken before that of the provider's numbers: as
    whoever plans for one subscription does. On SQLite the transaction does that already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK, {"first": keys.start, "last": keys.stop - 1}).close()
        connection.execute(BY_RANGES)


def needed(asked: Question, calls: Calls) -> Subquery:
    """What the gap calls for: each thing with the place of its call among these, and its turn among all."""
    found = parts(asked)
    things = [found[call.part].add_columns(literal(which).label("call")) for which, call in enumerate(calls)]
    each = union_all(*things).subquery()
    order = [each.c[name] for name in ("subscription_id", "call", "place", "ca_id")]
    return select(each, func.row_number().over(order_by=order).label("turn")).subquery()


def parameters(call: Call, rows: Subquery, dialect: str) -> ColumnElement[Any]:
    """The parameters of a request."""
    names = {call.on: rows.c.place, call.parameter: rows.c.ca_id, "distributor": rows.c.distributor}
    return JSON_OBJECT[dialect](*(part for name, value in names.items() for part in (literal(name), value)))


@lru_cache(maxsize=32)
def planned(asked: Question, calls: Calls, dialect: str) -> Insert:
    """The statement that writes the requests. It takes longer to build than to carry out for a few subscriptions."""
    rows = needed(asked, calls)

    def by_call(values: Iterable[Any]) -> ColumnElement[Any]:
        return case(dict(enumerate(values)), value=rows.c.call)

    made = {
        **{name: rows.c[name] for name in ("subscription_id", "place", "ca_id", "distributor")},
        "number": bindparam("before", type_=Integer) + rows.c.turn,
        "sequence_number": rows.c.turn,
        "type": by_call(call.type for call in calls),
        "detail": by_call(call.detail for call in calls),
        "parameters_set": by_call(parameters(call, rows, dialect) for call in calls),
        "provider": literal(asked.provider),
        "process_name": bindparam("called", type_=String),
        "process_id": bindparam("process", type_=Integer),
        "created_date": NOW,
        "priority": literal(Priority.REGULAR.value),
        "process_immediately": false(),
        "life_cycle_state": literal(RequestState.PENDING.value),
    }
    in_turn = select(*made.values()).order_by(rows.c.turn)
    return insert(schema.requests).from_select(list(made), in_turn)


def plan(
    connection: Connection, asked: Question, span: Span, calls: Calls, *, process_name: str, process_id: int
) -> dict[str, int]:
    """Write the requests that the gap calls for, PENDING: of each subscription in the order of the calls.

    Gives how many, by type. Their numbers follow each other, whoever else makes some for the provider at this moment.
    """
    lock(connection, span.keys)
    before = take_numbers(connection, asked.provider, 0).stop - 1
    said = {"before": before, "called": process_name, "process": process_id, **span.said}
    connection.execute(planned(asked, calls, connection.dialect.name), said)
    made = connection.execute(MADE, {"of": asked.provider, "before": before})
    counts = {row[0]: int(row[1]) for row in made}
    take_numbers(connection, asked.provider, sum(counts.values()))
    return counts
