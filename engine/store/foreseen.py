"""What the processing run would send in files, request by request: those that wait, and those that would be planned."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from engine.domain.file import FileState
from engine.domain.request import ProvisioningRequest
from engine.store import schema
from engine.store.gaps.question import Question, Span
from engine.store.planning import Call, Calls, needed
from engine.store.requests import DUE, FILES, IS_PENDING, QUERY, TABLE, request

UNSENT = or_(TABLE.c.file_id.is_(None), FILES.c.state == FileState.MADE)


class Needed(NamedTuple):
    """A request that would be planned: its subscription's number, its type, its parameters."""

    subscription: str
    type: str
    parameters: dict[str, Any]


def waiting(
    connection: Connection, provider: str, now: datetime, *, limit: int, offset: int
) -> list[ProvisioningRequest]:
    """Requests that are due and not sent: EXPRESS first, then the oldest."""
    conditions = (TABLE.c.provider == provider, IS_PENDING, TABLE.c.place.is_not(None), DUE, UNSENT)
    # What is EXPRESS stands before what is REGULAR in the alphabet too.
    query = QUERY.where(*conditions).order_by(TABLE.c.priority, TABLE.c.id).limit(limit).offset(offset)
    return [request(row) for row in connection.execute(query, {"now": now}).mappings()]


def count(connection: Connection, asked: Question, span: Span, calls: Calls) -> int:
    """How many requests the gap calls for."""
    query = select(func.count()).select_from(needed(asked, calls))
    return int(connection.execute(query, span.said).scalar_one())


def find(connection: Connection, asked: Question, span: Span, calls: Calls, *, limit: int, offset: int) -> list[Needed]:
    """The requests that the gap calls for, in the order of their making."""
    rows, subscriptions = needed(asked, calls), schema.subscriptions
    columns = (subscriptions.c.number, rows.c.call, rows.c.place, rows.c.ca_id, rows.c.distributor)
    query = select(*columns).join_from(rows, subscriptions, rows.c.subscription_id == subscriptions.c.id)
    found = connection.execute(query.order_by(rows.c.turn).limit(limit).offset(offset), span.said)
    return [needed_request(number, calls[which], *parts) for number, which, *parts in found]


def needed_request(subscription: str, call: Call, place: str, ca_id: str, distributor: str) -> Needed:
    """What would be asked for."""
    return Needed(subscription, call.type, {call.on: place, call.parameter: ca_id, "distributor": distributor})
