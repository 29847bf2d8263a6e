"""A workspace's tree as the file system that pyftpdlib works on."""

import io
import os
import stat
from errno import ENOENT
from typing import Any

from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]

from simulators.kit.upload import Upload
from simulators.kit.visit import Visit

_FOLDER, _FILE = stat.S_IFDIR | 0o755, stat.S_IFREG | 0o644


class Download(io.BytesIO):
    """A file's content as it was when it was opened."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


class Folders(AbstractedFS):  # type: ignore[misc] # pyftpdlib has no types
    """The methods that pyftpdlib calls; paths of files and of users are the same."""

    def __init__(self, root: str, line: Any) -> None:
        super().__init__(root, line)
        self._line = line
        self._visit = Visit(line.workspace)

    def realpath(self, path: str) -> str:
        """There are no links."""
        return path

    def open(self, path: str, mode: str) -> Download | Upload:
        """A file to be read, or to be written: anew, on from its end, or on from a place in it."""
        if mode == "rb":
            return Download(path, self._visit.file(path).content)
        begun = b"" if mode == "wb" or not self._visit.is_file(path) else self._visit.file(path).content
        return self._visit.upload(path, begun, self._line.struck)

    def chdir(self, path: str) -> None:
        """Go to a folder."""
        if not self._visit.is_folder(path):
            raise OSError(ENOENT, os.strerror(ENOENT), path)
        self.cwd = path

    def listdir(self, path: str) -> list[str]:
        """The names in a folder."""
        return self._visit.names(path)

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._visit.remove(path)

    def rename(self, old: str, new: str) -> None:
        """Rename a file."""
        self._visit.rename(old, new)

    def stat(self, path: str) -> os.stat_result:
        """A file or a folder as a file system shows it."""
        if self._visit.is_folder(path):
            return _shown(path, _FOLDER, 0, 0.0)
        file = self._visit.file(path)
        return _shown(path, _FILE, len(file.content), file.written.timestamp())

    lstat = stat

    def isfile(self, path: str) -> bool:
        """Whether there is a file of this name."""
        return self._visit.is_file(path)

    def isdir(self, path: str) -> bool:
        """Whether there is a folder of this name."""
        return self._visit.is_folder(path)

    def lexists(self, path: str) -> bool:
        """Whether there is anything of this name."""
        return self.isfile(path) or self.isdir(path)

    def getsize(self, path: str) -> int:
        """A file's length in bytes."""
        return len(self._visit.file(path).content)

    def getmtime(self, path: str) -> float:
        """When a file was written, in seconds of the virtual clock."""
        return self._visit.file(path).written.timestamp()

    def get_user_by_uid(self, _: int) -> str:
        """Whose a file is said to be."""
        return "owner"

    def get_group_by_gid(self, _: int) -> str:
        """Whose else a file is said to be."""
        return "group"


def _shown(path: str, mode: int, size: int, written: float) -> os.stat_result:
    number = hash(path) & 0xFFFFFFFF
    return os.stat_result((mode, number, 0, 1, 0, 0, size, written, written, written))
