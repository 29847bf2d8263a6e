"""The ends of all requests of a file at once."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, null, select, update

from engine.domain.file import RequestFile
from engine.domain.request import RequestState
from engine.store import schema
from engine.store.answers import MINE, OF_FILE
from engine.store.requests import IS_PENDING

QUEUE, REQUESTS = schema.communication_queue, schema.requests
FINISH = update(REQUESTS).values(attempts=REQUESTS.c.attempts + 1)
RELEASE = FINISH.where(MINE).values(file_id=null())
ANSWER = update(REQUESTS).where(MINE, REQUESTS.c.place == bindparam("this_place"))
PLACES = select(REQUESTS.c.place).where(MINE).distinct()
IN_ORDER = select(REQUESTS.c.id).where(OF_FILE).order_by(REQUESTS.c.place, REQUESTS.c.id)
REJECTED = (
    select(func.coalesce(schema.subscriptions.c.number, ""), REQUESTS.c.place, REQUESTS.c.ca_id)
    .join(schema.subscriptions, isouter=True)
    .where(OF_FILE, REQUESTS.c.life_cycle_state == RequestState.REJECTED.value)
    .order_by(REQUESTS.c.place, REQUESTS.c.id)
)


class Refused(NamedTuple):
    """A request that was rejected: its subscription's number (none: for all), and what it was about."""

    subscription: str
    place: str
    ca_id: str


def answer(connection: Connection, file: RequestFile, answers: Mapping[str, Any]) -> None:
    """Write what was asked for, by place: who reads it knows by which names a place goes."""
    places = connection.execute(PLACES, {"this_file": file.id}).scalars().all()
    rows = [{"this_file": file.id, "this_place": one, "answer": answers[one]} for one in places if one in answers]
    if rows:
        connection.execute(ANSWER.values(answer=bindparam("answer")), rows)


def finish(connection: Connection, file: RequestFile, values: Mapping[str, Any], record: int | None = None) -> int:
    """Write the end of all its requests, or of the one at this position. Returns how many there are."""
    known: dict[str, Any] = {"this_file": file.id}
    if record is None:
        return connection.execute(FINISH.where(MINE), known | dict(values)).rowcount
    one = connection.execute(IN_ORDER.limit(1).offset(record), known).scalar()
    statement = FINISH.where(REQUESTS.c.id == bindparam("this_id"), IS_PENDING)
    return connection.execute(statement, {"this_id": one, **values}).rowcount


def release(connection: Connection, file: RequestFile) -> int:
    """Let the requests that have not ended go into another file. Returns how many there are."""
    return connection.execute(RELEASE, {"this_file": file.id}).rowcount


def rejected(connection: Connection, file: RequestFile) -> Iterable[Refused]:
    """Its requests that were rejected, in its order."""
    return [Refused(*row) for row in connection.execute(REJECTED, {"this_file": file.id})]
