"""What a batch of subscriptions has at a provider, as rows: read in a few statements, and written in a few."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Double, bindparam, case, insert, select, update

from engine.domain.request import ProvisioningRequest
from engine.domain.rights import Held
from engine.domain.subscription import Subscription
from engine.store import beliefs, pages, requests, schema

REQUESTS, HELD, SUBSCRIPTIONS = schema.requests, schema.held, schema.subscriptions
KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
OF_KEYS = REQUESTS.c.subscription_id.in_(KEYS)
AT = REQUESTS.c.provider == bindparam("of")
LOCK = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.id.in_(KEYS)).order_by(SUBSCRIPTIONS.c.id).with_for_update()
ROWS = select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id.in_(KEYS)).order_by(SUBSCRIPTIONS.c.id)
PENDING = requests.QUERY.where(OF_KEYS, AT, requests.IS_PENDING).order_by(REQUESTS.c.priority, requests.BY_NUMBER)
BELIEFS = (
    select(HELD)
    .where(HELD.c.subscription_id.in_(KEYS), HELD.c.provider == bindparam("of"))
    .order_by(HELD.c.subscription_id, HELD.c.kind, HELD.c.ca_id)
)
ADD = insert(REQUESTS).returning(REQUESTS.c.number, REQUESTS.c.id)
BEGIN = update(REQUESTS).where(REQUESTS.c.id.in_(bindparam("ids", expanding=True))).values(begun=bindparam("is_begun"))
OF_PROCESS = (REQUESTS.c.process_id == bindparam("process"), REQUESTS.c.process_name == bindparam("called"))
MADE = requests.QUERY.where(OF_KEYS, AT, *OF_PROCESS).order_by(requests.BY_NUMBER)
TOUCHED = (
    select(REQUESTS.c.subscription_id)
    .distinct()
    .where(REQUESTS.c.subscription_id.between(bindparam("first"), bindparam("last")), AT, *OF_PROCESS)
    .order_by(REQUESTS.c.subscription_id)
)
PROVIDERS, NOW, TAKES = schema.providers, bindparam("now_s", type_=Double), bindparam("takes_s", type_=Double)
LATEST = case((PROVIDERS.c.last_slot_s > NOW, PROVIDERS.c.last_slot_s), else_=NOW)
TAKE_SLOTS = (
    update(PROVIDERS)
    .where(PROVIDERS.c.code == bindparam("of"))
    .values(last_slot_s=LATEST + TAKES)
    .returning(PROVIDERS.c.last_slot_s)
)


class Waiting(NamedTuple):
    """A request that is PENDING, and whether an engine may have sent it already."""

    request: ProvisioningRequest
    begun: bool


def lock(connection: Connection, keys: list[int]) -> None:
    """Keep other engines from planning for these, or changing them, until the transaction ends.

    On SQLite the transaction does that already.
    """
    if keys and connection.dialect.name == "postgresql":
        connection.execute(LOCK, {"keys": keys}).close()


def subscriptions(connection: Connection, keys: list[int]) -> dict[int, Subscription]:
    """These subscriptions, whole, by key."""
    return pages.whole(connection, connection.execute(ROWS, {"keys": keys}).mappings().all())


def pending(connection: Connection, keys: list[int], provider: str) -> dict[int, list[Waiting]]:
    """What is still to be sent for these at a provider, now or later: EXPRESS first, then in order."""
    found: dict[int, list[Waiting]] = {}
    for row in connection.execute(PENDING, {"keys": keys, "of": provider}).mappings():
        found.setdefault(row["subscription_id"], []).append(Waiting(requests.request(row), row["begun"]))
    return found


def believed(connection: Connection, keys: list[int], provider: str) -> dict[int, list[Held]]:
    """What a platform is believed to hold for each of these."""
    found: dict[int, list[Held]] = {key: [] for key in keys}
    for row in connection.execute(BELIEFS, {"keys": keys, "of": provider}).mappings():
        found[row["subscription_id"]].append(beliefs.held(row))
    return found


def add(connection: Connection, rows: list[dict[str, Any]]) -> dict[int, int]:
    """Write new requests of a provider, PENDING. Gives their keys by their numbers."""
    return dict(connection.execute(ADD, [requests.NEW | row for row in rows]).all()) if rows else {}


def begin(connection: Connection, ids: Iterable[int], *, begun: bool = True) -> None:
    """Write that requests may have been sent from now on; or that they have not been."""
    known = list(ids)
    if known:
        connection.execute(BEGIN, {"ids": known, "is_begun": begun})


def finish(connection: Connection, ends: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write the ends of requests, by their keys."""
    rows = [{"this_id": request, **values} for request, values in ends]
    if rows:
        connection.execute(requests.FINISH, rows)


def made(
    connection: Connection, keys: list[int], provider: str, *, process: int, called: str
) -> dict[int, list[ProvisioningRequest]]:
    """What a run has made for each of these, in order."""
    found: dict[int, list[ProvisioningRequest]] = {}
    said = {"keys": keys, "of": provider, "process": process, "called": called}
    for row in connection.execute(MADE, said).mappings():
        found.setdefault(row["subscription_id"], []).append(requests.request(row))
    return found


def touched(connection: Connection, keys: range, provider: str, *, process: int, called: str) -> list[int]:
    """For which of a range of subscriptions a run has made requests."""
    said = {"first": keys.start, "last": keys.stop - 1, "of": provider, "process": process, "called": called}
    return list(connection.execute(TOUCHED, said).scalars())


def take_slots(connection: Connection, provider: str, now_s: float, takes_s: float) -> float:
    """Take so many seconds of the time of a provider, from now on or from when it is free. Gives when they begin."""
    end = connection.execute(TAKE_SLOTS, {"of": provider, "now_s": now_s, "takes_s": takes_s}).scalar_one()
    return float(end) - takes_s
