"""Planning for many subscriptions at once, where the platform takes files: the database sees the gap by itself.

What takes away is planned for all subscriptions before anything that gives is planned for one: a card may have left one
subscription for another, and its file must not go last.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from engine.domain.gap import Part
from engine.domain.provider import Provider
from engine.ports import Adapter, Row
from engine.service.context import Context
from engine.service.question import question
from engine.store import planning, since
from engine.store.gaps.question import Question, Span

PROCESS = "PROCESS"
TOGETHER = 50_000
"""Subscriptions of one transaction.

Cards stand in an order of their own, so that each transaction writes all of the index by which requests are put in
files: a million requests write 8.6 GB if 10,000 are together, and 4 GB with 100,000. Who acts meanwhile on SQLite waits
for one transaction, some two seconds.
"""


class Step(NamedTuple):
    """What is planned in one transaction: the requests of these types, for subscriptions with these keys."""

    types: tuple[str, ...]
    keys: range


def steps(context: Context, connection: Connection, provider: Provider, together: int = TOGETHER) -> Iterator[Step]:
    """All that is to be planned for a provider, in order. Each step may be repeated, or left to the next run."""
    last = planning.last_key(connection)
    asked_for = [row for row in context.adapter(provider).table if row.part]
    for gives in (False, True):
        types = tuple(row.request for row in asked_for if row.on_completed.gives is gives)
        for first in range(1, last + 1, together):
            yield Step(types, range(first, min(first + together, last + 1)))


def plan_many(context: Context, connection: Connection, provider: Provider, run_id: int, step: Step) -> dict[str, int]:
    """Write the requests of a step, PENDING, to be filed. Gives how many there are, by type.

    What awaits an answer, or to be filed, is not asked for again, so that a step that is repeated writes nothing more.
    Who acts on one of these subscriptions, or resets it, does so before or after: nothing is planned from a state that
    is older than the requests. What an action changes afterwards is found by the next run.
    """
    made = planning.plan(connection, *asked(context, provider, step), process_name=PROCESS, process_id=run_id)
    adapter = context.adapter(provider)
    if any(adapter.row(one).on_completed.gives for one in step.types):  # what takes away is planned before
        since.plan(connection, provider.code, step.keys, adapter.changing)
    return made


def asked(context: Context, provider: Provider, step: Step) -> tuple[Question, Span, planning.Calls]:
    """The question by which the gap is seen, for whom it is asked, and what it calls for."""
    adapter, now = context.adapter(provider), context.clock.now()
    calls = (call(adapter, row, row.part) for row in adapter.table if row.part and row.request in step.types)
    span = Span(step.keys, now, adapter.files.renewed_before(provider, now))
    return question(adapter, provider), span, tuple(calls)


def call(adapter: Adapter, row: Row, part: Part) -> planning.Call:
    """The request that a part of the gap calls for. What its requests agree on is the same for all places and ids."""
    effect = row.on_completed
    nothing = {effect.on: "", effect.parameter: "", "distributor": ""}
    detail = adapter.files.about(row.request, nothing).detail
    return planning.Call(part, row.request, effect.on, effect.parameter, detail)
