"""The communication queue: what is to be told to subscribers, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EntryState(StrEnum):
    """State of an entry. It ends when its last request does; who removes one that is COMPLETED leaves a trace."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    COMPLETED_AND_REMOVED = "COMPLETED_AND_REMOVED"


@dataclass(frozen=True)
class Entry:
    """A text for a subscription, to be sent by the mail run of its external system.

    `external_system` is the code of the system that tells it. `reason` says why it was rejected.
    """

    id: int
    subscription: str
    text: str
    external_system: str
    state: EntryState
    created_date: datetime
    executed_date: datetime | None = None
    reason: str = ""
