"""What a kind of run does: its units, one after the other, and what is done to each."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection

from engine.domain.actions import Action
from engine.domain.errors import CollisionError
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.run import Counts, Definition, LogLine
from engine.ports import Adapter
from engine.service import transcript
from engine.service.context import Context

PAGE = 5_000  # units that are held at once
TRIES = 3  # at what another engine is changing at the same moment
log = logging.getLogger(__name__)
Made = TypeVar("Made")


def never() -> bool:
    """Nothing halts it."""
    return False


def nothing_marked(_connection: Connection) -> None:
    """Nobody asks what was in hand."""


@dataclass(frozen=True)
class Task:
    """A run as it is carried out now: its key, what it is a run of, and its moment.

    `left_out` are the providers that it has found to be left alone, and leaves alone from then on. `halts` says that it
    is to end as soon as it can: it was interrupted, or has failed elsewhere. `mark` writes that a batch is in hand, in
    the transaction in which its requests are made; `again`: it was in hand before, and may be done in part.
    """

    run: int
    definition: Definition
    at: datetime
    left_out: set[str] = field(default_factory=set)
    halts: Callable[[], bool] = never
    mark: Callable[[Connection], None] = nothing_marked
    again: bool = False

    def doing(self, mark: Callable[[Connection], None], *, again: bool) -> "Task":
        """The same run, at a batch."""
        return replace(self, mark=mark, again=again)


class Unit(NamedTuple):
    """What a run takes in hand at once: the number of a subscription (none: for all), and what else is known of it.

    `position` is how far the run has come when it is done.
    """

    position: int
    subscription: str
    what: Any = None


@dataclass(frozen=True)
class Foreseen:
    """What a run would do to one unit: execute an action, or send a request.

    `scheduled` is the key of the action, where one was scheduled; `communication_entry` that of the entry that is to
    be told. `reason` says why nothing would be sent.
    """

    subscription: str
    moment: datetime
    action: Action | None = None
    scheduled: int | None = None
    request: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    communication_entry: int | None = None
    reason: str = ""
    provider: str = ""


def waiting(subscription: str, request: ProvisioningRequest, adapter: Adapter) -> Foreseen:
    """That a request which is there already would be sent."""
    return Foreseen(
        subscription,
        request.scheduled_date or request.created_date,
        request=request.type,
        parameters=transcript.of_parameters(adapter.row(request.type), request.parameters_set),
        communication_entry=request.communication_entry,
        provider=request.provider,
    )


Deed = tuple[Counts, LogLine]


def told(provider: str, subscription: str, codes: list[str | None], at: datetime) -> Deed:
    """What was sent for a subscription, by the codes with which it was rejected (None: it was accepted)."""
    rejected = [code for code in codes if code is not None]
    known = ", ".join(dict.fromkeys(filter(None, rejected)))  # a platform may refuse without a code
    why = f" ({known})" if known else ""
    said = f"{provider}: requests: {len(codes)}, rejected: {len(rejected)}{why}"
    counts = Counts(changed=int(len(codes) > len(rejected)), requests=len(codes), rejected=len(rejected))
    return counts, LogLine(at, subscription, said, error=bool(rejected))


def providers(context: Context, task: Task) -> list[Provider]:
    """The provider of the run, else all effective ones. Raises DomainError."""
    return context.configuration.sent_to(task.definition.provider or None)


class Asking(Protocol):
    """What gives a page of units."""

    def __call__(self, connection: Connection, *, after: int, limit: int, offset: int) -> list[Unit]:
        """So many units, from a position on, without so many."""


def as_they_are(_context: Context, _task: Task, units: list[Unit]) -> list[Unit]:
    """Nothing is made ready."""
    return units


def nothing_before(_context: Context, _task: Task) -> Iterator[tuple[int, LogLine | None]]:
    """What there is to do is there."""
    yield from ()


def nothing_more(_context: Context, _task: Task) -> Iterator[Deed]:
    """All is done with the last unit."""
    yield from ()


@dataclass(frozen=True)
class Job:
    """What a kind of run does: for how many units, which, and what to each.

    `units` begins after a position, leaves out so many, and holds few at once. `together` units are made ready at once,
    by `prepare`. Whatever raises CollisionError is done again. `conclude` is what is left to do for all of them.

    `begin` is what is done before, step by step: each says by how much more there is to examine then, and perhaps a
    line of the log.
    """

    count: Callable[[Context, Connection, Task, int], int]
    units: Callable[[Context, Task, int, int], Iterator[Unit]]
    do: Callable[[Context, Task, Unit], Iterator[Deed]]
    foresee: Callable[[Context, Connection, Task, Unit], list[Foreseen]]
    prepare: Callable[[Context, Task, list[Unit]], list[Unit]] = as_they_are
    together: int = 1
    conclude: Callable[[Context, Task], Iterator[Deed]] = nothing_more
    begin: Callable[[Context, Task], Iterator[tuple[int, LogLine | None]]] = nothing_before


Done = tuple[Counts, LogLine | None]


class Why(Enum):
    """Why a batch ends before all of it is done: the platform keeps failing, it was long enough, the run is to end."""

    LEFT_ALONE = auto()
    LONG_ENOUGH = auto()
    HALTED = auto()
    NOT_EFFECTIVE = auto()


@dataclass(frozen=True)
class Ended:
    """What came of a batch of subscriptions, ready to be written.

    `done` are those that are done with: the first of the batch, or all of it; `why` says why not all. `write` writes
    the effects, and gives what was done: it is called in the transaction in which the run's progress is written too,
    and again if that fails.
    """

    done: list[int]
    write: Callable[[Connection], list[Done]]
    why: Why | None = None


InHand = Callable[[Context, Task, Provider, list[int]], AbstractContextManager[Ended]]


def nothing_touched(
    _context: Context, _connection: Connection, _task: Task, _provider: Provider, _keys: range
) -> list[int]:
    """Nothing of it is there before it is done."""
    return []


@dataclass(frozen=True)
class Sweep:
    """What a kind of run does to ranges of subscriptions' keys, several ranges at once, in any order.

    `providers`: for which it is; raises DomainError. `count`: how many subscriptions of a range there are to be taken
    in hand at a provider; `find`: their keys, ascending. `touched`: for which of a range the run has made something
    already. `ahead`: which of a range come before all others of the provider. `do` does a batch of few, `together` at
    most, under their turns, which it has until what came of it is written. `foresee`: what it would do to these.
    `conclude` is what is left to do for all of them.
    """

    providers: Callable[[Context, Task], list[Provider]]
    count: Callable[[Context, Connection, Task, Provider, range], int]
    find: Callable[[Context, Connection, Task, Provider, range], list[int]]
    do: InHand
    foresee: Callable[[Context, Connection, Task, Provider, list[int]], list[Foreseen]]
    touched: Callable[[Context, Connection, Task, Provider, range], list[int]] = nothing_touched
    ahead: Callable[[Context, Connection, Task, Provider, range], list[int]] | None = None
    together: int = 40
    conclude: Callable[[Context, Task], Iterator[Deed]] = nothing_more


def by_so_many(units: Iterator[Made], size: int) -> Iterator[list[Made]]:
    """The units, so many at once."""
    while found := list(islice(units, size)):
        yield found


def paged(context: Context, page: Asking, after: int, skip: int) -> Iterator[Unit]:
    """All units, from a position on, without so many."""
    while True:
        with context.database.reading() as connection:
            found = page(connection, after=after, limit=PAGE, offset=skip)
        yield from found
        if len(found) < PAGE:
            return
        after, skip = found[-1].position, 0


def persistently(call: Callable[[], Made]) -> Made:
    """Do it; once more, where another engine was changing the same. Raises CollisionError where it always is."""
    for _ in range(TRIES - 1):
        try:
            return call()
        except CollisionError as refusal:
            log.info("A run has given way: %s", refusal.message)
    return call()
