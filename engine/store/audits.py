"""What audits have found, as rows: what platforms said otherwise than was believed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from engine.domain.audit import AuditDifference, Difference
from engine.store import schema

TABLE = schema.audit_differences
FILTERS: Mapping[str, ColumnElement[Any]] = {
    "subscription": schema.subscriptions.c.number,
    "provider": TABLE.c.provider,
    "difference": TABLE.c.difference,
    "process_name": TABLE.c.process_name,
    "process_id": TABLE.c.process_id,
}
QUERY = select(TABLE, schema.subscriptions.c.number.label("subscription")).join(schema.subscriptions)


class Process(NamedTuple):
    """What asked a platform: an audit of one subscription, or a run."""

    name: str
    id: int


def add(
    connection: Connection,
    process: Process,
    key: int,
    provider: str,
    rows: Iterable[Mapping[str, str]],
    *,
    at: datetime,
) -> None:
    """Write what was found of a subscription: difference, thing, believed and found of each."""
    common = {
        "process_name": process.name,
        "process_id": process.id,
        "subscription_id": key,
        "provider": provider,
        "found_date": at,
    }
    found = [common | dict(row) for row in rows]
    if found:
        connection.execute(insert(TABLE), found)


def find(
    connection: Connection, filters: Mapping[str, Any], *, limit: int, offset: int, after: int = 0
) -> list[AuditDifference]:
    """What was found, in its order, after one; filters are those of FILTERS."""
    query = matching(QUERY, filters).where(TABLE.c.id > after).order_by(TABLE.c.id).limit(limit).offset(offset)
    return [
        AuditDifference(
            row["id"],
            row["process_name"],
            row["process_id"],
            row["subscription"],
            row["provider"],
            row["found_date"],
            Difference(row["difference"]),
            row["thing"],
            row["believed"],
            row["found"],
        )
        for row in connection.execute(query).mappings()
    ]


def count(connection: Connection, filters: Mapping[str, Any]) -> dict[str, int]:
    """How much was found, by difference."""
    query = select(TABLE.c.difference, func.count()).join(schema.subscriptions).group_by(TABLE.c.difference)
    return {row[0]: row[1] for row in connection.execute(matching(query, filters).order_by(TABLE.c.difference))}


def asked_about(connection: Connection, keys: Iterable[int], provider: str, parameter: str) -> dict[int, set[str]]:
    """The devices for which anything was ever asked for each of these at a provider, as a parameter names them."""
    requests = schema.requests.c
    device = requests.parameters_set[parameter].as_string()
    mine = (requests.subscription_id.in_(list(keys)), requests.provider == provider, device.is_not(None))
    found: dict[int, set[str]] = {}
    for key, name in connection.execute(select(requests.subscription_id, device).distinct().where(*mine)):
        found.setdefault(key, set()).add(name)
    return found


def matching(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """The query with conditions."""
    return query.where(*(FILTERS[name] == value for name, value in filters.items()))
