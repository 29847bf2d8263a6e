"""Which subscriptions have anything due: one statement, by what is indexed."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select, union

from engine.domain.states import State
from engine.store import schema

SUBSCRIPTIONS, SERVICES, ACTIONS = schema.subscriptions, schema.services, schema.actions
LIMITED = (State.IN_RESTING.value, State.SHORT_TERM_EFFECTIVE.value, State.SHORT_TERM_NOT_EFFECTIVE.value)
KEYS = union(
    select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.until <= bindparam("today"), SUBSCRIPTIONS.c.state.in_(LIMITED)),
    select(SERVICES.c.subscription_id).where(
        SERVICES.c.window_end <= bindparam("now"), literal_column(schema.LIVE_SERVICE)
    ),
    select(ACTIONS.c.subscription_id).where(
        ACTIONS.c.scheduled_date <= bindparam("now"), literal_column(schema.SCHEDULED_ACTION)
    ),
).subquery()
DUE = SUBSCRIPTIONS.c.id.in_(select(KEYS.c[0]))
PAGE = (
    select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.number)
    .where(DUE, SUBSCRIPTIONS.c.id > bindparam("after"))
    .order_by(SUBSCRIPTIONS.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
COUNT = select(func.count()).select_from(SUBSCRIPTIONS).where(DUE, SUBSCRIPTIONS.c.id > bindparam("after"))


def page(connection: Connection, now: datetime, *, after: int, limit: int, offset: int = 0) -> list[tuple[int, str]]:
    """Keys and numbers of subscriptions that have anything due, in the order of their keys, from `after` on."""
    said = {"now": now, "today": now.date(), "after": after, "limit": limit, "offset": offset}
    return [(row[0], row[1]) for row in connection.execute(PAGE, said)]


def count(connection: Connection, now: datetime, *, after: int = 0) -> int:
    """How many subscriptions have anything due."""
    return int(connection.execute(COUNT, {"now": now, "today": now.date(), "after": after}).scalar_one())
