"""Runs: what is set up once is a definition, each execution of it a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RunKind(StrEnum):
    """What a run does."""

    MAINTENANCE = "maintenance"
    PROCESS = "process_provisioning_requests"
    MAIL = "mail"
    ERROR_HANDLING = "error_handling"
    RESET = "reset_subscriptions"
    AUDIT = "audit"
    ARCHIVE = "archive"


class RunState(StrEnum):
    """State of a run. One that was interrupted has FAILED, and goes on from where it was when it is resumed."""

    DRAFT = "DRAFT"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    COMPLETED_WITH_ERRORS = "COMPLETED_WITH_ERRORS"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Definition:
    """A run that is set up. Only an effective one can be submitted.

    `code` is its alternative code. `schedule` is a moment with an offset, for once; five fields of cron in UTC, for
    again and again; or nothing. `filters` are those that its kind knows.
    """

    code: str
    name: str
    kind: RunKind
    description: str = ""
    provider: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    effective: bool = False


@dataclass(frozen=True)
class Counts:
    """What a run has come by: units looked at, what it changed, requests caused and rejected, errors.

    A unit is what a run takes in hand at once: a subscription, one of these at a provider, or an entry.
    """

    examined: int = 0
    changed: int = 0
    requests: int = 0
    rejected: int = 0
    errors: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.examined + other.examined,
            self.changed + other.changed,
            self.requests + other.requests,
            self.rejected + other.rejected,
            self.errors + other.errors,
        )


@dataclass(frozen=True)
class Run:
    """One execution of a definition. `reason` says why it failed. `total` is how much there was to examine."""

    id: int
    definition: str
    kind: RunKind
    state: RunState
    created_date: datetime
    start_date: datetime | None = None
    end_date: datetime | None = None
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    reason: str = ""


@dataclass(frozen=True)
class LogLine:
    """What a run did to one unit; `subscription` is empty where that is for all of them."""

    at: datetime
    subscription: str
    message: str
    error: bool = False
