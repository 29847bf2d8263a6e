"""Ranges of subscriptions of a run, as rows: how far each has come, what was done in it, and who has it in hand."""

import math
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, or_, select, text, update

from engine.domain.run import Counts, RunState
from engine.store import schema
from engine.store.schema.columns import Moment
from engine.store.schema.running import COUNTS

TABLE, CREWS, RUNS = schema.run_chunks, schema.run_crews, schema.runs
LOOKS_WITHIN = timedelta(seconds=10)  # an engine that was not seen for so long does not work on the run any more
OF_RUN, IS_OPEN = TABLE.c.run_id == bindparam("run"), TABLE.c.done.is_(False)
IS_LEASED = TABLE.c.leased_until.is_not(None)
MINE = TABLE.c.holder == bindparam("engine")
# What an engine has in hand itself it knows to be so, wherever its clock was put.
LEASED = and_(IS_OPEN, IS_LEASED, or_(TABLE.c.leased_until >= bindparam("now"), MINE))
FREE = and_(IS_OPEN, or_(~IS_LEASED, and_(TABLE.c.leased_until < bindparam("now"), ~MINE)))
EXISTS = select(TABLE.c.id).where(OF_RUN).limit(1)
STATE = select(RUNS.c.state).where(RUNS.c.id == bindparam("run"))
LOCK = STATE.with_for_update()
SEEN = text(
    "INSERT INTO run_crews (run_id, engine, seen_date) VALUES (:run, :engine, :now) "
    "ON CONFLICT (run_id, engine) DO UPDATE SET seen_date = excluded.seen_date"
).bindparams(bindparam("now", type_=Moment))
ENGINES = select(func.count()).where(CREWS.c.run_id == bindparam("run"), CREWS.c.seen_date >= bindparam("since"))
IN_HAND = select(func.count(), func.count().filter(MINE)).where(OF_RUN, LEASED)
EARLIER = TABLE.alias()
COMES_LATER = exists().where(
    EARLIER.c.run_id == TABLE.c.run_id,
    EARLIER.c.provider == TABLE.c.provider,
    EARLIER.c.ahead,
    EARLIER.c.done.is_(False),
)
NEXT = (
    select(TABLE.c.id)
    .where(OF_RUN, FREE, TABLE.c.provider.not_in(bindparam("without", expanding=True)))
    .where(or_(TABLE.c.ahead, ~COMES_LATER))
    .order_by(TABLE.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
TAKE = update(TABLE).where(TABLE.c.id == bindparam("chunk")).returning(TABLE)
HELD = update(TABLE).where(TABLE.c.id == bindparam("this_id"), TABLE.c.hold == bindparam("this_hold"))
ADVANCE = HELD.values({name: TABLE.c[name] + bindparam(f"more_{name}") for name in COUNTS})
RENEW = update(TABLE).where(MINE, IS_OPEN, IS_LEASED)
LEFT = (
    select(TABLE.c.provider, func.count(), func.count().filter(LEASED))
    .where(OF_RUN, IS_OPEN)
    .group_by(TABLE.c.provider)
    .order_by(TABLE.c.provider)
)
OPEN = (
    select(TABLE.c.provider, TABLE.c.position, TABLE.c.last_key)
    .where(OF_RUN, IS_OPEN, ~TABLE.c.ahead)
    .order_by(TABLE.c.provider, TABLE.c.first_key)
)
SUMS = (
    select(TABLE.c.run_id, *(func.sum(TABLE.c[name]) for name in COUNTS))
    .where(TABLE.c.run_id.in_(bindparam("runs", expanding=True)))
    .group_by(TABLE.c.run_id)
)
HAS_FREE = select(TABLE.c.id).where(TABLE.c.run_id == RUNS.c.id, FREE).exists()
WANTED = select(RUNS.c.id).where(RUNS.c.state == RunState.IN_PROGRESS.value, HAS_FREE).order_by(RUNS.c.id)


class Chunk(NamedTuple):
    """A range of keys at a provider that someone has in hand: who has taken it last has the highest `hold`.

    `position` is the last key that is done, `begun` the last of the batch that was in hand when it was left. Those that
    are `ahead` are gone through before all others at the provider.
    """

    id: int
    run: int
    provider: str
    ahead: bool
    last_key: int
    position: int
    begun: int
    hold: int

    @property
    def rest(self) -> range:
        """The keys that are not done."""
        return range(self.position + 1, self.last_key + 1)


class Left(NamedTuple):
    """What is left of a run at a provider: how many chunks, and how many of them somebody has in hand."""

    provider: str
    chunks: int
    leased: int


def exist(connection: Connection, run: int) -> bool:
    """Whether the run has chunks: then it was begun before."""
    return connection.execute(EXISTS, {"run": run}).first() is not None


def make(connection: Connection, run: int, provider: str, keys: Iterable[range], *, ahead: bool = False) -> None:
    """Divide a run at a provider into chunks."""
    rows = [
        {
            "run_id": run,
            "provider": provider,
            "ahead": ahead,
            "first_key": one.start,
            "last_key": one.stop - 1,
            "position": one.start - 1,
            "begun": one.start - 1,
        }
        for one in keys
    ]
    if rows:
        connection.execute(insert(TABLE), rows)


def take(
    connection: Connection,
    run: int,
    engine: str,
    *,
    now: datetime,
    until: datetime,
    at_once: int,
    without: Collection[str] = (),
) -> Chunk | None:
    """Take a chunk that nobody has in hand: as many as may be at once, shared among the engines that work on the run.

    None, where there is none, or this engine has its share, or the run goes on no more.
    """
    who = {"run": run, "engine": engine, "now": now}
    if connection.execute(LOCK, {"run": run}).scalar() != RunState.IN_PROGRESS.value:
        return None
    if at_once - in_hand(connection, run, engine, now, at_once) <= 0:
        return None
    found = connection.execute(NEXT, {**who, "without": list(without)}).scalar()
    if found is None:
        return None
    values = {"holder": engine, "hold": TABLE.c.hold + 1, "leased_until": until}
    row = connection.execute(TAKE.values(values), {"chunk": found}).mappings().one()
    return Chunk(**{"run": run, **{name: row[name] for name in Chunk._fields if name != "run"}})


def in_hand(connection: Connection, run: int, engine: str, now: datetime, at_once: int) -> int:
    """How much of what may be in hand at once is not for this engine now: others have it, or are to have it."""
    connection.execute(SEEN, {"run": run, "engine": engine, "now": now})
    engines = int(connection.execute(ENGINES, {"run": run, "since": now - LOOKS_WITHIN}).scalar_one())
    leased, mine = connection.execute(IN_HAND, {"run": run, "engine": engine, "now": now}).one()
    share = math.ceil(at_once / max(engines, 1))
    return max(int(leased), at_once - share + int(mine))


def advance(connection: Connection, chunk: Chunk, counts: Counts, leased_until: datetime) -> bool:
    """Write how far a chunk has come, and what was done. False, and nothing is written, where someone else has it."""
    more = {f"more_{name}": value for name, value in asdict(counts).items()}
    is_done = chunk.position >= chunk.last_key
    come = {"position": chunk.position, "begun": chunk.begun, "done": is_done, "leased_until": leased_until}
    who = {"this_id": chunk.id, "this_hold": chunk.hold}
    return connection.execute(ADVANCE, {**who, **more, **come}).rowcount == 1


def goes_on(connection: Connection, run: int) -> bool:
    """Whether anybody carries the run out."""
    return connection.execute(STATE, {"run": run}).scalar() == RunState.IN_PROGRESS.value


def begin(connection: Connection, chunk: Chunk) -> None:
    """Write up to which key a batch is in hand: whoever takes the chunk after a kill looks what has become of it."""
    connection.execute(HELD, {"this_id": chunk.id, "this_hold": chunk.hold, "begun": chunk.begun})


def release(connection: Connection, chunk: Chunk) -> None:
    """Give a chunk up, so that anybody may take it."""
    connection.execute(HELD, {"this_id": chunk.id, "this_hold": chunk.hold, "leased_until": None, "holder": ""})


def release_all(connection: Connection, run: int) -> None:
    """Give all chunks of a run up: nobody can have one in hand."""
    connection.execute(update(TABLE).where(TABLE.c.run_id == run, IS_LEASED).values(leased_until=None, holder=""))


def renew(connection: Connection, engine: str, until: datetime) -> None:
    """Renew the leases on all that an engine has in hand."""
    connection.execute(RENEW, {"engine": engine, "leased_until": until})


def left(connection: Connection, run: int, engine: str, now: datetime) -> list[Left]:
    """What is left of a run."""
    return [Left(*row) for row in connection.execute(LEFT, {"run": run, "engine": engine, "now": now})]


def open_ranges(connection: Connection, run: int) -> list[tuple[str, range]]:
    """The keys that are left of a run, by provider, but for those ahead; what touches is one range."""
    found: list[tuple[str, range]] = []
    for provider, position, last in connection.execute(OPEN, {"run": run}):
        keys = range(position + 1, last + 1)
        if found and found[-1][0] == provider and found[-1][1].stop == keys.start:
            keys = range(found.pop()[1].start, keys.stop)
        found.append((provider, keys))
    return found


def counts(connection: Connection, runs: Collection[int]) -> dict[int, Counts]:
    """What was done in the chunks of these runs."""
    return {row[0]: Counts(*map(int, row[1:])) for row in connection.execute(SUMS, {"runs": list(runs)})}


def wanted(connection: Connection, engine: str, now: datetime) -> list[int]:
    """The runs that go on and have chunks which nobody has in hand."""
    return list(connection.execute(WANTED, {"engine": engine, "now": now}).scalars())


def forget(connection: Connection, run: int) -> None:
    """Remove the chunks of a run that is over."""
    connection.execute(delete(TABLE).where(TABLE.c.run_id == run))
    connection.execute(delete(CREWS).where(CREWS.c.run_id == run))
