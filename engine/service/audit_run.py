"""The audit run: platforms are asked what they hold for all that they should know, and that is believed.

A platform that takes files is asked at the end of the run, in files; the error-handling run takes its answers down.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import ColumnElement, Connection

from engine.domain.provider import Provider
from engine.domain.run import Counts, LogLine
from engine.service import findings
from engine.service.auditing import cards
from engine.service.auditing.questions import UnansweredError, Whose, load, look
from engine.service.batch import LONG_S
from engine.service.context import Context
from engine.service.files.process_files import told
from engine.service.files.upload import send_files
from engine.service.findings import Looked
from engine.service.jobs import Deed, Done, Ended, Foreseen, Sweep, Task, Why, providers
from engine.service.pace import Pace
from engine.service.selecting import selection
from engine.service.send import in_turn
from engine.store import batches, pages, requests
from engine.store.audits import Process


def known(task: Task, provider: Provider, keys: range) -> list[ColumnElement[bool]]:
    """Subscriptions of a range that have anything on the provider's distributors, or held there, of those meant."""
    distributors = [one.code for one in provider.distributors]
    of_range = pages.TABLE.c.id.between(keys.start, keys.stop - 1)
    return [of_range, pages.at_provider(provider.code, distributors), *selection(task.definition.filters).conditions()]


def find(_context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> list[int]:
    """Their keys."""
    return pages.keys(connection, known(task, provider, keys))


def count(_context: Context, connection: Connection, task: Task, provider: Provider, keys: range) -> int:
    """How many they are."""
    return pages.count(connection, known(task, provider, keys))


def do(context: Context, task: Task, provider: Provider, keys: list[int]) -> AbstractContextManager[Ended]:
    """Ask the platform about these, or make the requests that do so in files."""
    batch = made if context.adapter(provider).takes_files else asked
    return batch(context, task, provider, keys)


@dataclass
class Batch:
    """Subscriptions of which a platform is asked: what it said, why it did not, and who is done with."""

    context: Context
    task: Task
    provider: Provider
    pace: Pace
    looked: list[Looked] = field(default_factory=list)
    errors: list[LogLine] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    def ask(self, several: list[Whose]) -> Why | None:
        """Ask about these, one after the other. Gives why not about all."""
        clock, code = self.context.clock, self.provider.code
        began = clock.now()
        for one in several:
            if self.task.halts():
                return Why.HALTED
            if not self.context.provider(code).effective:
                return Why.NOT_EFFECTIVE
            if (clock.now() - began).total_seconds() > LONG_S:
                return Why.LONG_ENOUGH
            try:
                self.looked.append(look(self.context, self.provider, one, self.pace.passes))
            except UnansweredError as error:
                if error.why:
                    return error.why
                self.errors.append(LogLine(clock.now(), one.subscription.number, f"{code}: {error}", error=True))
            self.done.append(one.key)
        return None

    def write(self, connection: Connection) -> list[Done]:
        """Write what was found. Gives what is to be told of each."""
        process, at = Process(findings.RUN, self.task.run), self.context.clock.now()
        findings.take_down(self.context, connection, self.provider, self.looked, process)
        news = [one for one in self.looked if one.is_news]
        return [
            *((Counts(changed=1), LogLine(at, one.number, findings.told(one))) for one in news),
            *((Counts(errors=1), line) for line in self.errors),
        ]


@contextmanager
def asked(context: Context, task: Task, provider: Provider, keys: list[int]) -> Iterator[Ended]:
    """Ask the platform about these under their turns: nothing is under way for them meanwhile."""
    batch = Batch(context, task, provider, Pace(context, provider, task.halts))
    batch.pace.reserve(len(keys))
    if not batch.pace.comes():
        yield Ended([], lambda _connection: [], Why.HALTED)
        return
    with in_turn(context, provider, keys):
        with context.database.reading() as connection:
            several = load(context, connection, provider, keys)
        why = batch.ask(several)
        yield Ended(batch.done, batch.write, why)


@contextmanager
def made(context: Context, task: Task, provider: Provider, keys: list[int]) -> Iterator[Ended]:
    """Where the platform takes files: the requests that ask are written with the run's progress, PENDING."""
    yield Ended(keys, partial(make, context, task, provider, keys))


def make(context: Context, task: Task, provider: Provider, keys: list[int], connection: Connection) -> list[Done]:
    """Write the requests that ask about the devices of these. Gives what is to be told of each."""
    process, at = Process(findings.RUN, task.run), context.clock.now()
    batches.lock(connection, keys)
    several = [cards.prepare(context, provider, one) for one in load(context, connection, provider, keys)]
    cards.make(context, connection, provider, process, several)
    return [
        *((Counts(requests=len(one.parameters)), None) for one in several),
        *((Counts(errors=1), LogLine(at, one.number, why, error=True)) for one in several for why in one.unfit),
    ]


def conclude(context: Context, task: Task) -> Iterator[Deed]:
    """Send the files that ask. What can't be sent stays PENDING, and goes with the next processing run."""
    for provider in providers(context, task):
        if context.adapter(provider).takes_files:
            mine = requests.keys_of(task.run, findings.RUN)
            for one in send_files(context, provider, until=context.clock.now(), only=mine):
                for counts, line in told(context, provider, one):
                    yield replace(counts, examined=0, requests=0), line


def foresee(
    context: Context, connection: Connection, _task: Task, provider: Provider, keys: list[int]
) -> list[Foreseen]:
    """What would be asked about these."""
    adapter, common = context.adapter(provider), Foreseen("", context.clock.now(), provider=provider.code)
    if adapter.takes_files:
        query = adapter.utilities["query"].request
        several = (cards.prepare(context, provider, one) for one in load(context, connection, provider, keys))
        return [
            replace(common, subscription=one.number, request=query, parameters=said)
            for one in several
            for said in one.parameters
        ]
    return [
        replace(common, subscription=one.subscription.number, request="AUDIT", parameters={"about": about})
        for one in load(context, connection, provider, keys)
        for about in (one.devices if adapter.keeping.roles else (one.subscription.number,))
    ]


SWEEP = Sweep(providers, count, find, do, foresee, conclude=conclude)
