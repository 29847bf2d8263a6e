"""A platform's folders over FTP, for as long as a connection lasts."""

import ftplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from engine.ports import FoldersError, Site
from engine.transports.ftp_failures import Step, place, plainly, refusal
from engine.transports.ftp_line import NO_SUCH_COMMAND, Line
from engine.transports.http import reason

BLOCK_BYTES = 1 << 16
LONGEST_FILE_BYTES = 1 << 26
FAREWELL_S = 1.0
FOLDER = re.compile(r"(^|;)type=(dir|cdir|pdir)(;|$)", re.IGNORECASE)
NO_FILE = ("total", "d")  # how a line of a listing begins that speaks of no file


class FtpFolders:
    """A site's folders by one connection, for one thread at a time."""

    def __init__(self, line: Line, site: Site) -> None:
        self._line, self._site = line, site

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder; where the server can't tell, of the folders in it too."""
        with self._asked(f"list {folder}"):
            return self._names(folder)

    def size(self, path: str) -> int:
        """How many bytes a file has; 0 where there is none."""
        with self._asked(f"say the size of {path}"):
            try:
                self._line.voidcmd("TYPE I")
                answer = self._line.sendcmd(f"SIZE {path}")
            except ftplib.error_perm as error:
                return len(self._read(path)) if str(error)[:3] in NO_SUCH_COMMAND else self._missing(path, error)
            size = answer[4:].strip()
            if not (size.isascii() and size.isdecimal()):
                raise ftplib.error_proto(answer)
            return int(size)

    def read(self, path: str, start: int = 0) -> bytes:
        """A file from this byte on; nothing where there is none."""
        with self._asked(f"hand out {path}"):
            try:
                return self._fetch(f"RETR {path}", start) if start else self._read(path)
            except ftplib.error_perm:
                if not start:
                    raise
                return self._read(path)[start:]  # a server that can't begin there, or a shorter file

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Make a file of these bytes, in place of one that is there. Memory is that of a block."""
        with self._asked(f"take {path}"):
            self._line.voidcmd("TYPE I")
            with self._data(f"STOR {path}") as data:
                for block in evened(blocks):
                    data.sendall(block)
                if isinstance(data, ssl.SSLSocket):
                    with suppress(OSError):  # some servers hang up here; what counts is what they answer
                        data.unwrap()

    def rename(self, path: str, new: str) -> None:
        """Give a file another path, at once, in place of one that is there, unless the server refuses that."""
        with self._asked(f"rename {path}"):
            try:
                answer = self._line.sendcmd(f"RNFR {path}")
            except ftplib.error_perm as error:
                self._missing(path, error)
                none = Step(f"has no {path}", "NOT_FOUND")
                raise refusal(self._line, self._site, none, str(error)) from error
            if not answer.startswith("3"):
                raise ftplib.error_reply(answer)
            self._line.voidcmd(f"RNTO {new}")

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens where there is none."""
        with self._asked(f"remove {path}"):
            try:
                self._line.voidcmd(f"DELE {path}")
            except ftplib.error_perm as error:
                self._missing(path, error)

    def close(self) -> None:
        """Hang up; the server is not waited for long."""
        with suppress(*ftplib.all_errors):
            if self._line.sock is not None:
                self._line.sock.settimeout(FAREWELL_S)
                self._line.quit()
        self._line.close()

    def _asked(self, what: str) -> AbstractContextManager[None]:
        if self._line.sock is None:
            raise FoldersError("CONNECTION_LOST", f"The connection to {place(self._site)} is over.")
        return plainly(self._line, self._site, Step(f"does not {what}"))

    def _names(self, folder: str) -> list[str]:
        with plainly(self._line, self._site, Step(f"has no folder {folder}", "NOT_FOUND", "home_directory")):
            self._line.cwd(folder)
        if self._line.offers("MLST"):
            facts = [line.partition(" ") for line in self._lines("MLSD")]
            return [name for fact, _, name in facts if not FOLDER.search(fact)]
        try:
            return [name.rpartition("/")[2] for name in self._lines("NLST")]
        except (ftplib.error_perm, ftplib.error_temp):
            # Of an empty folder some servers say that there is no such file; who may list nothing hears likewise.
            if all(line.startswith(NO_FILE) for line in self._lines("LIST")):
                return []
            raise

    def _lines(self, command: str) -> list[str]:
        lines = self._fetch(command, kind="A").splitlines()
        return [line.decode(self._site.encoding, errors="backslashreplace") for line in lines if line.strip()]

    def _missing(self, path: str, error: ftplib.error_perm) -> int:
        """Nothing, if what was refused is not there; else the refusal. Servers have one number for both."""
        folder, _, name = path.rpartition("/")
        if name in self._names(folder):
            raise error
        return 0

    def _read(self, path: str) -> bytes:
        try:
            return self._fetch(f"RETR {path}")
        except ftplib.error_perm as error:
            self._missing(path, error)
            return b""

    def _fetch(self, command: str, start: int = 0, kind: str = "I") -> bytes:
        found = bytearray()
        self._line.voidcmd(f"TYPE {kind}")
        with self._data(command, start) as data:
            while block := data.recv(BLOCK_BYTES):
                found += block
                if len(found) > LONGEST_FILE_BYTES:
                    longer = f"{place(self._site)} sends more than {LONGEST_FILE_BYTES} bytes at once."
                    raise FoldersError("TOO_LONG", longer)
        return bytes(found)

    @contextmanager
    def _data(self, command: str, start: int = 0) -> Iterator[socket.socket]:
        """A connection for the bytes of a command. However it ends, the server's word for that comes first."""
        try:
            data = self._line.transfercmd(command, start or None)
        except OSError as error:
            if self._line.answered and not isinstance(error, ssl.SSLError):
                where = f"No connection for a file's bytes comes about with {place(self._site)} ({reason(error)})."
                raise FoldersError("NO_DATA_CHANNEL", where, "passive") from error
            raise
        broken = None
        with data:
            try:
                yield data
            except OSError as error:
                broken = error
        self._line.voidresp()
        if broken:
            raise broken


def evened(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of one size, so that neither a tiny nor a huge one is sent at once."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= BLOCK_BYTES:
            yield bytes(held[:BLOCK_BYTES])
            del held[:BLOCK_BYTES]
    if held:
        yield bytes(held)
