"""What each platform is believed to hold, as rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, insert, or_, select, text

from engine.domain.rights import Held, Kind
from engine.store import schema
from engine.store.schema.columns import HELD_ITEM
from engine.store.subscriptions import window

TABLE = schema.held
MINE = (TABLE.c.subscription_id == bindparam("key"), TABLE.c.provider == bindparam("of"))
ALL = select(TABLE).where(*MINE).order_by(TABLE.c.kind, TABLE.c.ca_id)
OF_MANY = (
    select(TABLE)
    .where(TABLE.c.subscription_id.in_(bindparam("keys", expanding=True)))
    .order_by(TABLE.c.subscription_id, TABLE.c.provider, TABLE.c.kind, TABLE.c.ca_id)
)
OTHERS = select(TABLE.c.subscription_id, TABLE.c.ca_id).where(
    TABLE.c.provider == bindparam("of"),
    TABLE.c.ca_id.in_(bindparam("devices", expanding=True)),
    text(HELD_ITEM),
    TABLE.c.place != "",
)
IS_DEVICE = and_(TABLE.c.kind == Kind.ITEM, TABLE.c.ca_id == bindparam("device"))
ON_DEVICE = delete(TABLE).where(*MINE, or_(IS_DEVICE, TABLE.c.place == bindparam("device")))
ONE = delete(TABLE).where(
    *MINE,
    TABLE.c.kind == bindparam("this_kind"),
    TABLE.c.ca_id == bindparam("this_ca_id"),
    TABLE.c.place == bindparam("this_place"),
)

ADD = insert(TABLE)


def load(connection: Connection, key: int, provider: str) -> list[Held]:
    """What this provider's platform is believed to hold for the subscription."""
    return [held(row) for row in connection.execute(ALL, {"key": key, "of": provider}).mappings()]


def load_many(connection: Connection, keys: list[int]) -> dict[tuple[int, str], list[Held]]:
    """What the platforms are believed to hold for these subscriptions, by subscription and provider."""
    found: dict[tuple[int, str], list[Held]] = {}
    for one in connection.execute(OF_MANY, {"keys": keys}).mappings():
        found.setdefault((one["subscription_id"], one["provider"]), []).append(held(one))
    return found


def held(row: RowMapping) -> Held:
    """The belief that the row holds."""
    return Held(
        Kind(row["kind"]),
        row["ca_id"],
        authorised=row["authorised"],
        in_doubt=row["in_doubt"],
        window=window(row),
        since=row["since"],
        place=row["place"],
        distributor=row["distributor"],
        until=row["until"],
        cancel_end=row["cancel_end"],
    )


def replace(connection: Connection, key: int, provider: str, before: Iterable[Held], after: Iterable[Held]) -> None:
    """Write the difference between two beliefs."""
    replace_many(connection, provider, [(key, before, after)])


def replace_many(
    connection: Connection, provider: str, changes: Iterable[tuple[int, Iterable[Held], Iterable[Held]]]
) -> None:
    """Write the differences between two beliefs each, of several subscriptions."""
    gone, added = [], []
    for key, before, after in changes:
        old, new = set(before), set(after)
        gone += [
            {"key": key, "of": provider, "this_kind": one.kind, "this_ca_id": one.ca_id, "this_place": one.place}
            for one in old - new
        ]
        added += [row(key, provider, one) for one in new - old]
    if gone:
        connection.execute(ONE, gone)
    if added:
        connection.execute(ADD, added)


def give_away(connection: Connection, provider: str, devices: Mapping[str, int]) -> None:
    """Believe of nobody else that he has these devices: the platform has given each to the subscription of this key."""
    if not devices:
        return
    others = connection.execute(OTHERS, {"of": provider, "devices": list(devices)})
    gone = [{"key": key, "of": provider, "device": device} for key, device in others if key != devices[device]]
    if gone:
        connection.execute(ON_DEVICE, gone)


def row(key: int, provider: str, one: Held) -> dict[str, Any]:
    """The row that holds one belief."""
    return {
        "subscription_id": key,
        "provider": provider,
        "kind": one.kind,
        "ca_id": one.ca_id,
        "place": one.place,
        "authorised": one.authorised,
        "in_doubt": one.in_doubt,
        "window_start": one.window.start if one.window else None,
        "window_end": one.window.end if one.window else None,
        "since": one.since,
        "distributor": one.distributor,
        "until": one.until,
        "cancel_end": one.cancel_end,
    }
