"""What the answer to a file changes, of all its requests at once: it may have 20,000 of them.

The statements are of one transaction: `take`, what is held, the ends of requests, then of what they told of.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    String,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union,
    update,
)

from engine.domain.communication import EntryState
from engine.domain.file import FileState, RequestFile
from engine.domain.request import Effect, RequestState
from engine.store import schema
from engine.store.requests import IS_PENDING
from engine.store.schema.columns import Moment

FILES, HELD, QUEUE, REQUESTS = schema.files, schema.held, schema.communication_queue, schema.requests
OF_FILE = REQUESTS.c.file_id == bindparam("this_file")
MINE = and_(OF_FILE, IS_PENDING)
YOUNGER = REQUESTS.alias("younger")
# By files and not by numbers: a request that went into two of them is as old as the one that is answered.
OVERTAKING = (
    YOUNGER.c.subscription_id == REQUESTS.c.subscription_id,
    YOUNGER.c.provider == REQUESTS.c.provider,
    YOUNGER.c.life_cycle_state == RequestState.COMPLETED.value,
    YOUNGER.c.file_id > REQUESTS.c.file_id,
    YOUNGER.c.type.in_(bindparam("types", expanding=True)),
)
SAME_PLACE, SAME_ID = YOUNGER.c.place == REQUESTS.c.place, YOUNGER.c.ca_id == REQUESTS.c.ca_id
OVERTAKEN = {
    False: exists().where(*OVERTAKING, SAME_PLACE, SAME_ID),
    True: exists().where(*OVERTAKING, or_(SAME_PLACE, SAME_ID)),
}
OF, KIND = bindparam("of", type_=String), bindparam("this_kind", type_=String)
IS_PAIR = HELD.c.kind == literal_column("'pair'")  # as the indexes say it
HELD_COLUMNS = (
    "subscription_id",
    "provider",
    "kind",
    "ca_id",
    "place",
    "distributor",
    "authorised",
    "in_doubt",
    "since",
    "until",
    "cancel_end",
)
VALUES = (
    bindparam("authorised", type_=Boolean),
    bindparam("in_doubt", value=False, type_=Boolean),
    *(bindparam(name, type_=Moment) for name in ("since", "until", "cancel_end")),
)
KEY = tuple_(HELD.c.subscription_id, HELD.c.provider, HELD.c.kind, HELD.c.ca_id, HELD.c.place)
TAKE = update(FILES).where(FILES.c.id == bindparam("this_file"), FILES.c.state == FileState.SENT.value)
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
OF_ENTRY = REQUESTS.c.communication_entry == QUEUE.c.id
IS_REJECTED = and_(OF_ENTRY, REQUESTS.c.life_cycle_state == RequestState.REJECTED.value)
WHY = select(REQUESTS.c.error_code + ": " + REQUESTS.c.error_description).where(IS_REJECTED).order_by(REQUESTS.c.id)
SETTLE = (
    update(QUEUE)
    .where(
        QUEUE.c.id.in_(select(REQUESTS.c.communication_entry).where(OF_FILE)),
        QUEUE.c.state == EntryState.PENDING.value,
        ~exists().where(OF_ENTRY, IS_PENDING),
    )
    .values(
        state=case((exists().where(IS_REJECTED), EntryState.REJECTED.value), else_=EntryState.COMPLETED.value),
        reason=func.coalesce(WHY.limit(1).scalar_subquery(), ""),
        executed_date=bindparam("at", type_=Moment),
    )
)


class Refused(NamedTuple):
    """A request that was rejected: its subscription's number (none: for all), and what it was about."""

    subscription: str
    place: str
    ca_id: str


def things(*, alone: bool) -> Select[Any]:
    """What the requests of a file are about, once each; without what younger ones, of other files, have changed."""
    key = (REQUESTS.c.subscription_id, REQUESTS.c.place, REQUESTS.c.ca_id)
    query: Select[Any] = select(*key, func.max(REQUESTS.c.distributor).label("distributor"))
    return query.where(MINE, REQUESTS.c.subscription_id.is_not(None), ~OVERTAKEN[alone]).group_by(*key)


def keys(*, alone: bool) -> SelectBase:
    """The keys of what is held of these things."""
    found = things(alone=alone).subquery()
    return select(found.c.subscription_id, OF, KIND, found.c.ca_id, found.c.place)


def fresh(*, alone: bool) -> SelectBase:
    """What is to be held of these things."""
    found = things(alone=alone).subquery()
    there = (found.c.ca_id, found.c.place, func.coalesce(found.c.distributor, ""))
    return select(found.c.subscription_id, OF, KIND, *there, *VALUES)


def has_one_of(found: Any) -> ColumnElement[bool]:
    """Whether it is a pair, of whatever subscription, that has a device of one of these."""
    either = or_(HELD.c.place.in_(select(found.c.place)), HELD.c.ca_id.in_(select(found.c.ca_id)))
    return and_(HELD.c.provider == OF, IS_PAIR, either)


FORGET = {alone: delete(HELD).where(KEY.in_(keys(alone=alone))) for alone in (False, True)}
HOLD = {alone: insert(HELD).from_select(HELD_COLUMNS, fresh(alone=alone)) for alone in (False, True)}
PARTED = has_one_of(things(alone=True).subquery())
PART = delete(HELD).where(PARTED)
CONCERNED = select(REQUESTS.c.subscription_id).where(MINE)
LOCK = {
    alone: select(schema.subscriptions.c.id)
    .where(schema.subscriptions.c.id.in_(concerned))
    .order_by(schema.subscriptions.c.id)
    .with_for_update()
    for alone, concerned in ((False, CONCERNED), (True, union(CONCERNED, select(HELD.c.subscription_id).where(PARTED))))
}


def take(connection: Connection, file: RequestFile, effect: Effect, types: Collection[str], **end: Any) -> bool:
    """Write the end of a file that was SENT; false, and nothing is written, where another engine has done so.

    Who plans for one of its subscriptions meanwhile waits, and sees belief and requests of one moment.
    """
    if connection.execute(TAKE.values(**end), {"this_file": file.id}).rowcount != 1:
        return False
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK[effect.alone], said(file, effect, types))
    return True


def said(file: RequestFile, effect: Effect, types: Collection[str]) -> dict[str, Any]:
    """What the statements about what is held want to know of a file."""
    return {"this_file": file.id, "of": file.provider, "this_kind": effect.kind, "types": list(types)}


def hold(connection: Connection, file: RequestFile, effect: Effect, types: Collection[str]) -> None:
    """Write what is held after a file was accepted: given from its start to its end, or taken until its end.

    `types` are those of requests that give or take the same kind of thing. What a younger file has changed stays.
    """
    start, end = file.period or (None, None)
    known = said(file, effect, types)
    if effect.alone:
        connection.execute(PART, known)
    connection.execute(FORGET[effect.alone], known)
    if effect.gives:
        dates = {"since": start, "until": end, "cancel_end": None}
    elif end:
        dates = {"since": None, "until": None, "cancel_end": end}
    else:
        return
    connection.execute(HOLD[effect.alone], known | dates | {"authorised": effect.gives})


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


def settle(connection: Connection, file: RequestFile, at: datetime) -> None:
    """End the entries of the communication queue whose last request ended with the file."""
    connection.execute(SETTLE, {"this_file": file.id, "at": at})


def rejected(connection: Connection, file: RequestFile) -> Iterable[Refused]:
    """Its requests that were rejected, in its order."""
    return [Refused(*row) for row in connection.execute(REJECTED, {"this_file": file.id})]
