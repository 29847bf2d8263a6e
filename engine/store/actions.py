"""Actions, as rows: what was done to a subscription, what is to be done later, what became of that."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, literal_column, select, update

from engine.domain.actions import ActionState
from engine.store import schema

TABLE = schema.actions
QUERY = select(TABLE, schema.subscriptions.c.number.label("subscription")).join(schema.subscriptions)
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "code": TABLE.c.code,
    "state": TABLE.c.state,
    "subscription": schema.subscriptions.c.number,
    "id": TABLE.c.id,
}
RECORD = insert(TABLE).returning(TABLE.c.id)
IS_SCHEDULED = TABLE.c.state == literal_column("'SCHEDULED'")  # as the index says it
END = update(TABLE).where(TABLE.c.id == bindparam("this_id"), IS_SCHEDULED)
OF_SUBSCRIPTION = TABLE.c.subscription_id == bindparam("key")
CANCEL = update(TABLE).where(OF_SUBSCRIPTION, IS_SCHEDULED)
DUE = (
    select(TABLE)
    .where(OF_SUBSCRIPTION, IS_SCHEDULED, TABLE.c.scheduled_date <= bindparam("now"))
    .order_by(TABLE.c.scheduled_date, TABLE.c.id)
)


def record(connection: Connection, key: int, code: str, details: Any, *, at: datetime, swap_class: str | None) -> int:
    """Write down that an action was carried out. Returns its key."""
    values = {"subscription_id": key, "code": code, "details": details, "created_date": at, "swap_class": swap_class}
    executed = {"state": ActionState.EXECUTED, "executed_date": at}
    return int(connection.execute(RECORD, values | executed).scalar_one())


def schedule(
    connection: Connection, key: int, code: str, details: Any, *, at: datetime, now: datetime, service: int | None
) -> int:
    """Write down that an action is to be carried out later; `service` is the one that it is about. Returns its key."""
    values = {
        "subscription_id": key,
        "code": code,
        "details": details,
        "state": ActionState.SCHEDULED,
        "created_date": now,
        "scheduled_date": at,
        "service": service,
    }
    return int(connection.execute(RECORD, values).scalar_one())


def end(connection: Connection, action_id: int, state: ActionState, **values: Any) -> bool:
    """Give a scheduled action its final state. False, where it is no longer scheduled; then nothing has changed."""
    return connection.execute(END, {"this_id": action_id, "state": state, **values}).rowcount == 1


def cancel(connection: Connection, key: int, reason: str, services: Iterable[int] | None = None) -> int:
    """Cancel what is scheduled for a subscription, or only for these services of it. Returns how many there were."""
    statement = CANCEL if services is None else CANCEL.where(TABLE.c.service.in_(list(services)))
    statement = statement.values(state=ActionState.CANCELLED.value, reason=reason)
    return connection.execute(statement, {"key": key}).rowcount


def due(connection: Connection, key: int, now: datetime) -> list[Mapping[str, Any]]:
    """What is scheduled for a subscription and due, in the order of its dates."""
    return [dict(row) for row in connection.execute(DUE, {"key": key, "now": now}).mappings()]


def find(connection: Connection, filters: Mapping[str, Any], *, limit: int, offset: int) -> list[Mapping[str, Any]]:
    """Actions in the order of their making; filters are those of FILTERS."""
    query = matching(QUERY, filters).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [dict(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, filters: Mapping[str, Any]) -> int:
    """How many actions there are."""
    query = select(func.count()).select_from(TABLE).join(schema.subscriptions)
    return int(connection.execute(matching(query, filters)).scalar_one())


def matching(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """The query with conditions."""
    return query.where(*(FILTERS[name] == value for name, value in filters.items()))
