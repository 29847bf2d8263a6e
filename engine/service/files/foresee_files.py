"""What the processing run would do at platforms that take files: it is looked up, and nothing is planned."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from engine.domain.provider import Provider
from engine.service.context import Context
from engine.service.files import process_files
from engine.service.jobs import PAGE, Foreseen, Task, Unit, waiting
from engine.service.plan_many import Step, asked, steps
from engine.store import foreseen as store
from engine.store.gaps.question import Question, Span
from engine.store.planning import Calls


class Look(NamedTuple):
    """A part of what would be sent to a provider: what waits, or what a step would plan."""

    context: Context
    provider: Provider
    task: Task
    step: Step | None

    def count(self, connection: Connection) -> int:
        """How many requests there are in it."""
        if self.step is None:
            return process_files.waiting(connection, self.provider, self.task)
        return store.count(connection, *self._asked(self.step))

    def page(self, connection: Connection, offset: int) -> list[Foreseen]:
        """Some of them, in the order of their making."""
        if self.step is not None:
            common = Foreseen("", self.task.at, provider=self.provider.code)
            needed = store.find(connection, *self._asked(self.step), limit=PAGE, offset=offset)
            return [
                replace(common, subscription=one.subscription, request=one.type, parameters=one.parameters)
                for one in needed
            ]
        adapter = self.context.adapter(self.provider)
        found = store.waiting(connection, self.provider.code, self.task.at, limit=PAGE, offset=offset)
        return [waiting(one.subscription, one, adapter) for one in found]

    def _asked(self, step: Step) -> tuple[Question, Span, Calls]:
        """The question by which the gap is seen, for whom it is asked, and what it calls for."""
        return asked(self.context, self.provider, step)


def looks(context: Context, connection: Connection, task: Task) -> Iterator[Look]:
    """All that would be sent, part by part."""
    for provider in process_files.taking_files(context, task):
        yield Look(context, provider, task, None)
        for step in steps(context, connection, provider):
            yield Look(context, provider, task, step)


def count(context: Context, connection: Connection, task: Task) -> int:
    """How many requests would be sent."""
    return sum(look.count(connection) for look in looks(context, connection, task))


def units(context: Context, task: Task, skip: int) -> Iterator[Unit]:
    """Those requests, without so many: `what` is each."""
    with context.database.reading() as connection:
        to_see = list(looks(context, connection, task))
    for look in to_see:
        with context.database.reading() as connection:
            known = look.count(connection) if skip else 0
        if skip and skip >= known:
            skip -= known
            continue
        while found := page(context, look, skip):
            yield from (Unit(0, one.subscription, one) for one in found)
            skip += len(found)
        skip = 0


def page(context: Context, look: Look, offset: int) -> list[Foreseen]:
    """Some of a part."""
    with context.database.reading() as connection:
        return look.page(connection, offset)
