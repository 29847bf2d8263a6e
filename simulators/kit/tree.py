"""Folders and files in memory: what a platform that takes files has where others have a disk.

Paths are absolute and have no `.` or `..` in them. What can't be done is said as a file system says it, by an OSError.
The files of a folder stand in the order in which they came to their paths.
"""

import errno
import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

import msgspec

from simulators.kit.tree_document import File, Later, TreeDocument, shown

MOST_BYTES = 64 << 20  # of all files of one tree; one workspace can't fill the machine
MOST_FILE_BYTES = 8 << 20


class Tree:
    """One tree. `later` is what will come by itself; `again` is what comes back when it has been removed, once."""

    def __init__(self, folders: Iterable[str] = ()) -> None:
        self._folders: dict[str, dict[str, File]] = {"/": {}}  # each with its files: no other need be looked through
        self.size_bytes = 0
        self.later: list[Later] = []
        self.again: dict[str, bytes] = {}
        for folder in folders:
            self._make(folder)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this name."""
        return path in self._folders

    def is_file(self, path: str) -> bool:
        """Whether there is a file of this name."""
        return path in self._beside(path)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted. Raises OSError."""
        if folder not in self._folders:
            raise _error(errno.ENOTDIR if self.is_file(folder) else errno.ENOENT, folder)
        inner = (path for path in self._folders if path != "/" and _parent(path) == folder)
        return sorted(map(_name, (*inner, *self._folders[folder])))

    def files(self, folder: str) -> list[str]:
        """The paths of the files in a folder, in the order in which they came."""
        return [*self._folders.get(folder, ())]

    def file(self, path: str) -> File:
        """A file. Raises OSError."""
        file = self._beside(path).get(path)
        if file is None:
            raise _error(errno.EISDIR if path in self._folders else errno.ENOENT, path)
        return file

    def read(self, path: str) -> bytes:
        """What is in a file. Raises OSError."""
        return self.file(path).content

    def write(self, path: str, content: bytes, at: datetime) -> None:
        """Write a file anew, within the bounds. Raises OSError, ENOSPC where it is too long."""
        standing = self._beside(path).get(path)
        more = len(content) - (len(standing.content) if standing else 0)
        if len(content) > MOST_FILE_BYTES or (more > 0 and self.size_bytes + more > MOST_BYTES):
            raise _error(errno.ENOSPC, path)
        self._place(path, File(content, at, standing.came if standing else at))

    def put(self, path: str, content: bytes, at: datetime) -> None:
        """Have a file come to stand at a path, as the platform does it: its own disk is never full."""
        if self.is_file(path):
            self._drop(path)
        self._place(path, File(content, at, at))

    def append(self, path: str, content: bytes, at: datetime) -> None:
        """Add to a file of the platform's, made if it isn't there."""
        standing = self._beside(path).get(path)
        self._place(
            path, File(standing.content + content if standing else content, at, standing.came if standing else at)
        )

    def rename(self, old: str, new: str, at: datetime) -> None:
        """Have a file come to stand at another path, in the place of what stood there. Raises OSError."""
        file = self.file(old)
        self._check_place(new)
        for gone in {old, new}:
            if self.is_file(gone):
                self._drop(gone)
        self._place(new, file._replace(came=at))

    def remove(self, path: str) -> None:
        """Remove a file. Raises OSError."""
        self.file(path)
        self._drop(path)

    def settle(self, at: datetime) -> None:
        """Let come what is to come by now, in the order in which it was to."""
        for due in sorted((each for each in self.later if each.at <= at), key=lambda each: each.at):
            (self.append if due.added else self.put)(due.path, due.content, at)
        self.later = [each for each in self.later if each.at > at]

    def copy(self) -> Self:
        """A tree of its own with the same content."""
        copied = type(self)()
        copied._folders = {folder: dict(files) for folder, files in self._folders.items()}  # noqa: SLF001 - of the same class
        copied.size_bytes, copied.later, copied.again = self.size_bytes, list(self.later), dict(self.again)
        return copied

    def dump(self) -> dict[str, Any]:
        """The tree as a JSON document: files as text, and where they are none in base64."""
        document = {
            "folders": sorted(self._folders.keys() - {"/"}),
            "files": {path: shown(file) for files in self._folders.values() for path, file in files.items()},
            "later": self.later,
            "again": self.again,
        }
        dumped: dict[str, Any] = msgspec.to_builtins({name: value for name, value in document.items() if value})
        return dumped

    @classmethod
    def load(cls, document: Any, folders: Iterable[str] = ()) -> Self:
        """The tree that a document tells of, with these folders in any case. Raises ValueError with a sentence."""
        try:
            told = msgspec.convert(document, TreeDocument)
            tree = cls((*folders, *told.folders))
            for path, file in told.files.items():
                tree._place(path, file.file())
            for path in (*(each.path for each in told.later), *told.again):
                tree._check_place(path)
        except msgspec.ValidationError as error:
            raise ValueError(f"these are no folders and files: {error}") from error
        except OSError as error:
            raise ValueError(f"{error.filename}: {error.strerror}") from error
        tree.later, tree.again = told.later, told.again
        return tree

    def _make(self, folder: str) -> None:
        """Make a folder, and those that it is in."""
        _check(folder)
        while folder != "/":
            self._folders.setdefault(folder, {})
            folder = _parent(folder)

    def _place(self, path: str, file: File) -> None:
        self._check_place(path)
        files = self._beside(path)
        standing = files.get(path)
        files[path] = file
        self.size_bytes += len(file.content) - (len(standing.content) if standing else 0)

    def _drop(self, path: str) -> None:
        self.size_bytes -= len(self._beside(path).pop(path).content)

    def _beside(self, path: str) -> dict[str, File]:
        """The files in the folder that a path is in; none, where there is no such folder."""
        return self._folders.get(_parent(path), {})

    def _check_place(self, path: str) -> None:
        """Raise OSError where no file can stand at a path."""
        _check(path)
        if path in self._folders:
            raise _error(errno.EISDIR, path)
        if _parent(path) not in self._folders:
            raise _error(errno.ENOENT, _parent(path))


def _check(path: str) -> None:
    parts = path.split("/")
    if parts[0] or any(part in {"", ".", ".."} for part in parts[1:]) or not path.isprintable():
        raise _error(errno.EINVAL, path)


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _error(number: int, path: str) -> OSError:
    """The error that a file system would have raised, of the class Python has for it."""
    return OSError(number, os.strerror(number), path)
