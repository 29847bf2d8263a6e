"""One line to a user of a platform's folders, and all the ways to keep them waiting or to break it.

pyftpdlib speaks FTP on it; what each fault does to the line stands in one table, the same rows as the in-process table
has. Everything here runs in the server's thread.
"""

import socket
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler  # type: ignore[import-untyped]

from simulators.kit.door import Door
from simulators.kit.faults import Step
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.folders import Folders
from simulators.kit.ftp_data import PlainDataLine, SecretDataLine
from simulators.kit.line import RESET_ON_CLOSE
from simulators.kit.visit import Strike, Visit

NOT_TAKEN = ("MFMT", "MKD", "RMD", "SITE CHMOD", "STOU", "XMKD", "XRMD")
# fmt: off
STEP_OF: dict[str, Step] = {
    "PASS": "LOGIN", "LIST": "LIST", "NLST": "LIST", "MLSD": "LIST", "RETR": "DOWNLOAD", "STOR": "UPLOAD",
    "APPE": "UPLOAD", "RNTO": "RENAME", "DELE": "DELETE",
}
# fmt: on


class FtpLine:
    """One line: it is what pyftpdlib makes of it but for what faults do. `door` is set for each server."""

    door: ClassVar[Door]
    lines: ClassVar[set[Any]]
    workspace: FileWorkspace[Any]
    struck: Strike | None = None
    held: Callable[[], bool] | None = None  # whether what holds the line is still there
    ioloop: Any
    socket: Any
    username: str
    authenticated: bool
    _closed: bool
    _in_buffer: list[bytes]
    _in_buffer_len: int

    def __init__(self, accepted: socket.socket, server: Any, ioloop: Any = None) -> None:
        self._deaf = False
        self._late: Strike | None = None
        self._unheard: deque[bytes] = deque()
        self._end_watch: Callable[[], None] = lambda: None
        super().__init__(accepted, server, ioloop)  # type: ignore[call-arg] # pyftpdlib's
        if not self._closed:
            self.lines.add(self)

    def process_command(self, command: str, *arguments: Any, **named: Any) -> None:
        """Do what a user asks for, as far as the faults allow."""
        step = STEP_OF.get(command)
        workspace = self._leads_to(step)
        if workspace is not None and workspace.faults.down():
            self.cut()
            return
        if workspace is not None and step is not None:
            self.workspace = workspace
            self.struck = Visit(workspace).strike(step, self.username if step == "LOGIN" else arguments[0])
            if self.struck is not None and self.struck.fault.acts_before:
                self.respond("")
                return
        super().process_command(command, *arguments, **named)  # type: ignore[misc] # pyftpdlib's

    def _leads_to(self, step: Step | None) -> FileWorkspace[Any] | None:
        """Where the user is, or is about to be."""
        if self.authenticated:
            return self.workspace
        return self.door.leads_to(self.username) if step == "LOGIN" else None

    def respond(self, reply: str, *how: Any, **named: Any) -> None:
        """Answer; the last answer to what a fault has hit is the fault's."""
        struck = self.struck
        if struck is None or reply.startswith("1"):
            self.say(reply, *how, **named)
            return
        self.struck = None
        ON_FTP_LINE[struck.fault.kind](self, struck, reply)

    def say(self, reply: str, *how: Any, **named: Any) -> None:
        """Answer, whatever the faults say."""
        super().respond(reply, *how, **named)  # type: ignore[misc] # pyftpdlib's

    def found_terminator(self) -> None:
        """Hear a command, now or once the line hears again."""
        if self._deaf:
            self._unheard.append(b"".join(self._in_buffer))
            self._in_buffer, self._in_buffer_len = [], 0
        else:
            super().found_terminator()  # type: ignore[misc] # pyftpdlib's

    def wait(self, strike: Strike, reply: str) -> None:
        """Answer when the delay is over."""
        self._deaf, self._late = True, strike
        self.ioloop.call_later(strike.delay_s, self._waited, strike, reply)

    def hold(self, strike: Strike) -> None:
        """Say nothing until the user hangs up or the fault is taken away."""
        self._deaf = True
        self.held = lambda: self.workspace.faults.holds(strike.armed)
        self._end_watch = self.workspace.watch(self.wake)

    def cut(self) -> None:
        """Hang up, with no word, and with no farewell of TLS's."""
        self._deaf = self._error = True
        self.ioloop.call_later(0, self.close)

    def reset(self) -> None:
        """Hang up with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.cut()

    def handle_close(self) -> None:
        """The user has hung up, perhaps on a late answer."""
        if self._late is not None:
            Visit(self.workspace).hung_up(self._late)
        self._late = None
        super().handle_close()  # type: ignore[misc] # pyftpdlib's

    def end(self) -> None:
        """Hang up at once."""
        self._error = True
        self.close()

    def close(self) -> None:
        """Hang up; twice does no harm."""
        self.lines.discard(self)
        self._end_watch()
        self._end_watch = lambda: None
        super().close()  # type: ignore[misc] # pyftpdlib's

    def on_login_failed(self, user: str, _: str) -> None:
        """Write down that somebody wasn't let in."""
        workspace = self.door.leads_to(user)
        if workspace is not None:
            Visit(workspace).note("LOGIN", user, "refused")

    @classmethod
    def wake(cls) -> None:
        """Have the server look at its lines, from any thread."""

    def _waited(self, strike: Strike, reply: str) -> None:
        if self._closed:
            return
        self.workspace.let_pass(strike.delay_s)
        self._deaf, self._late = False, None
        self.say(reply)
        while self._unheard and not self._deaf and not self._closed:
            self._in_buffer = [self._unheard.popleft()]
            self.found_terminator()


# fmt: off
ON_FTP_LINE: dict[str, Callable[[FtpLine, Strike, str], None]] = {
    "latency":        lambda line, strike, reply: line.wait(strike, reply),
    "hang":           lambda line, strike, _: line.hold(strike),
    "reset":          lambda line, *_: line.reset(),
    "login_refused":  lambda line, *_: line.say("530 Authentication failed."),
    "upload_dropped": lambda line, *_: line.cut(),
    "disk_full":      lambda line, *_: line.say("452 No room on the disk."),
    "half_a_file":    lambda line, _, reply: line.say(reply),
    "rename_refused": lambda line, *_: line.say("550 Can't rename the file."),
    "rename_lost":    lambda line, *_: line.cut(),
}
# fmt: on


class PlainLine(FtpLine, FTPHandler):  # type: ignore[misc] # likewise
    """A line for all to read."""

    dtp_handler = PlainDataLine
    abstracted_fs = Folders
    auth_failed_timeout = 0
    use_sendfile = False
    proto_cmds: ClassVar = {name: row for name, row in FTPHandler.proto_cmds.items() if name not in NOT_TAKEN}


class SecretLine(FtpLine, TLS_FTPHandler):  # type: ignore[misc] # likewise
    """A line that TLS may encrypt."""

    dtp_handler = SecretDataLine
    abstracted_fs = Folders
    auth_failed_timeout = 0
    use_sendfile = False
    proto_cmds: ClassVar = {name: row for name, row in TLS_FTPHandler.proto_cmds.items() if name not in NOT_TAKEN}
