"""Files that were sent, as they are found at the platform: waiting, accepted, refused, or nowhere."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from engine.domain.file import RequestFile
from engine.ports import Adapter, Folders, FoldersError, Refusal
from engine.service.files.visit import Visit

T = TypeVar("T")
MOST_BYTES = 1 << 24  # of the list of errors: half a million entries


@dataclass(frozen=True)
class Found:
    """Where a file lies, and what the platform's list of errors says of it since it was sent."""

    visit: Visit
    file: RequestFile
    waits: bool = False
    accepted: bool = False
    refused: bool = False
    refusal: Refusal | None = None
    unread: str = ""
    """Why the list of errors can't be read, where it can't."""

    @property
    def adapter(self) -> Adapter:
        """That of its provider's protocol."""
        return self.visit.adapter

    @property
    def full_name(self) -> str:
        """The file's name, as it is there."""
        return self.file.name + self.visit.places.ready

    @property
    def is_there(self) -> bool:
        """Whether it is anywhere."""
        return self.waits or self.accepted or self.refused

    @property
    def state(self) -> str:
        """How it was found, in a word."""
        if self.accepted:
            return "accepted"
        return "refused" if self.refused else "waits" if self.waits else "missing"

    @property
    def answers(self) -> list[str]:
        """The paths of its answer; of both, where it was answered twice."""
        places = self.visit.places
        there = ((places.accepted, self.accepted), (places.refused, self.refused))
        return [f"{folder}/{self.full_name}" for folder, is_there in there if is_there]

    @property
    def is_query(self) -> bool:
        """Whether its answer holds what was asked for."""
        asking = self.adapter.utilities.get("query")
        return asking is not None and asking.request == self.file.type


def look(visit: Visit, sent: Iterable[RequestFile]) -> list[Found]:
    """How these files are found. Raises NotAllowedError where the platform's folders can't be looked into.

    They are looked for where they wait, and then where answers are: one that is answered meanwhile is not missed.
    """
    places = visit.places
    known = [(one, one.name + places.ready) for one in sent]
    if not known:
        return []
    waiting, accepted, refused = (
        set(plainly(visit, lambda folders, folder=folder: folders.names(folder)))  # type: ignore[misc]
        for folder in (places.requests, places.accepted, places.refused)
    )
    refusals, unread = read_refusals(visit, [one for one, name in known if name in refused])
    return [
        Found(visit, one, name in waiting, name in accepted, name in refused, refusals.get(one.id), unread)
        for one, name in known
    ]


def read_refusals(visit: Visit, refused: Collection[RequestFile]) -> tuple[dict[int, Refusal], str]:
    """The entries about these files; or why there are none. What was accepted need not wait for a list of errors."""
    try:
        return refusals_of(visit, refused), ""
    except FoldersError as error:
        return {}, str(error)


def refusals_of(visit: Visit, refused: Collection[RequestFile]) -> dict[int, Refusal]:
    """The newest entries about these files that were written since they were sent, by the files' keys.

    The list of errors is cumulative, and names come again; one that is shorter than it was has been begun anew. Of one
    that has grown without measure since, its end is read. Raises FoldersError where the platform refuses that.
    """
    if not refused:
        return {}
    errors, read = visit.places.errors, visit.adapter.files.refusals
    size = visit.do(lambda folders: folders.size(errors))
    whole = max(0, size - MOST_BYTES)
    since = {one.id: max(whole, one.errors_from if one.errors_from <= size else 0) for one in refused}
    start = min(since.values())
    written = visit.do(lambda folders: folders.read(errors, start))
    newest = {place: {one.name: one for one in read(written[place - start :])} for place in set(since.values())}
    entries = {one.id: newest[since[one.id]].get(one.name) for one in refused}
    return {key: entry for key, entry in entries.items() if entry}


def plainly(visit: Visit, deed: Callable[[Folders], T]) -> T:
    """Do what no platform should refuse. Raises NotAllowedError."""
    try:
        return visit.do(deed)
    except FoldersError as error:
        raise visit.unreachable(str(error)) from error
