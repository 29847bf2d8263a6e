"""What a platform tells the kit about itself, and the values that pass between the two.

A platform *reads* a request into a call (its wire, outside every lock); the kit *performs* the call on the platform's
state (under the workspace's lock) and gets a deed. Neither knows of faults, journal or sockets. A platform that takes
files reads a file into such a call, and its deed says where the file goes from there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, Self, TypeVar

import msgspec

from simulators.kit.tree import Tree

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
    """What a platform did: its answer, its word for a refusal, and whom the call turned out to be about.

    `difference` is what has changed, each line after its sign, where the platform says that itself: of a call about
    many, what each of them held before and after need not be compared then.
    """

    reply: Reply
    code: str | None = None
    subject: str = ""
    difference: tuple[str, ...] | None = None


class Answer(msgspec.Struct, frozen=True):
    """A platform's answer to a file before any fault touches it: where the file stands now, and with what in it.

    `entry` is what is added to the log that all answers share.
    """

    path: str
    content: bytes
    entry: bytes = b""


class FileDeed(msgspec.Struct, frozen=True):
    """What a platform did about a file: likewise."""

    answer: Answer
    code: str | None = None
    subject: str = ""
    difference: tuple[str, ...] | None = None


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

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        """Lose a subject behind everybody's back, or only these of its things, by id; False when there was none."""


class FileState(State, Protocol):
    """The memory of a platform that takes files."""

    tree: Tree


S = TypeVar("S", bound=State)
D = TypeVar("D", Deed, FileDeed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[S, D]):
    """What a platform has understood of what came, or has turned away, and what is to be done about it.

    `about` says whom, where that is not one subject but as many as the memory has. `secrets` are texts that the journal
    must not hold anywhere: it masks them. `hide` masks what is known by its looks, in any text of the entry.
    """

    operation: str
    perform: Callable[[S, datetime], D]
    refuse: Callable[[S, str, str], D] | None = None  # code, detail; None where nothing was understood
    subject: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""
    violations: tuple[Violation, ...] = ()
    about: Callable[[S], Iterable[str]] | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    hide: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Asked[S, Deed]):
    """A request over HTTP, read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCall(Asked[S, FileDeed]):
    """A file, read."""


def no_calls(_: Request) -> Reply:
    """What a platform that takes files says to a request over HTTP."""
    return Reply(404, b"this platform takes files\n", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Generic[S]):
    """How a platform takes files that its users leave in folders of the tree that is in its memory.

    `waiting` names the paths of the files that are to be taken, in the order in which they are. `read` gets a file's
    path and content. A file is taken `delay_s` after it came; None waits until it is said (`Workspace.process`).
    `log` is the path of the file to which entries are added, and `foreign_entry` one of somebody else's there.
    """

    user: str
    password: str = field(repr=False)
    waiting: Callable[[Tree], Iterable[str]]
    read: Callable[[str, bytes], FileCall[S]]
    log: str
    foreign_entry: bytes
    delay_s: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(Generic[S]):
    """A platform, whole: all that the kit needs to serve, verify and control it.

    `read` answers with a Reply where the request is no business of the platform's memory (its published contract); a
    platform that takes files has a `drop` in its place. `load` takes what `State.dump` gave and raises ValueError with
    a sentence. `sets` names the parameters whose order means nothing.
    """

    name: str
    operations: tuple[str, ...]
    codes: tuple[str, ...]
    read: Callable[[Request], Call[S] | Reply] = no_calls
    drop: Drop[S] | None = None
    fresh: Callable[[Any], S]
    load: Callable[[Any], S]
    seeded: Callable[[Any, Mapping[str, Any]], Any]  # catalogue, additions -> catalogue; ValueError with a sentence
    status_reply: Callable[[int], Reply] = lambda status: Reply(status, b"", "text/plain")
    catalogue: Any
    sets: frozenset[str] = frozenset()
    seed: int = 0

    @property
    def channel(self) -> Literal["http", "ftp"]:
        """What the platform speaks."""
        return "ftp" if self.drop else "http"
