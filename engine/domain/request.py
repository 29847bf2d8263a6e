"""One command to a platform, from its making to its end; and what an answer to it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.domain.rights import Kind


class RequestState(StrEnum):
    """All that users see of a request's life."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"


class Priority(StrEnum):
    """EXPRESS goes first."""

    REGULAR = "REGULAR"
    EXPRESS = "EXPRESS"


class Meaning(StrEnum):
    """What became of one attempt at a request."""

    ACCEPTED = "accepted, or so already"
    REFUSED = "refused by the platform"
    ACCOUNT_UNKNOWN = "refused: the platform does not know the account"
    DEVICE_UNKNOWN = "refused: the platform does not know the device"
    TURNED_AWAY = "refused unread: an earlier attempt may have been carried out all the same"
    NOT_SENT = "nothing reached the platform, or it was busy"
    IN_DOUBT = "sent, but no answer that can be read"


@dataclass(frozen=True)
class Verdict:
    """The meaning of an answer, with the platform's own words (or the engine's, where it gave none).

    `answer` is what was asked for, where something was. `no_device`: it is so already, for want of the device itself.
    """

    meaning: Meaning
    code: str = ""
    description: str = ""
    reference_number: str = ""
    account: str = ""
    answer: Mapping[str, Any] | None = None
    no_device: bool = False


@dataclass(frozen=True)
class Effect:
    """What a completed request changes in what is held: it gives or takes the things named by one parameter.

    The account alone needs none. `on` is the parameter that names their place, where the platform keeps things on
    devices. `alone`: a pair that is given ends all others of both. Of no kind is what changes nothing.
    """

    gives: bool
    kind: Kind | None
    parameter: str = ""
    on: str = ""
    alone: bool = False

    @property
    def changes_holdings(self) -> bool:
        """Whether anything is held more or less then."""
        return self.kind is not None

    def ids(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """The CA IDs concerned. The account's own id comes with the answer, not with the request."""
        if not self.parameter:
            return ()
        value = parameters[self.parameter]
        return (value,) if isinstance(value, str) else tuple(value)

    def place(self, parameters: Mapping[str, Any]) -> str:
        """Where the things are; nothing, where they hang on an account."""
        return str(parameters[self.on]) if self.on else ""


def gives(kind: Kind, parameter: str = "", on: str = "", *, alone: bool = False) -> Effect:
    """The platform then holds what the parameter names."""
    return Effect(gives=True, kind=kind, parameter=parameter, on=on, alone=alone)


NOTHING = Effect(gives=False, kind=None)
"""The platform holds what it did before."""


def takes(kind: Kind, parameter: str = "", on: str = "") -> Effect:
    """The platform then holds no more what the parameter names."""
    return Effect(gives=False, kind=kind, parameter=parameter, on=on)


@dataclass(frozen=True)
class ProvisioningRequest:
    """One command to a platform: made by the engine alone, and on disk before its first byte leaves.

    `number` increases per provider and is the reference on the wire; `sequence_number` is the place within what caused
    it, which `process_name` and `process_id` name. `subscription` is empty where it is for all of them. `request` and
    `response` are the texts, without secrets; `answer` is what was asked for, where something was. `file` is the
    name of the file in which it was sent, or is to be, where the platform takes files; `sent_date` when that was sent.
    """

    id: int
    number: int
    type: str
    sequence_number: int
    subscription: str
    provider: str
    parameters_set: Mapping[str, Any]
    process_name: str
    process_id: int
    created_date: datetime
    priority: Priority = Priority.REGULAR
    process_immediately: bool = True
    scheduled_date: datetime | None = None
    executed_date: datetime | None = None
    life_cycle_state: RequestState = RequestState.PENDING
    request: str = ""
    response: str = ""
    reference_number: str = ""
    error_code: str = ""
    error_description: str = ""
    in_doubt: bool = False
    attempts: int = 0
    answer: Mapping[str, Any] | None = None
    communication_entry: int | None = None
    file: str = ""
    sent_date: datetime | None = None

    @property
    def awaiting(self) -> str:
        """The name of the file that was sent with it, and which the platform has not answered yet; or nothing."""
        return self.file if self.sent_date and self.life_cycle_state is RequestState.PENDING else ""
