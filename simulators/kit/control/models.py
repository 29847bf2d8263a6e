"""The bodies and queries the control port takes, and what it answers. The published schemas are made from these."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from simulators.kit.entry import Criteria, Effect, Entry, Outcome
from simulators.kit.plan import ListedFault
from simulators.kit.verify import Mode, Step

Format = Literal["json", "jsonl", "har", "mermaid"]
Wait = Annotated[float, msgspec.Meta(ge=0, le=60)]


class RequestsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries, and in which format."""

    platform: str | None = None
    operation: str | None = None
    subject: str | None = None
    outcome: Outcome | None = None
    effect: Effect | None = None
    since_seq: int = 0
    until_seq: int | None = None
    format: Format = "json"


class PlatformQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which platform, where there are several."""

    platform: str | None = None


class Verify(Criteria, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sequence to compare the journal with; the criteria say which of its entries."""

    mode: Mode
    sequence: list[Step]
    within_s: Wait = 0.0


class ClockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with the clock, in this order: set, freeze or let run, advance."""

    set: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    freeze: bool | None = None
    advance_s: Annotated[float, msgspec.Meta(ge=0, le=1e11)] | None = None


class ClockReply(msgspec.Struct, frozen=True):
    """The virtual time."""

    now: datetime
    frozen: bool


class Document(msgspec.Struct, frozen=True):
    """A JSON object whose members are the platform's own: its memory, or parts of its catalogue."""


class Requests(msgspec.Struct, frozen=True):
    """Journal entries, and how many older ones are gone."""

    requests: list[Entry]
    truncated: int = 0


class Count(msgspec.Struct, frozen=True):
    """How many entries fit."""

    count: int


class VerifyReply(msgspec.Struct, frozen=True):
    """Whether it is so, and a report in words."""

    passed: bool
    report: str
    expected: int
    received: int


class Faults(msgspec.Struct, frozen=True):
    """The faults, oldest first, and what became of each."""

    faults: list[ListedFault]


class Snapshots(msgspec.Struct, frozen=True):
    """The names of the memories kept, oldest first."""

    snapshots: list[str]


class Processed(msgspec.Struct, frozen=True):
    """How many files the platform has taken."""

    processed: int


class Forget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is lost, by id: an account, a user, a device or a card; or which of its things, by their ids."""

    subject: Annotated[str, msgspec.Meta(min_length=1)]
    things: list[str] = []


class Forgotten(msgspec.Struct, frozen=True):
    """What is held no more, a line for each thing."""

    forgotten: list[str]


class Status(msgspec.Struct, frozen=True):
    """That it lives, and what it simulates."""

    status: str
    platforms: list[str]


class ErrorBody(msgspec.Struct, frozen=True):
    """What is wrong, and where."""

    code: str
    message: str


class Error(msgspec.Struct, frozen=True):
    """The answer to what can't be done."""

    error: ErrorBody


Memory = dict[str, Any]
