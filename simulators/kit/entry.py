"""One line of the journal, and how lines are chosen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from simulators.kit.platform import Violation

# refused: turned away at a login, which HTTP calls don't have and file transfers do
Outcome = Literal["answered", "lost", "reset", "timed_out", "refused", "partial"]
Effect = Literal["applied", "unchanged", "rejected", "none"]


class Entry(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One exchange: what came, what was done, what left, and what went wrong on purpose.

    `seq` is the order in which the platform acted. Bodies are text in their own character set, else base64. Never a
    password in it: the request's headers are not kept. What went wrong on FTP's line itself has an entry, too: it is a
    step of the `transfer`, and nothing that the platform was asked for.
    """

    seq: int
    workspace: str
    at: datetime
    platform: str
    channel: str
    operation: str
    subject: str
    parameters: Mapping[str, Any]
    reference: str
    method: str
    path: str
    content_type: str
    request: str
    status: int | None
    response_type: str
    response: str
    outcome: Outcome
    effect: Effect
    request_base64: bool = False
    response_base64: bool = False
    difference: list[str] = []
    code: str | None = None
    fault: str | None = None
    violations: tuple[Violation, ...] = ()
    added_delay_s: float = 0.0
    process_s: float = 0.0
    verified: bool = False
    transfer: bool = False


class Criteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which entries: all that is given must fit; `parameters` is a part of the entry's, both `seq` bounds count in."""

    platform: str | None = None
    operation: str | None = None
    subject: str | None = None
    outcome: Outcome | None = None
    effect: Effect | None = None
    parameters: dict[str, Any] = {}
    since_seq: int = 0
    until_seq: int | None = None

    def fit(self, entry: Entry) -> bool:
        """Whether an entry is one of those asked for."""
        named = (
            (self.platform, entry.platform),
            (self.operation, entry.operation),
            (self.subject, entry.subject),
            (self.outcome, entry.outcome),
            (self.effect, entry.effect),
        )
        return (
            self.since_seq <= entry.seq
            and (self.until_seq is None or entry.seq <= self.until_seq)
            and all(wanted in {None, found} for wanted, found in named)
            and all(entry.parameters.get(name) == value for name, value in self.parameters.items())
        )


EVERYTHING = Criteria()
