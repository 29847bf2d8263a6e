"""Dividing a run into chunks, and counting how much there is in them."""

from collections.abc import Iterator

from engine.domain.provider import Provider
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.jobs import Sweep, Task
from engine.store import chunks, planning

FEW, MANY = 20, 1_000
"""Keys of a chunk, at least and at most: few enough to hold, and so many that taking one costs nothing beside it."""
AHEAD = 10_000  # keys of a chunk that is gone through ahead: few of them are found
COUNTED = 100_000  # keys that are counted at once: who looks on sees how it goes


def divide(context: Context, task: Task, sweep: Sweep, at_once: int) -> None:
    """Divide a run that is begun for the first time. Raises DomainError."""
    refresh(context)
    providers = sweep.providers(context, task)
    with context.database.reading() as connection:
        if chunks.exist(connection, task.run):
            return
        every = range(1, planning.last_key(connection) + 1)
    size = min(max(len(every) // (at_once * 4), FEW), MANY)
    first = {provider.code: list(ahead(context, task, sweep, provider, every)) for provider in providers}
    with context.database.transaction() as connection:
        for code, some in first.items():
            chunks.make(connection, task.run, code, some, ahead=True)
            chunks.make(connection, task.run, code, parts(every, size))


def ahead(context: Context, task: Task, sweep: Sweep, provider: Provider, keys: range) -> Iterator[range]:
    """The ranges in which there are any that come before all others."""
    for part in parts(keys, AHEAD) if sweep.ahead else ():
        with context.database.reading() as connection:
            if sweep.ahead and sweep.ahead(context, connection, task, provider, part):
                yield part


def parts(keys: range, size: int) -> Iterator[range]:
    """The keys in ranges of so many."""
    return (range(first, min(first + size, keys.stop)) for first in range(keys.start, keys.stop, size))


def counted(context: Context, task: Task, sweep: Sweep) -> Iterator[int]:
    """How much is left of a run, part by part."""
    with context.database.reading() as connection:
        ranges = chunks.open_ranges(connection, task.run)
    for code, keys in ranges:
        for part in parts(keys, COUNTED):
            yield count(context, task, sweep, code, part)


def count(context: Context, task: Task, sweep: Sweep, code: str, keys: range) -> int:
    """How much there is in a range at a provider; nothing, where that is no more."""
    provider = context.providers.get(code)
    with context.database.reading() as connection:
        return sweep.count(context, connection, task, provider, keys) if provider else 0


def keys_left(context: Context, task: Task) -> int:
    """How many keys are left to be looked at."""
    with context.database.reading() as connection:
        return sum(len(keys) for _provider, keys in chunks.open_ranges(connection, task.run))
