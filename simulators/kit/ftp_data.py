"""The way files go, beside the line itself: pyftpdlib's, but for what is said of a file that does not come whole."""

import errno
from typing import Any

from pyftpdlib.exceptions import _FileReadWriteError  # type: ignore[import-untyped]
from pyftpdlib.handlers import DTPHandler, TLS_DTPHandler  # type: ignore[import-untyped]

from simulators.kit.visit import Visit


class DataLine:
    """The way files go, beside the line itself."""

    cmd_channel: Any
    file_obj: Any
    receive: bool
    transfer_finished: bool
    _resp: Any
    _noted = False

    def handle_error(self) -> None:
        """End the transfer in FTP's words, also on a line that is encrypted."""
        try:
            raise  # noqa: PLE0704 - as pyftpdlib has it: called where an exception is being handled
        except _FileReadWriteError as error:
            full = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.ENOSPC
            self._resp = ("552 No room for so much." if full else "426 Transfer aborted.", _quiet)
            self.close()
        except Exception:  # noqa: BLE001 - whatever it is, pyftpdlib logs it and ends the transfer
            super().handle_error()  # type: ignore[misc] # pyftpdlib's

    def close(self) -> None:
        """Be done; an upload that has not come whole, by no fault's doing, is written down before that is answered."""
        broken = self.receive and not self.transfer_finished and self.file_obj is not None
        if broken and not self._noted and self.cmd_channel.struck is None:
            Visit(self.cmd_channel.workspace).note("UPLOAD", self.file_obj.name, "partial")
        self._noted = self._noted or broken
        super().close()  # type: ignore[misc] # pyftpdlib's


class PlainDataLine(DataLine, DTPHandler):  # type: ignore[misc] # pyftpdlib has no types
    """A data line for all to read."""


class SecretDataLine(DataLine, TLS_DTPHandler):  # type: ignore[misc] # likewise
    """A data line that TLS may encrypt."""


def _quiet(_: str) -> None:
    """The journal says it."""
