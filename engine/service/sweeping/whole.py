"""The whole of a run that goes through subscriptions in ranges: divided, counted, worked on until nothing is left."""

from dataclasses import replace

from engine.domain.errors import NotAllowedError
from engine.domain.run import LogLine
from engine.service.context import Context
from engine.service.filters import AT_ONCE, known_to
from engine.service.jobs import Sweep, Task
from engine.service.lease import LostError
from engine.service.sweeping.crew import Crew
from engine.service.sweeping.divide import counted, divide
from engine.service.sweeping.work import LOOK_EVERY_S, work
from engine.store import chunks
from engine.store import runs as store
from engine.store.runs import Hold


def crew_of(context: Context, task: Task, sweep: Sweep) -> Crew:
    """Those who work on a run in this engine."""
    at_once = task.definition.filters.get(AT_ONCE) or known_to(task.definition.kind, {})[AT_ONCE].default
    crew = Crew(context, task, sweep, int(at_once))
    crew.task = replace(task, halts=crew.halts)
    return crew


def go_through_all(context: Context, hold: Hold, task: Task, sweep: Sweep, total: int) -> bool:
    """Carry a run out, of which so much is done. Gives whether nothing is left: else it is to end before.

    Raises NotAllowedError where it can't go on; LostError where it is held by someone else meanwhile.
    """
    crew = crew_of(context, task, sweep)
    if not context.database.shared:
        with context.database.transaction() as connection:
            chunks.release_all(connection, task.run)
    divide(context, task, sweep, crew.at_once)
    for part in counted(context, task, sweep):
        total += part
        change(context, hold, total=total)
        if crew.halts():
            return False
    return until_nothing_is_left(crew)


def until_nothing_is_left(crew: Crew) -> bool:
    """Work on a run, and wait for others who do. Gives whether nothing is left. Raises NotAllowedError."""
    while True:
        work(crew)
        if crew.halts():
            return False
        left = crew.left()
        if not left:
            return True
        if not any(one.leased for one in left) and all(one.provider in crew.left_out for one in left):
            give_up(crew)
        crew.over.wait(LOOK_EVERY_S)


def give_up(crew: Crew) -> None:
    """Say why a run ends without some providers. Raises NotAllowedError."""
    reasons = [reason for _provider, reason in sorted(crew.left_out.items())]
    now = crew.context.clock.now()
    lines = [LogLine(now, "", f"{reason} What is left stays PENDING.", error=True) for reason in reasons]
    with crew.context.database.transaction() as connection:
        store.write_log(connection, crew.task.run, lines)
    raise NotAllowedError(" ".join(reasons))


def change(context: Context, hold: Hold, **values: int) -> None:
    """Write how far a run is. Raises LostError."""
    with context.database.transaction(durable=False) as connection:
        if not store.change(connection, hold, **values):
            raise LostError(f"Run {hold.run} was taken, or given up, by another engine.")
