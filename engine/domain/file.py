"""A file of requests, from its making to its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from engine.domain.request import Priority

LAST_NUMBER = 999_999  # after it come those again that are free


class FileState(StrEnum):
    """State of a file: on disk here, and perhaps in part at the platform; taken over by it; answered."""

    MADE = "MADE"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class Period(NamedTuple):
    """From when until when something is given or taken, UTC: whole minutes."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class RequestFile:
    """Requests of one type that are sent together.

    `number` is its transaction number, which comes again when others have been used up; `name` that under which the
    platform knows it, without a suffix. The requests agree on `ca_id` (the service), `detail`, priority and dates.
    `errors_from` is how long the platform's list of errors was before this was sent. `begun`: a part of it may be at
    the platform. `cleared`: its answer has been removed there. `code` and `line` are those of its first error.
    """

    id: int
    provider: str
    number: int
    name: str
    type: str
    ca_id: str
    detail: str
    priority: Priority
    records: int
    state: FileState
    made_date: datetime
    period: Period | None = None
    begun: bool = False
    errors_from: int = 0
    sent_date: datetime | None = None
    answered_date: datetime | None = None
    code: str = ""
    line: int = 0
    cleared: bool = False


def name_of(letters: str, number: int) -> str:
    """A file's name, without a suffix."""
    return f"{letters}{number:06d}"
