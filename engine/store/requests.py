"""Actions and the requests that they caused, as rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from engine.domain.request import Priority, ProvisioningRequest, RequestState
from engine.store import schema

TABLE = schema.requests
QUERY = select(TABLE, schema.subscriptions.c.number.label("subscription")).join(schema.subscriptions)
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "type": TABLE.c.type,
    "life_cycle_state": TABLE.c.life_cycle_state,
    "provider": TABLE.c.provider,
    "subscription": schema.subscriptions.c.number,
    "reference_number": TABLE.c.reference_number,
    "process_id": TABLE.c.process_id,
    "id": TABLE.c.id,
}


def record_action(connection: Connection, key: int, code: str, order: Any, at: datetime) -> int:
    """Write down that an action was carried out. Returns its key."""
    values = {"subscription_id": key, "code": code, "order": order, "state": "EXECUTED", "executed_date": at}
    inserted = connection.execute(insert(schema.actions).values(values)).inserted_primary_key
    if inserted is None:
        raise RuntimeError("The database gave no key for a new row.")
    return int(inserted[0])


def next_number(connection: Connection, provider: str) -> int:
    """The provider's next request number, taken."""
    table = schema.providers
    query = update(table).where(table.c.code == provider).values(last_number=table.c.last_number + 1)
    return int(connection.execute(query.returning(table.c.last_number)).scalar_one())


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Write a new request, PENDING."""
    row = {
        "priority": Priority.REGULAR,
        "process_immediately": True,
        "life_cycle_state": RequestState.PENDING,
        **values,
    }
    connection.execute(insert(TABLE).values(row))


def first_pending(connection: Connection, key: int, provider: str) -> ProvisioningRequest | None:
    """The request whose turn it is."""
    pending = pending_of(connection, key, provider, limit=1)
    return pending[0] if pending else None


def pending_of(connection: Connection, key: int, provider: str, limit: int | None = None) -> list[ProvisioningRequest]:
    """What is still to be sent for a subscription, in order."""
    mine = (TABLE.c.subscription_id == key, TABLE.c.provider == provider)
    query = QUERY.where(*mine, TABLE.c.life_cycle_state == RequestState.PENDING.value)
    return [request(row) for row in connection.execute(query.order_by(TABLE.c.number).limit(limit)).mappings()]


def waiting(connection: Connection) -> list[tuple[int, str]]:
    """Subscriptions (by key) and providers that have PENDING requests, oldest first."""
    query = (
        select(TABLE.c.subscription_id, TABLE.c.provider, TABLE.c.id)
        .where(TABLE.c.life_cycle_state == RequestState.PENDING.value)
        .order_by(TABLE.c.id)
    )
    return list(dict.fromkeys((row[0], row[1]) for row in connection.execute(query)))


def finish(connection: Connection, request_id: int, values: Mapping[str, Any]) -> None:
    """Write the end of a request."""
    connection.execute(update(TABLE).where(TABLE.c.id == request_id).values(values))


def find(
    connection: Connection, filters: Mapping[str, Any], *, limit: int | None = None, offset: int = 0
) -> list[ProvisioningRequest]:
    """Requests in the order of their making; filters are those of FILTERS."""
    conditions = [FILTERS[name] == value for name, value in filters.items()]
    query = QUERY.where(*conditions).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [request(row) for row in connection.execute(query).mappings()]


def last_id(connection: Connection) -> int:
    """The key of the newest request."""
    return int(connection.execute(select(TABLE.c.id).order_by(TABLE.c.id.desc()).limit(1)).scalar() or 0)


def request(row: RowMapping) -> ProvisioningRequest:
    """The request that the row holds."""
    values = {name: value for name, value in row.items() if name != "subscription_id"}
    values["priority"] = Priority(values["priority"])
    values["life_cycle_state"] = RequestState(values["life_cycle_state"])
    return ProvisioningRequest(**values)
