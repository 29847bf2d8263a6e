"""What each platform is believed to hold, as rows."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from engine.domain.rights import Held, Kind
from engine.store import schema
from engine.store.subscriptions import window

TABLE = schema.held


def load(connection: Connection, key: int, provider: str) -> list[Held]:
    """What this provider's platform is believed to hold for the subscription."""
    query = select(TABLE).where(TABLE.c.subscription_id == key, TABLE.c.provider == provider)
    return [
        Held(
            Kind(row["kind"]),
            row["ca_id"],
            authorised=row["authorised"],
            in_doubt=row["in_doubt"],
            window=window(row),
            since=row["since"],
        )
        for row in connection.execute(query.order_by(TABLE.c.kind, TABLE.c.ca_id)).mappings()
    ]


def replace(connection: Connection, key: int, provider: str, before: Iterable[Held], after: Iterable[Held]) -> None:
    """Write the difference between two beliefs."""
    old = {(right.kind, right.ca_id): right for right in before}
    new = {(right.kind, right.ca_id): right for right in after}
    mine = (TABLE.c.subscription_id == key, TABLE.c.provider == provider)
    for kind, ca_id in old.keys() - new.keys():
        connection.execute(delete(TABLE).where(*mine, TABLE.c.kind == kind, TABLE.c.ca_id == ca_id))
    for (kind, ca_id), right in new.items():
        values = {
            "authorised": right.authorised,
            "in_doubt": right.in_doubt,
            "window_start": right.window.start if right.window else None,
            "window_end": right.window.end if right.window else None,
            "since": right.since,
        }
        if (kind, ca_id) not in old:
            row = {"subscription_id": key, "provider": provider, "kind": kind, "ca_id": ca_id, **values}
            connection.execute(insert(TABLE).values(row))
        elif right != old[kind, ca_id]:
            connection.execute(update(TABLE).where(*mine, TABLE.c.kind == kind, TABLE.c.ca_id == ca_id).values(values))
