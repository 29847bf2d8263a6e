"""The ends of entries of the communication queue, of all that a file has told of at once."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, exists, func, select, update

from engine.domain.communication import EntryState
from engine.domain.file import RequestFile
from engine.domain.request import RequestState
from engine.store import schema
from engine.store.answers import OF_FILE
from engine.store.requests import IS_PENDING
from engine.store.schema.columns import Moment

QUEUE, REQUESTS = schema.communication_queue, schema.requests
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


def settle(connection: Connection, file: RequestFile, at: datetime) -> None:
    """End the entries of the communication queue whose last request ended with the file."""
    connection.execute(SETTLE, {"this_file": file.id, "at": at})
