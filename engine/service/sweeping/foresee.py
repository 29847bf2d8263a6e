"""What a run that goes through subscriptions in ranges would do, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from engine.domain.provider import Provider
from engine.service.context import Context
from engine.service.jobs import Foreseen, Sweep, Task, by_so_many
from engine.service.sweeping.divide import MANY, parts
from engine.service.views import Page
from engine.store import planning


def foresee_range(context: Context, task: Task, sweep: Sweep, limit: int, offset: int) -> Page[Foreseen]:
    """What would be done for a page of subscriptions at their providers; the total counts these. Raises DomainError."""
    total, page = 0, list[Foreseen]()
    with context.database.reading() as connection:
        for provider in sweep.providers(context, task):
            foreseer = Foreseer(context, connection, task, sweep, provider)
            count = foreseer.count()
            first, last = max(offset - total, 0), offset + limit - total
            if first < min(last, count):
                page += foreseer.foreseen(first, last)
            total += count
    return Page(total, page)


@dataclass(frozen=True)
class Foreseer:
    """Who looks what a run would do at a provider."""

    context: Context
    connection: Connection
    task: Task
    sweep: Sweep
    provider: Provider

    def keys(self) -> range:
        """The keys of all subscriptions."""
        return range(1, planning.last_key(self.connection) + 1)

    def count(self) -> int:
        """How many subscriptions would be taken in hand."""
        return self.sweep.count(self.context, self.connection, self.task, self.provider, self.keys())

    def found(self) -> Iterator[int]:
        """Which, in order."""
        for part in parts(self.keys(), MANY):
            yield from self.sweep.find(self.context, self.connection, self.task, self.provider, part)

    def foreseen(self, first: int, last: int) -> Iterator[Foreseen]:
        """What would be done for those from a place in that order up to another."""
        for keys in by_so_many(islice(self.found(), first, last), self.sweep.together):
            yield from self.sweep.foresee(self.context, self.connection, self.task, self.provider, keys)
