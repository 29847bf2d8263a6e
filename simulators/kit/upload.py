"""A file that is being written: it grows in the folder as it comes, and nobody takes it before it is whole."""

import errno
import os
from typing import Any

from simulators.kit.faults import Fault
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.tree_document import File

BREAKS_OFF = frozenset({"upload_dropped", "disk_full"})
PART_BYTES = 64


class Upload:
    """What a line writes to, like a file opened for it. `begun` stands there from before; what a fault has is lost."""

    def __init__(self, workspace: FileWorkspace[Any], path: str, begun: bytes, fault: Fault | None) -> None:
        self.name = path
        self.closed = False
        self._workspace = workspace
        self._content = bytearray(begun)
        self._place = len(begun)
        self._fault = fault
        self._left = (fault.size_bytes or PART_BYTES) if fault and fault.kind in BREAKS_OFF else None
        self._standing: File | None
        with workspace.lock:
            self._standing = self._written()
            workspace.uploads.append(path)

    def seek(self, place: int) -> None:
        """Go on from another place; what stood after it is written over."""
        self._place = place

    def write(self, data: bytes) -> None:
        """Write on. Raises OSError where there is no room, or where a fault has it break off."""
        taken = data if self._left is None else data[: self._left]
        self._content[self._place : self._place + len(taken)] = taken
        self._place += len(taken)
        try:
            with self._workspace.lock:
                self._put()
        except OSError:
            self._standing = None  # what has been written stays
            raise
        if self._left is not None:
            self._left -= len(taken)
            if len(taken) < len(data):
                raise OSError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED), self.name)

    def close(self) -> None:
        """Be done, whole or not: what stands there now may be taken. A second time does no harm."""
        if self.closed:
            return
        self.closed = True
        if self._fault and self._fault.kind == "half_a_file":
            del self._content[self._fault.size_bytes or len(self._content) // 2 :]
        with self._workspace.lock:
            if self.name in self._workspace.uploads:  # a reset does not know of it
                self._workspace.uploads.remove(self.name)
            self._put()
            self._workspace.settle()

    def _put(self) -> None:
        """Write what has come to the file that was opened: not to one that has taken its place meanwhile."""
        tree = self._workspace.tree
        if tree.is_file(self.name) and tree.file(self.name) is self._standing:
            self._standing = self._written()

    def _written(self) -> File:
        self._workspace.tree.write(self.name, bytes(self._content), self._workspace.clock.now())
        return self._workspace.tree.file(self.name)
