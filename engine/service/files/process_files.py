"""The processing run at platforms that take files: planning for all subscriptions, then file after file.

Nothing of it has a place to go on from: what was planned is not planned again, and what was sent is not PENDING unsent.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial

from sqlalchemy import Connection

from engine.domain.file import FileState
from engine.domain.provider import Provider
from engine.domain.run import Counts, LogLine
from engine.service.configured import configured
from engine.service.context import Context
from engine.service.files.upload import Sender, SentFile
from engine.service.jobs import Deed, Task, persistently, providers
from engine.service.plan_many import Step, plan_many, steps
from engine.store import files, filing

WAITS = "What is left stays PENDING."


def taking_files(context: Context, task: Task) -> list[Provider]:
    """The providers of a run whose platforms take files. Raises DomainError."""
    return [one for one in providers(context, task) if context.adapter(one).takes_files]


def count(context: Context, connection: Connection, task: Task) -> int:
    """How many requests wait to be sent."""
    return sum(waiting(connection, provider, task) for provider in taking_files(context, task))


def waiting(connection: Connection, provider: Provider, task: Task) -> int:
    """How many of a provider's requests do: they are in no file, or in one that was not sent."""
    made = files.records_in_state(connection, provider.code, FileState.MADE)
    return made + filing.count(connection, provider.code, task.at)


def plan(context: Context, task: Task) -> Iterator[tuple[int, LogLine | None]]:
    """Plan for all subscriptions, step by step: says how many requests are made, and at last of which types."""
    for provider in taking_files(context, task):
        with context.database.reading() as connection:
            to_do = list(steps(context, connection, provider))
        planned: Counter[str] = Counter()
        for step in to_do:
            made = persistently(partial(plan_step, context, task, provider.code, step))
            planned.update(made)
            yield sum(made.values()), None
        if planned:
            said = ", ".join(f"{number} {request_type}" for request_type, number in planned.items() if number)
            yield 0, LogLine(context.clock.now(), "", f"{provider.code}: planned: {said}")


def plan_step(context: Context, task: Task, code: str, step: Step) -> dict[str, int]:
    """Plan one step, if anything is sent to the provider now. Raises CollisionError, and then nothing was planned."""
    with context.database.transaction() as connection:
        provider = configured(context, connection).provider(code)
        return plan_many(context, connection, provider, task.run, step) if provider.effective else {}


def send(context: Context, task: Task) -> Iterator[Deed]:
    """Send all that is due, EXPRESS first, after what is left from before. If a platform fails, it is left out."""
    for provider in taking_files(context, task):
        with closing(Sender(context, provider.code, task.at)) as sender:
            while done := sender.next():
                yield from told(context, provider, done)
                if done.left:
                    break


def told(context: Context, provider: Provider, done: SentFile) -> Iterator[Deed]:
    """What came of a file, and of what could not be in it. There is no line for each of its requests: a million."""
    now, file, code = context.clock.now(), done.file, provider.code
    name = file.name + context.adapter(provider).files.places(provider).ready if file else ""
    for one in done.unsendable:
        said = f"{code}: {one.type} {one.code}: {one.reason}"
        yield Counts(examined=1, rejected=1), LogLine(now, one.subscription, said, error=True)
    if done.left:
        stays = f" {name} is sent by the next run." if file else ""
        yield Counts(errors=1), LogLine(now, "", f"{done.left}{stays} {WAITS}", error=True)
    elif file is not None:
        thing = " ".join(filter(None, (file.type, file.ca_id)))
        found = "; it was at the platform already" if done.found else ""
        said = f"{code}: {name} {thing}: {file.records} records, sent{found}"
        yield Counts(examined=file.records, requests=file.records), LogLine(now, "", said)
