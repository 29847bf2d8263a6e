"""What audits have found, as rows: what platforms said otherwise than was believed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select

from engine.domain.audit import AuditDifference, Difference
from engine.domain.file import RequestFile
from engine.domain.request import RequestState
from engine.store import schema
from engine.store.requests import IS_PENDING

TABLE, REQUESTS = schema.audit_differences, schema.requests.c
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


class Card(NamedTuple):
    """A device of a subscription, of which an audit has asked in a file by a request."""

    key: int
    number: str
    place: str
    request: int
    process: Process


def add(
    connection: Connection,
    process: Process,
    provider: str,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    at: datetime,
) -> None:
    """Write what was found of subscriptions, by their keys: difference, thing, believed and found of each."""
    common = {"process_name": process.name, "process_id": process.id, "provider": provider, "found_date": at}
    found = [{**common, "subscription_id": key, **row} for key, row in rows]
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
    device = REQUESTS.parameters_set[parameter].as_string()
    mine = (REQUESTS.subscription_id.in_(list(keys)), REQUESTS.provider == provider, device.is_not(None))
    found: dict[int, set[str]] = {}
    for key, name in connection.execute(select(REQUESTS.subscription_id, device).distinct().where(*mine)):
        found.setdefault(key, set()).add(name)
    return found


def cards_of(connection: Connection, file: RequestFile, names: Iterable[str]) -> list[Card]:
    """The requests of a file by which audits have asked, with these names, subscription by subscription."""
    query = (
        select(REQUESTS.subscription_id, schema.subscriptions.c.number, REQUESTS.place, REQUESTS.id)
        .add_columns(REQUESTS.process_name, REQUESTS.process_id)
        .join_from(schema.requests, schema.subscriptions)
        .where(REQUESTS.file_id == file.id, REQUESTS.process_name.in_(list(names)))
        .order_by(REQUESTS.subscription_id, REQUESTS.place)
    )
    found = connection.execute(query)
    return [Card(key, number, place, request, Process(*who)) for key, number, place, request, *who in found]


def shared(connection: Connection, file: RequestFile, cards: Iterable[Card]) -> set[str]:
    """Those of the devices in a file on which another subscription, too, is believed to have something."""
    held, owners = schema.held.c, {card.place: card.key for card in cards}
    # What is held is read once; by a join it would be read once for each device.
    asked = select(REQUESTS.place).where(REQUESTS.file_id == file.id)
    query = select(held.place, held.subscription_id).where(held.provider == file.provider, held.place.in_(asked))
    return {place for place, key in connection.execute(query.distinct()) if owners.get(place, key) != key}


def changing(
    connection: Connection, file: RequestFile, keys: Iterable[int], types: Iterable[str]
) -> set[tuple[int, str, str]]:
    """What is on its way since before a file was answered, or has come since it was sent: key, place and id of each."""
    later = and_(REQUESTS.life_cycle_state == RequestState.COMPLETED.value, REQUESTS.file_id > file.id)
    query = select(REQUESTS.subscription_id, REQUESTS.place, REQUESTS.ca_id).where(
        REQUESTS.subscription_id.in_(list(keys)),
        REQUESTS.provider == file.provider,
        REQUESTS.type.in_(list(types)),
        REQUESTS.file_id.is_not(None),
        or_(IS_PENDING, later),
    )
    return {(key, place, ca_id) for key, place, ca_id in connection.execute(query)}


def matching(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """The query with conditions."""
    return query.where(*(FILTERS[name] == value for name, value in filters.items()))
