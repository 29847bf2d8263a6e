"""What is held after a file was answered, of all its requests at once: it may have 20,000 of them.

In the same transaction the requests come to their ends, which are said in `ends`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    SelectBase,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    update,
)

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
