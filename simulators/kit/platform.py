"""What a platform tells the kit about itself, and the values that pass between the two.

A platform *reads* a request into a call (its wire, outside every lock); the kit *performs* the call on the platform's
state (under the workspace's lock) and gets a deed. Neither knows of faults, journal or sockets.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, Self, TypeVar

import msgspec

BODY_LIMIT = 1 << 20
"""Bytes of a request's body that a platform, or the control port, is willing to read."""


class Request(msgspec.Struct, frozen=True):
    """An HTTP request as it came, its workspace's prefix taken off the path and put to the origin.

    `origin` and `path` together are the address by which the caller asked.
    """

    method: str
    path: str
    body: bytes = b""
    query: str = ""
    content_type: str = ""
    authorization: str = ""
    origin: str = ""
    oversize: bool = False  # announced or sent more than BODY_LIMIT: the body was left unread


class Reply(msgspec.Struct, frozen=True):
    """An HTTP answer before any fault touches it."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()


class Violation(msgspec.Struct, frozen=True):
    """Where, and how, a request breaks the published contract."""

    path: str
    message: str


class Deed(msgspec.Struct, frozen=True):
    """What a platform did: its answer, its word for a refusal, and whom the call turned out to be about."""

    reply: Reply
    code: str | None = None
    subject: str = ""


class State(Protocol):
    """A platform's memory, as far as the kit looks at it. Callers hold the workspace's lock."""

    catalogue: Any

    def subjects(self) -> Iterable[str]:
        """Everybody who may hold something here."""

    def holdings(self, subject: str, at: datetime) -> frozenset[str]:
        """What one subject holds at an instant, a line for each thing; nothing for a stranger."""

    def copy(self) -> Self:
        """A memory of its own with the same content."""

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON document that the platform's `load` takes back."""

    def forget(self, subject: str) -> bool:
        """Lose a subject behind everybody's back; False when there was none."""


S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[S]):
    """A request that a platform has understood, or has turned away, and what is to be done about it.

    `about` says whom, where that is not one subject but as many as the memory has. `secrets` are texts that the journal
    must not hold anywhere: it masks them. `hide` masks what is known by its looks, in any text of the entry.
    """

    operation: str
    perform: Callable[[S, datetime], Deed]
    refuse: Callable[[S, str, str], Deed] | None = None  # code, detail; None where nothing was understood
    subject: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""
    violations: tuple[Violation, ...] = ()
    about: Callable[[S], Iterable[str]] | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    hide: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Generic[S]):
    """A platform, whole: all that the kit needs to serve, verify and control it.

    `read` answers with a Reply where the request is no business of the platform's memory (its published contract).
    `load` takes what `State.dump` gave and raises ValueError with a sentence. `sets` names the parameters whose order
    means nothing.
    """

    name: str
    operations: tuple[str, ...]
    codes: tuple[str, ...]
    read: Callable[[Request], Call[S] | Reply]
    fresh: Callable[[Any], S]
    load: Callable[[Any], S]
    seeded: Callable[[Any, Mapping[str, Any]], Any]  # catalogue, additions -> catalogue; ValueError with a sentence
    status_reply: Callable[[int], Reply]
    catalogue: Any
    sets: frozenset[str] = frozenset()
    seed: int = 0
