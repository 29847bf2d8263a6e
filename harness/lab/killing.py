"""The moments at which an engine can be killed: at a request, or at a step of a file."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from engine.domain.provider import Timeouts
from engine.ports import Failure, Folders, FolderTransport, Message, Reply, Site, Transport

T = TypeVar("T")


class EngineKilledError(BaseException):
    """The engine is gone in the middle of its work; nothing in it may catch this."""


class Moment(NamedTuple):
    """When an engine dies: at which work on folders, and whether that is done first; so it is with a call."""

    work: str
    done: bool


# fmt: off
MOMENTS: Mapping[str, Moment] = {
    "before_sending":             Moment("write",  done=False),
    "before_renaming":            Moment("rename", done=False),
    "before_the_answer":          Moment("rename", done=True),
    "before_removing_the_answer": Moment("remove", done=False),
    "after_removing_the_answer":  Moment("remove", done=True),
}
# fmt: on
KILLED = tuple(moment.replace("_", " ") for moment in MOMENTS)
"""The same in words."""


class Dying:
    """A transport at which the engine dies."""

    def __init__(self, inner: Transport, *, sends: bool) -> None:
        self._inner = inner
        self._sends = sends

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """Send, or not, and die."""
        if self._sends:
            self._inner.send(message, timeouts)
        raise EngineKilledError

    def close(self) -> None:
        """Let go of what is open."""
        self._inner.close()


class DyingTransport:
    """A way to folders at which the engine dies."""

    def __init__(self, inner: FolderTransport, moment: Moment) -> None:
        self._inner = inner
        self._moment = moment

    def connect(self, site: Site, timeouts: Timeouts) -> Folders:
        """The folders of a site."""
        return DyingFolders(self._inner.connect(site, timeouts), self._moment)


class DyingFolders:
    """Folders at which the engine dies."""

    def __init__(self, inner: Folders, moment: Moment) -> None:
        self._inner = inner
        self._moment = moment

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder."""
        return self._inner.names(folder)

    def size(self, path: str) -> int:
        """How many bytes a file has."""
        return self._inner.size(path)

    def read(self, path: str, start: int = 0) -> bytes:
        """A file from this byte on."""
        return self._inner.read(path, start)

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Make a file of these bytes."""
        self._do("write", lambda: self._inner.write(path, blocks))

    def rename(self, path: str, new: str) -> None:
        """Give a file another path."""
        self._do("rename", lambda: self._inner.rename(path, new))

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._do("remove", lambda: self._inner.remove(path))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def _do(self, work: str, do: Callable[[], T]) -> T:
        """Do it; where the engine dies at this, do it first or not at all."""
        if work != self._moment.work:
            return do()
        if self._moment.done:
            do()
        raise EngineKilledError
