"""Archive files: lines of JSON, compressed; there under their names only when they are whole and on the disk."""

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from engine.domain.errors import NotAllowedError

SUFFIX, UNFINISHED = ".jsonl.gz", ".tmp"
FOLDER_MODE, FILE_MODE = 0o700, 0o600  # what the database holds is in these, too
LEVEL = 6
BLOCK_BYTES = 1 << 16


class Written(NamedTuple):
    """A file that was written: its size in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


class Summed:
    """A file whose sum is taken as it is written."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._sum = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        """Write it through."""
        self._sum.update(data)
        self._size += len(data)
        return self._raw.write(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    @property
    def written(self) -> Written:
        """What was written until now."""
        return Written(self._size, self._sum.hexdigest())


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    """Let what can't be done with files be refused in words. Raises NotAllowedError: the folder, and the reason."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotAllowedError(
            f"The archive folder {folder} can't be used: {reason}.", field="archive_folder"
        ) from error


def make_folder(folder: Path) -> None:
    """Make the folder, if it is not there."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write(path: Path, lines: Iterable[bytes]) -> Written:
    """Write a new file: beside its place first, then in it. Where that fails, nothing of it stays. Raises OSError."""
    beside = path.with_name(path.name + UNFINISHED)
    try:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(number, "wb", buffering=0) as raw:
            file = Summed(raw)
            with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
                packed.writelines(lines)
            os.fsync(raw.fileno())
        beside.rename(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    settle(path.parent)
    return file.written


def remove(folder: Path, name: str) -> None:
    """Remove a file for good, and what there is of it where it was never whole. Raises OSError."""
    if not folder.is_dir():
        return
    for one in (name, name + UNFINISHED):
        (folder / one).unlink(missing_ok=True)
    settle(folder)


def settle(folder: Path) -> None:
    """Let what stands in a folder outlive a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def blocks(path: Path) -> Iterator[bytes]:
    """What a file holds, as it is, though it be removed meanwhile. Raises OSError where it is not there now."""
    return blocks_of(path.open("rb"))


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """What an open file holds; then it is closed."""
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block
