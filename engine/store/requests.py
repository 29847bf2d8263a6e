"""Provisioning requests, as rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)

from engine.domain.request import Priority, ProvisioningRequest, RequestState
from engine.store import schema

TABLE = schema.requests
FILES = schema.files
QUERY = (
    select(
        TABLE,
        func.coalesce(schema.subscriptions.c.number, "").label("subscription"),
        func.coalesce(FILES.c.name, "").label("file"),
        FILES.c.sent_date,
        FILES.c.period_start.label("start"),
        FILES.c.period_end.label("end"),
    )
    .join(schema.subscriptions, isouter=True)
    .join(FILES, TABLE.c.file_id == FILES.c.id, isouter=True)
)
FILED = {"place", "ca_id", "distributor", "detail", "file_id", "start", "end"}
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "type": TABLE.c.type,
    "life_cycle_state": TABLE.c.life_cycle_state,
    "provider": TABLE.c.provider,
    "subscription": schema.subscriptions.c.number,
    "reference_number": TABLE.c.reference_number,
    "process_name": TABLE.c.process_name,
    "process_id": TABLE.c.process_id,
    "communication_entry": TABLE.c.communication_entry,
    "id": TABLE.c.id,
}
# SQLite takes the index that already has the order or the groups asked for, here that of all numbers, and reads
# every request: an expression in place of the column leaves it the index of what is PENDING.
BY_NUMBER, OF_PROVIDER = TABLE.c.number + 0, func.coalesce(TABLE.c.provider, "")
IS_PENDING = TABLE.c.life_cycle_state == literal_column("'PENDING'")  # as the index says it
AT_ONCE = TABLE.c.process_immediately
DUE = or_(TABLE.c.scheduled_date.is_(None), TABLE.c.scheduled_date <= bindparam("now"))
OF_ONE = TABLE.c.subscription_id == bindparam("key")
OF_NONE = TABLE.c.subscription_id.is_(None)  # said by itself, so that the index is used
PENDING = QUERY.where(OF_ONE, TABLE.c.provider == bindparam("of"), IS_PENDING).order_by(BY_NUMBER)
# What is EXPRESS stands before what is REGULAR in the alphabet too.
TO_SEND = {
    (whose, when): QUERY.where(whose, when, TABLE.c.provider == bindparam("of"), IS_PENDING).order_by(
        TABLE.c.priority, BY_NUMBER
    )
    for whose in (OF_ONE, OF_NONE)
    for when in (AT_ONCE, DUE)
}
WAITING = select(OF_PROVIDER, func.count()).where(IS_PENDING).group_by(OF_PROVIDER)
WAITING_OF = (
    select(TABLE.c.subscription_id, TABLE.c.provider, TABLE.c.type, func.count())
    .where(TABLE.c.subscription_id.in_(bindparam("keys", expanding=True)), IS_PENDING)
    .group_by(TABLE.c.subscription_id, TABLE.c.provider, TABLE.c.type)
)
IN_FILES_OF = QUERY.where(
    TABLE.c.subscription_id.in_(bindparam("keys", expanding=True)), IS_PENDING, TABLE.c.place.is_not(None)
).order_by(BY_NUMBER)
OF_PROCESS = QUERY.where(
    TABLE.c.process_id == bindparam("process"), func.coalesce(TABLE.c.process_name, "") == bindparam("called")
).order_by(TABLE.c.id)
BEGUN = {
    whose: select(TABLE.c.id).where(whose, TABLE.c.provider == bindparam("of"), IS_PENDING, TABLE.c.begun)
    for whose in (OF_ONE, OF_NONE)
}
BEGIN = update(TABLE).where(TABLE.c.id == bindparam("this_id")).values(begun=True)
FINISH = update(TABLE).where(TABLE.c.id == bindparam("this_id"))
TAKE = (
    update(schema.providers)
    .where(schema.providers.c.code == bindparam("of"))
    .values(last_number=schema.providers.c.last_number + bindparam("count"))
    .returning(schema.providers.c.last_number)
)
COUNT_UTILITY = text(
    "INSERT INTO counters (name, last) VALUES ('utilities', 1) "
    "ON CONFLICT (name) DO UPDATE SET last = counters.last + 1 RETURNING last"
)
ADD = insert(TABLE).returning(TABLE.c.id)
NEW = {"priority": Priority.REGULAR, "process_immediately": True, "life_cycle_state": RequestState.PENDING}


def take_numbers(connection: Connection, provider: str, count: int) -> range:
    """The provider's next request numbers, taken."""
    last = int(connection.execute(TAKE, {"of": provider, "count": count}).scalar_one())
    return range(last - count + 1, last + 1)


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write new requests, PENDING."""
    connection.execute(insert(TABLE), [NEW | row for row in rows])


def add_one(connection: Connection, row: Mapping[str, Any]) -> int:
    """Write a new request, PENDING. Returns its key."""
    return int(connection.execute(ADD, NEW | dict(row)).scalar_one())


def next_utility(connection: Connection) -> int:
    """The next number of a utility, taken."""
    return int(connection.execute(COUNT_UTILITY).scalar_one())


def pending_of(connection: Connection, key: int, provider: str) -> list[ProvisioningRequest]:
    """What is still to be sent for a subscription, now or later, in order."""
    return [request(row) for row in connection.execute(PENDING, {"key": key, "of": provider}).mappings()]


def to_send(
    connection: Connection, key: int | None, provider: str, until: datetime | None = None
) -> list[ProvisioningRequest]:
    """What is to be sent at once; or, with a moment, all that is due then. EXPRESS first, then in order."""
    statement = TO_SEND[OF_NONE if key is None else OF_ONE, AT_ONCE if until is None else DUE]
    said = {"key": key, "of": provider, "now": until}
    return [request(row) for row in connection.execute(statement, said).mappings()]


def of_process(connection: Connection, process_id: int, process_name: str) -> list[ProvisioningRequest]:
    """What an action, a run or a utility caused, in order."""
    said = {"process": process_id, "called": process_name}
    return [request(row) for row in connection.execute(OF_PROCESS, said).mappings()]


def keys_of(process_id: int, process_name: str) -> Select[tuple[int]]:
    """What asks for the keys of `of_process`, however many they are."""
    return select(TABLE.c.id).where(TABLE.c.process_id == process_id, TABLE.c.process_name == process_name)


def waiting(connection: Connection) -> list[tuple[int | None, str]]:
    """Subscriptions (by key; none: for all) and providers that have requests to be sent at once, oldest first."""
    query = (
        select(TABLE.c.subscription_id, TABLE.c.provider, TABLE.c.id)
        .where(IS_PENDING, AT_ONCE)
        .order_by(TABLE.c.id + 0)  # as BY_NUMBER
    )
    return list(dict.fromkeys((row[0], row[1]) for row in connection.execute(query)))


def begin(connection: Connection, request_id: int) -> None:
    """Write down that the request may have been sent from now on, for whoever finds it PENDING."""
    connection.execute(BEGIN, {"this_id": request_id})


def begun(connection: Connection, key: int | None, provider: str) -> list[int]:
    """Which of the PENDING requests an engine has begun to send that did not come to their end."""
    statement = BEGUN[OF_NONE if key is None else OF_ONE]
    return list(connection.execute(statement, {"key": key, "of": provider}).scalars())


def finish(connection: Connection, request_id: int, values: Mapping[str, Any]) -> None:
    """Write the end of a request."""
    connection.execute(FINISH, {"this_id": request_id, **values})


def find(
    connection: Connection, filters: Mapping[str, Any], *, limit: int | None = None, offset: int = 0
) -> list[ProvisioningRequest]:
    """Requests in the order of their making; filters are those of FILTERS, each with a value, or a list of any."""
    query = QUERY.where(*conditions(filters)).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [request(row) for row in connection.execute(query).mappings()]


def count(connection: Connection, filters: Mapping[str, Any]) -> int:
    """How many requests there are; filters are those of `find`."""
    table = TABLE.join(schema.subscriptions) if "subscription" in filters else TABLE
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions(filters))).scalar_one())


def conditions(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What the filters ask of requests."""
    return [
        FILTERS[name].in_(value) if isinstance(value, list) else FILTERS[name] == value
        for name, value in filters.items()
    ]


def pending_of_many(connection: Connection, keys: list[int]) -> dict[tuple[int, str], dict[str, int]]:
    """How many requests are still to be sent for these subscriptions, by subscription and provider, of which type."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for key, provider, request_type, number in connection.execute(WAITING_OF, {"keys": keys}):
        found.setdefault((key, provider), {})[request_type] = number
    return found


def pending_in_files(connection: Connection, keys: list[int]) -> dict[tuple[int, str], list[ProvisioningRequest]]:
    """What goes to platforms in files and has not ended for these subscriptions, by subscription and provider."""
    found: dict[tuple[int, str], list[ProvisioningRequest]] = {}
    for row in connection.execute(IN_FILES_OF, {"keys": keys}).mappings():
        found.setdefault((row["subscription_id"], row["provider"]), []).append(request(row))
    return found


def pending_by_provider(connection: Connection) -> dict[str, int]:
    """How many requests are still to be sent, by provider."""
    return {row[0]: row[1] for row in connection.execute(WAITING)}


def last_id(connection: Connection) -> int:
    """The key of the newest request."""
    return int(connection.execute(select(TABLE.c.id).order_by(TABLE.c.id.desc()).limit(1)).scalar() or 0)


def request(row: RowMapping) -> ProvisioningRequest:
    """The request that the row holds."""
    values = {name: value for name, value in row.items() if name not in {"subscription_id", "begun", *FILED}}
    dates = {name: row[name].isoformat() for name in ("start", "end") if row[name]}
    values["parameters_set"] = row["parameters_set"] | dates
    values["priority"] = Priority(values["priority"])
    values["life_cycle_state"] = RequestState(values["life_cycle_state"])
    return ProvisioningRequest(**values)
