"""A platform's folders without sockets: a fault becomes what `ftplib` would have raised, without waiting.

Where a user would have waited longer than their timeout, they have; where less, virtual time passes if it stands still.
"""

import errno
import ftplib
import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pyftpdlib.exceptions import AuthenticationFailed  # type: ignore[import-untyped]

from simulators.kit.door import Door
from simulators.kit.faults import Step
from simulators.kit.simulator import DEFAULT_WORKSPACE, Simulator
from simulators.kit.upload import Upload
from simulators.kit.visit import Strike, Visit

T = TypeVar("T")
REFUSED: type[ftplib.Error] = ftplib.error_perm
NOT_LET_IN = "530 Authentication failed."


class FtpConnection:
    """A user's connection, for one thread at a time; all methods raise what `ftplib` raises on a line.

    `timeout_s` is how long the user waits for an answer; None for ever, but for one that never comes.
    """

    def __init__(
        self,
        simulator: Simulator[Any],
        user: str,
        password: str,
        *,
        workspace: str = DEFAULT_WORKSPACE,
        timeout_s: float | None = None,
    ) -> None:
        self.timeout_s = timeout_s
        self._open = True
        door = Door(simulator, workspace)
        found = door.leads_to(user)
        if (found or simulator.workspace(workspace)).faults.down():
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        if found is None:
            raise REFUSED(NOT_LET_IN)
        self.visit = Visit(found)
        self._step("LOGIN", user, lambda _: self._come_in(door, user, password))

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted."""
        return self._step("LIST", folder, lambda _: self.visit.names(folder))

    def size(self, path: str) -> int:
        """How many bytes a file has."""
        return self._asked(lambda: len(self.visit.file(path).content))

    def read(self, path: str, start: int = 0) -> bytes:
        """What is in a file, from this byte on."""
        return self._step("DOWNLOAD", path, lambda _: self.visit.file(path).content[start:])

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Write a file anew."""
        self._step("UPLOAD", path, lambda strike: _write(self.visit.upload(path, strike=strike), blocks, strike))

    def rename(self, old: str, new: str) -> None:
        """Have a file stand elsewhere, in the place of what stood there."""
        self._step("RENAME", new, lambda _: self.visit.rename(old, new))

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._step("DELETE", path, lambda _: self.visit.remove(path))

    def close(self) -> None:
        """Hang up."""
        self._open = False

    def lost(self) -> EOFError:
        """What is raised when the line is gone: it is, from now on."""
        self.close()
        return EOFError()

    def _come_in(self, door: Door, user: str, password: str) -> None:
        try:
            door.validate_authentication(user, password, None)
        except AuthenticationFailed as error:
            self.visit.note("LOGIN", user, "refused")
            raise REFUSED(NOT_LET_IN) from error

    def _step(self, step: Step, path: str, do: Callable[[Strike | None], T]) -> T:
        """Take a step, as far as the faults allow."""
        strike = self.visit.strike(step, path) if self._alive() else None
        if strike is None:
            return self._asked(lambda: do(None))
        done = None if strike.fault.acts_before else self._asked(lambda: do(strike))
        WITHOUT_FTP_LINE[strike.fault.kind](self, strike)
        return done  # type: ignore[return-value] # of what was not done, the fault has raised something

    def _asked(self, do: Callable[[], T]) -> T:
        if not self._alive():
            raise self.lost()
        try:
            return do()
        except OSError as error:
            code = "552" if error.errno == errno.ENOSPC else "550"
            raise REFUSED(f"{code} {error.strerror}.") from error

    def _alive(self) -> bool:
        return self._open and not self.visit.workspace.faults.down()


def _write(upload: Upload, blocks: Iterable[bytes], strike: Strike | None) -> None:
    try:
        for block in blocks:
            upload.write(block)
    except OSError:
        if strike is None:
            raise
    finally:
        upload.close()


def _late(connection: FtpConnection, strike: Strike) -> None:
    if connection.timeout_s is not None and strike.delay_s > connection.timeout_s:
        connection.visit.hung_up(strike)
        _held(connection, strike)
    connection.visit.workspace.let_pass(strike.delay_s)


def _held(connection: FtpConnection, _: Strike) -> None:
    connection.close()
    raise TimeoutError("timed out")


def _reset(connection: FtpConnection, _: Strike) -> None:
    connection.close()
    raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))


def _hung_up(connection: FtpConnection, _: Strike) -> None:
    raise connection.lost()


def _says(error: type[ftplib.Error], reply: str) -> Callable[[FtpConnection, Strike], None]:
    def raised(_: FtpConnection, __: Strike) -> None:
        raise error(reply)

    return raised


# fmt: off
WITHOUT_FTP_LINE: dict[str, Callable[[FtpConnection, Strike], None]] = {
    "latency":        _late,
    "hang":           _held,
    "reset":          _reset,
    "login_refused":  _says(REFUSED, NOT_LET_IN),
    "upload_dropped": _hung_up,
    "disk_full":      _says(ftplib.error_temp, "452 No room on the disk."),
    "half_a_file":    lambda *_: None,
    "rename_refused": _says(REFUSED, "550 Can't rename the file."),
    "rename_lost":    _hung_up,
}
# fmt: on
