"""Memories that outlive the process: one JSON file, read at the start, replaced whole or not at all."""

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from simulators.kit.simulator import Simulator, WorkspaceError

VERSION = 1


class StateFileError(Exception):
    """A state file that can't be read or written: what is wrong with which file."""


class StateFile:
    """A file with the memory of every workspace of every simulator in it; clocks, faults and journals are not kept."""

    def __init__(self, path: Path, simulators: Mapping[str, Simulator[Any]]) -> None:
        self._path = path
        self._simulators = simulators
        self._lock = threading.Lock()

    def load(self) -> None:
        """Take the memories over; a file that isn't there yet is an empty one. Raises StateFileError."""
        try:
            document = msgspec.json.decode(self._path.read_bytes()) if self._path.exists() else None
            for name, memories in _platforms(document).items():
                self._take(name, memories)
        except (OSError, ValueError, RecursionError, msgspec.DecodeError, WorkspaceError) as error:
            raise StateFileError(f"the state file {self._path} can't be used: {error}") from error

    def save(self) -> None:
        """Write all memories beside the file, then put the new file in its place. Raises StateFileError."""
        platforms = {
            name: {workspace.name: workspace.memory() for workspace in simulator.workspaces()}
            for name, simulator in self._simulators.items()
        }
        content = msgspec.json.format(msgspec.json.encode({"version": VERSION, "platforms": platforms}))
        try:
            with self._lock:
                _replace(self._path, content)
        except OSError as error:
            raise StateFileError(f"the state file {self._path} can't be written: {error}") from error

    def _take(self, platform: str, memories: Any) -> None:
        if platform not in self._simulators:
            raise ValueError(f"it has memories of {platform!r}; there are {', '.join(self._simulators)}")
        if not isinstance(memories, dict):
            raise ValueError(f"the memories of {platform} are no object")  # noqa: TRY004 - what a file holds is a value
        for workspace, memory in memories.items():
            self._simulators[platform].workspace(workspace).remember(memory)


def _platforms(document: Any) -> dict[str, Any]:
    if document is None:
        return {}
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError(f"it is no state file of version {VERSION}")
    platforms = document.get("platforms")
    if not isinstance(platforms, dict):
        raise ValueError("it has no platforms")  # noqa: TRY004 - what a file holds is a value
    return platforms


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
