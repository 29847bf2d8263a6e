"""The error-handling run: what has become of the files that were sent, by the folders of the platform's answers.

A file is a unit. Its result, with all that this changes, is on disk before its answer is removed at the platform; so
that a run that is resumed begins at the beginning.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import Connection

from engine.domain.file import FileState, RequestFile
from engine.domain.run import Counts, LogLine
from engine.ports import FoldersError
from engine.service.context import Context
from engine.service.files.answered import Ended, accept, refuse
from engine.service.files.found import Found, look
from engine.service.files.strangers import strangers, visit_to
from engine.service.files.told import late, told, wrong
from engine.service.jobs import Deed, Foreseen, Job, Task, Unit
from engine.store import files

ANOTHER = "another engine has taken down what became of it"


def awaited(connection: Connection, provider: str) -> list[RequestFile]:
    """The files of a provider that were sent, and whose answer has not come or is still at the platform."""
    found = files.find(connection, {"provider": provider, "cleared": False})
    return [one for one in found if one.state is not FileState.MADE]


def count(_context: Context, connection: Connection, task: Task, _after: int) -> int:
    """How many they are."""
    return len(awaited(connection, task.definition.provider))


def units(context: Context, task: Task, _after: int, skip: int) -> Iterator[Unit]:
    """Those files, oldest first; `what` is how each was found at the platform. Raises NotAllowedError."""
    with closing(visit_to(context, task)) as visit:
        with context.database.reading() as connection:
            sent = awaited(connection, visit.provider.code)
        for found in look(visit, sent[skip:]):
            yield Unit(found.file.id, "", found)


def collect(_context: Context, _task: Task, unit: Unit) -> Iterator[Deed]:
    """Take down what has become of a file, tell of it, and only then remove its answer at the platform."""
    found: Found = unit.what
    ended, deeds = became(found)
    yield from deeds
    if ended:
        yield from clear(found)


def became(found: Found) -> tuple[bool, list[Deed]]:
    """Whether a file has ended, and what is to be told of it."""
    file = found.file
    if file.state is not FileState.SENT:
        return True, [told(found, f"had been {file.state.lower()} before; its answer is removed")]
    if found.accepted:
        return accepted(found)
    if found.refusal:
        ended = refuse(found, found.refusal)
        return ended is not None, refusals(found, ended) if ended else [told(found, ANOTHER)]
    return False, [unanswered(found)]


def accepted(found: Found) -> tuple[bool, list[Deed]]:
    """The same of a file that was accepted, unless its answer can't be read yet."""
    try:
        asked_for = contents(found) if found.is_query else {}
    except (FoldersError, ValueError) as error:
        return False, [wrong(found, f"accepted, but its answer can't be read: {error}{late(found)}")]
    ended = accept(found, asked_for)
    if ended is None:
        return False, [told(found, ANOTHER)]
    twice = ", though there is a refusal too" if found.refused else ""
    deed = told(found, f"accepted{twice}", Counts(changed=1, requests=ended.completed))
    return True, [deed, *((Counts(errors=int(one.error)), one) for one in ended.audited)]


def contents(found: Found) -> Mapping[str, Any]:
    """What was asked for, by place. Raises FoldersError or ValueError where that can't be read."""
    content = found.visit.do(lambda folders: folders.read(found.answers[0]))
    return found.adapter.files.answers(content)


def refusals(found: Found, ended: Ended) -> list[Deed]:
    """What is told of a file that was refused: of itself, and of each request that was rejected."""
    refusal, rejected = found.refusal, len(ended.rejected)
    why = f"{refusal.code} line {refusal.line}" if refusal else ""
    rest = f", {ended.released} stay PENDING for another file" if ended.released else ""
    counts, now = Counts(changed=1, requests=rejected, rejected=rejected), found.visit.context.clock.now()
    lines = (
        LogLine(now, one.subscription, f"{why}: {' '.join(filter(None, (one.place, one.ca_id)))}", error=True)
        for one in ended.rejected
    )
    return [told(found, f"{why}: {rejected} rejected{rest}", counts, error=True), *((Counts(), one) for one in lines)]


def unanswered(found: Found) -> Deed:
    """What is told of a file that has not been answered, or not as far as can be told."""
    if found.unread and found.refused:
        return wrong(found, f"refused, but the list of errors can't be read: {found.unread}{late(found)}")
    if found.refused:
        return wrong(found, f"refused, but no whole entry in the list of errors says why{late(found)}")
    if not found.waits:
        return wrong(found, f"missing: it neither waits nor was it answered{late(found)}")
    return wrong(found, f"not answered{late(found)}") if late(found) else told(found, "not answered yet")


def clear(found: Found) -> Iterator[Deed]:
    """Remove a file's answer at the platform. Where that is refused, the next run tries again."""
    try:
        for path in found.answers:
            found.visit.do(lambda folders, path=path: folders.remove(path))  # type: ignore[misc]
    except FoldersError as error:
        yield wrong(found, f"its answer can't be removed: {error}")
        return
    with found.visit.context.database.transaction(durable=False) as connection:
        files.change(connection, found.file.id, cleared=True)


def foresee(_context: Context, _connection: Connection, _task: Task, unit: Unit) -> list[Foreseen]:
    """How a file was found at the platform, of which nothing is taken down."""
    found: Found = unit.what
    parameters = {"file": found.full_name, "records": found.file.records, "found": found.state}
    moment = found.file.sent_date or found.file.made_date
    return [Foreseen("", moment, request=found.file.type, parameters=parameters, provider=found.file.provider)]


JOB = Job(count, units, collect, foresee, conclude=strangers)
