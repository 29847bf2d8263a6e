"""Platforms that take files: requests share one, it is put into a folder, and its answer comes into another one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from engine.domain.audit import Told
from engine.domain.file import Period, RequestFile
from engine.domain.provider import Provider, Timeouts
from engine.ports.calls import Parameters


class About(NamedTuple):
    """What a request is about: a thing (a service, a device that is paired) at a place (a device).

    Requests share a file where type, thing, `detail` and priority are the same. `detail` is whatever else they must
    agree on, as a text that the adapter can read again.
    """

    place: str
    ca_id: str = ""
    detail: str = ""
    distributor: str = ""


class Record(NamedTuple):
    """One request's part of a file."""

    place: str
    ca_id: str


class Refusal(NamedTuple):
    """An entry of the platform's list of errors: the file's name without suffix, its code, and the line of the file."""

    name: str
    code: str
    line: int


@dataclass(frozen=True)
class Site:
    """Where a platform's folders are, and who may come there.

    `secured`: everything goes over TLS, by FTPS. `certificate_file` holds the certificates that are trusted then;
    without one, they are the system's.
    """

    host: str
    port: int
    user_name: str
    password: str = field(repr=False)
    secured: bool = False
    certificate_file: str = ""
    passive: bool = True
    encoding: str = "UTF-8"


@dataclass(frozen=True)
class Places:
    """Paths at the platform: the folder that takes files, those of answers, the list of errors; and names in them.

    A file is put there as its name with the suffix `unready`, and then renamed to its name with the suffix `ready`.
    """

    requests: str
    accepted: str
    refused: str
    errors: str
    unready: str = ".tmp"
    ready: str = ".emm"


@dataclass(frozen=True)
class Files:
    """How a platform takes files. Pure: no I/O, no store, no clock.

    `letters` begin the names of files, by request type. `about(request type, parameters)` says what a request is about;
    `most(provider, request type)` how many records a file may have, and `period(provider, request type, detail, now)`
    from when until when that is given or taken which such a file asks for (None: it has no dates). `unfit(request type,
    record)` says what is wanted instead of a record that can't be in such a file; nothing where it can.
    `pack(provider, file, records)` gives the file's bytes in blocks, out of its records in the order of their places.

    `refusals(list of errors)` reads all whole entries, oldest first; `record_of(file, refusal)` is the position of the
    one record that a refusal is about, from 0; None where it is about the file. `codes` are the platform's, each with
    what is wrong then. `answers(file's content)` are what was asked for, by place; it raises ValueError, with a
    sentence, for what can't be read. `holdings(place, answer)` is what one of them says that is held there.

    `overdue_after(provider)` is how long an answer may take. `renewed_before(provider, now)`: what was authorised
    before this moment is to be renewed.
    """

    letters: Mapping[str, str]
    about: Callable[[str, Parameters], About]
    most: Callable[[Provider, str], int]
    period: Callable[[Provider, str, str, datetime], Period | None]
    unfit: Callable[[str, Record], str]
    pack: Callable[[Provider, RequestFile, Iterable[Record]], Iterator[bytes]]
    refusals: Callable[[bytes], list[Refusal]]
    record_of: Callable[[RequestFile, Refusal], int | None]
    answers: Callable[[bytes], Mapping[str, Any]]
    holdings: Callable[[str, Any], Told]
    site: Callable[[Provider], Site]
    places: Callable[[Provider], Places]
    overdue_after: Callable[[Provider], timedelta]
    renewed_before: Callable[[Provider, datetime], datetime]
    codes: Mapping[str, str] = field(default_factory=dict)


class FoldersError(Exception):
    """Why the platform's folders could not be worked with: the engine's code for it, and what was said.

    `field` is the provider's parameter that is to blame, where one is. `refused`: the platform has said no, so that
    what was asked for has not happened; else it may have.
    """

    def __init__(self, code: str, description: str, field: str = "", *, refused: bool = False) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.field = field
        self.refused = refused


class Folders(Protocol):
    """The platform's folders, for as long as a connection lasts. All raise FoldersError; then it is of no more use.

    Except where it was `refused`: the connection goes on.
    """

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder."""

    def size(self, path: str) -> int:
        """How many bytes a file has; 0 where there is none."""

    def read(self, path: str, start: int = 0) -> bytes:
        """A file from this byte on; nothing where there is none."""

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Make a file of these bytes, in place of one that is there."""

    def rename(self, path: str, new: str) -> None:
        """Give a file another path, at once, in place of one that is there."""

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens where there is none."""

    def close(self) -> None:
        """Hang up."""


class FolderTransport(Protocol):
    """How platforms' folders are reached."""

    def connect(self, site: Site, timeouts: Timeouts) -> Folders:
        """The folders of a site. Raises FoldersError."""
