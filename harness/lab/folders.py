"""The way to the folders of a platform that takes files, without sockets."""

import ftplib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from engine.domain.provider import Timeouts
from engine.ports import FoldersError, Site
from simulators.kit.ftp_in_process import FtpConnection
from simulators.kit.simulator import Simulator

T = TypeVar("T")
REFUSALS = (ftplib.error_perm, ftplib.error_temp)


class Broken(NamedTuple):
    """What a kind of exception means to the engine."""

    kind: type[Exception]
    code: str


BROKEN = (
    Broken(ConnectionRefusedError, "CONNECTION_REFUSED"),
    Broken(TimeoutError, "READ_TIMEOUT"),
    Broken(EOFError, "CONNECTION_LOST"),
    Broken(OSError, "CONNECTION_LOST"),
)
DISK_FULL = ("452", "552")


class InMemory:
    """Folders of simulators in this process, each at the host that bears its name."""

    def __init__(self, simulators: Mapping[str, Simulator[Any]], workspace: str) -> None:
        self._simulators = simulators
        self._workspace = workspace

    def connect(self, site: Site, timeouts: Timeouts) -> "FoldersInMemory":
        """The folders of the platform of this name, in the workspace. Raises FoldersError."""
        simulator = self._simulators[site.host.partition(".")[0]]
        with plainly("LOGIN_REFUSED", "user_name, password"):
            connection = FtpConnection(
                simulator, site.user_name, site.password, workspace=self._workspace, timeout_s=timeouts.read_s
            )
        return FoldersInMemory(connection)


class FoldersInMemory:
    """One connection to them."""

    def __init__(self, connection: FtpConnection) -> None:
        self._connection = connection

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder."""
        with plainly("NOT_FOUND", "home_directory"):
            names = self._connection.names(folder)
        visit = self._connection.visit
        return [name for name in names if not visit.is_folder(f"{folder}/{name}")]

    def size(self, path: str) -> int:
        """How many bytes a file has; 0 where there is none."""
        return self._if_there(path, self._connection.size, 0)

    def read(self, path: str, start: int = 0) -> bytes:
        """A file from this byte on; nothing where there is none."""
        return self._if_there(path, lambda known: self._connection.read(known, start), b"")

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Make a file of these bytes, in place of one that is there."""
        with plainly():
            self._connection.write(path, blocks)

    def rename(self, path: str, new: str) -> None:
        """Give a file another path, in place of one that is there."""
        with plainly():
            self._connection.rename(path, new)

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens where there is none."""
        self._if_there(path, self._connection.remove, None)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _if_there(self, path: str, ask: Callable[[str], T], otherwise: T) -> T:
        with plainly():
            return ask(path) if self._connection.visit.is_file(path) else otherwise


@contextmanager
def plainly(refused: str = "REFUSED", field: str = "") -> Iterator[None]:
    """Raise FoldersError for what `ftplib` would have raised."""
    try:
        yield
    except REFUSALS as error:
        said = str(error)
        code = "DISK_FULL" if said.startswith(DISK_FULL) else refused
        raise FoldersError(code, said, field, refused=True) from error
    except tuple(row.kind for row in BROKEN) as error:
        code = next(row.code for row in BROKEN if isinstance(error, row.kind))
        raise FoldersError(code, str(error) or "The platform hung up.") from error
