"""A story as values: each step, and all that the manual says must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OUTAGE_BEGINS, OUTAGE_ENDS, RESET, FAULT, RUNS = "OUTAGE_BEGINS", "OUTAGE_ENDS", "RESET", "FAULT", "RUNS"
OUTAGES, SNAPSHOT, RESTORE, FORGET = "OUTAGES", "SNAPSHOT", "RESTORE", "FORGET"
OUT_OF_SYNC, PREVIEW, RESET_RUN, SEEN, AUDIT = "OUT_OF_SYNC", "PREVIEW", "RESET_RUN", "SEEN", "AUDIT"
EVERYBODY = ""
Person = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it must be: the parameters named are those that matter.

    `operation` and `received` are the same in the platform's words, where these are others. `file` is the name of the
    file that it is in, and `error_code` that of the platform's refusal; either is looked at where it is said.
    """

    command: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    life_cycle_state: str = "COMPLETED"
    operation: str = ""
    received: Mapping[str, Any] | None = None
    file: str = ""
    error_code: str = ""


@dataclass(frozen=True)
class File:
    """A file as the platform must take it, in its words: the parameters named are those that matter."""

    name: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One thing that happens, and what must come of it at the platform.

    `refused` is the sentence of an action that must not be carried out; `in_sync` is None where nobody subscribes yet.
    `at` is the moment to which all clocks are put forward before. Of a platform that takes files, `files` are those
    that must come. `shown` is what the engine must say: what is authorised, and until when, or what the action reports.
    A step with a `picture` is told in one line, beside it. An effect may have an asterisk for an id that the platform
    gives.
    """

    title: str
    action: str
    subscription: str
    details: Mapping[str, Any] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    effects: tuple[str, ...] = ()
    in_sync: bool | None = True
    platform: str = "tucano"
    refused: str = ""
    at: datetime | None = None
    files: tuple[File, ...] = ()
    shown: tuple[str, ...] | None = None
    picture: str = ""
