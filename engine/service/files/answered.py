"""What the answer to a file changes: its requests end, or go into another file, and with them what they were for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from engine.domain.file import FileState
from engine.domain.request import NOTHING, RequestState
from engine.domain.run import LogLine
from engine.ports import Refusal
from engine.service.files.audited import audited
from engine.service.files.found import Found
from engine.store import answers, ends, settling, since
from engine.store.ends import Refused

OK = "ok"


class Ended(NamedTuple):
    """What became of a file's requests: how many were completed, which were rejected, how many stay PENDING.

    `audited` tells what audits have found by it.
    """

    completed: int = 0
    rejected: tuple[Refused, ...] = ()
    released: int = 0
    audited: tuple[LogLine, ...] = ()


def accept(found: Found, asked_for: Mapping[str, Any]) -> Ended | None:
    """Complete all requests of a file, with what was asked for by place, and write what is held after it.

    None, and nothing is written, where another engine has done so.
    """
    file, now = found.file, found.visit.context.clock.now()
    effect, end = found.adapter.row(file.type).on_completed, {"state": FileState.ACCEPTED, "answered_date": now}
    types = [row.request for row in found.adapter.table if row.on_completed.kind is effect.kind]
    with found.visit.context.database.transaction() as connection:
        if not answers.take(connection, file, effect, types, **end):
            return None
        if effect.changes_holdings:
            answers.hold(connection, file, effect, types)
        ends.answer(connection, file, asked_for)
        ended = Ended(completed=ends.finish(connection, file, completed(found, now)))
        since.accept(connection, file, found.adapter.changing)
        settling.settle(connection, file, now)
        ended = ended._replace(audited=tuple(audited(found, connection, asked_for)))
    tally(found, "completed", ended.completed)
    return ended


def refuse(found: Found, refusal: Refusal) -> Ended | None:
    """Reject the request that a refusal is about, and let the others go into another file; or reject all.

    None, and nothing is written, where another engine has done so.
    """
    file, now = found.file, found.visit.context.clock.now()
    end = {"state": FileState.REFUSED, "answered_date": now, "code": refusal.code, "line": refusal.line}
    record = found.adapter.files.record_of(file, refusal)
    with found.visit.context.database.transaction() as connection:
        if not answers.take(connection, file, NOTHING, (), **end):
            return None
        ends.finish(connection, file, rejected(found, refusal, now), record)
        released = ends.release(connection, file)
        if found.adapter.row(file.type).on_completed.changes_holdings:
            since.refuse(connection, file)
        settling.settle(connection, file, now)
        ended = Ended(rejected=tuple(ends.rejected(connection, file)), released=released)
    tally(found, "rejected", len(ended.rejected))
    return ended


def completed(found: Found, at: datetime) -> dict[str, Any]:
    """The columns that the end of a file fills, of each request."""
    return {
        "life_cycle_state": RequestState.COMPLETED,
        "executed_date": at,
        "request": found.full_name,
        "response": OK,
        "reference_number": f"{found.file.number:06d}",
        "error_code": "",
        "error_description": "",
    }


def rejected(found: Found, refusal: Refusal, at: datetime) -> dict[str, Any]:
    """The same where it was refused; what is wrong is said in the platform's code, and in words."""
    wrong = found.adapter.files.codes.get(refusal.code, "")
    return completed(found, at) | {
        "life_cycle_state": RequestState.REJECTED,
        "response": f"{refusal.code} {refusal.line}",
        "reference_number": "",
        "error_code": refusal.code,
        "error_description": f"Line {refusal.line} of {found.full_name}{wrong and f': {wrong}'}.",
    }


def tally(found: Found, outcome: str, count: int) -> None:
    """Count requests that have ended."""
    found.visit.context.tally.ended(found.visit.provider.code, found.file.type, outcome, count)
