"""One user's way into the folders of a workspace, whatever line they come on: what they see, do, and what hits them.

Faults are drawn here, and written in the journal; who owns the line carries them out.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulators.kit.entry import Entry, Outcome
from simulators.kit.faults import Fault, Step
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.plan import Armed
from simulators.kit.tree_document import File
from simulators.kit.upload import Upload


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that has hit a step."""

    armed: Armed
    entry: Entry
    delay_s: float

    @property
    def fault(self) -> Fault:
        """The fault."""
        return self.armed.fault


class Visit:
    """What a user may do; raises OSError as a file system does."""

    def __init__(self, workspace: FileWorkspace[Any]) -> None:
        self.workspace = workspace

    @property
    def lock(self) -> threading.Condition:
        """The workspace's lock."""
        return self.workspace.lock

    def strike(self, step: Step, path: str) -> Strike | None:
        """The fault that hits a step; `path` is the file's, or the user's name at a login."""
        with self.lock:
            at = self.workspace.clock.now()
            armed = self.workspace.faults.draw(step, _name(path), at.timestamp(), lambda fault: step in fault.row.steps)
            if armed is None:
                return None
            entry = self._entry(step, path, armed.fault.row.outcome, at)
            entry.fault, entry.added_delay_s = armed.fault.name, armed.delay_s()
            self.workspace.journal.add(entry)
            return Strike(armed, entry, entry.added_delay_s)

    def note(self, step: Step, path: str, outcome: Outcome) -> None:
        """Write down that a step went wrong without any fault's help."""
        with self.lock:
            self.workspace.journal.add(self._entry(step, path, outcome, self.workspace.clock.now()))

    def hung_up(self, strike: Strike) -> None:
        """Write down that a caller didn't wait for a late answer."""
        self.workspace.journal.amend(strike.entry, "timed_out")

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this name."""
        with self.lock:
            return self.workspace.tree.is_folder(path)

    def is_file(self, path: str) -> bool:
        """Whether there is a file of this name."""
        with self.lock:
            return self.workspace.look().is_file(path)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted."""
        with self.lock:
            return self.workspace.look().names(folder)

    def file(self, path: str) -> File:
        """A file."""
        with self.lock:
            return self.workspace.look().file(path)

    def upload(self, path: str, begun: bytes = b"", strike: Strike | None = None) -> Upload:
        """A file to be written, after what has `begun` of it already."""
        return Upload(self.workspace, path, begun, strike.fault if strike else None)

    def rename(self, old: str, new: str) -> None:
        """Have a file stand elsewhere; where it is to be taken at once, it has been when this returns."""
        with self.lock:
            self.workspace.look().rename(old, new, self.workspace.clock.now())
            self.workspace.settle()

    def remove(self, path: str) -> None:
        """Remove a file."""
        with self.lock:
            tree = self.workspace.look()
            tree.remove(path)
            if path in tree.again:
                tree.put(path, tree.again.pop(path), self.workspace.clock.now())

    def _entry(self, step: Step, path: str, outcome: Outcome, at: datetime) -> Entry:
        return Entry(
            seq=self.workspace.journal.next_seq,
            workspace=self.workspace.name,
            at=at,
            platform=self.workspace.platform.name,
            channel="ftp",
            operation=step,
            subject=_name(path),
            parameters={},
            reference="",
            method="",
            path=path if path.startswith("/") else "",
            content_type="",
            request="",
            status=None,
            response_type="",
            response="",
            outcome=outcome,
            effect="none",
            transfer=True,
        )


def _name(path: str) -> str:
    return path.rpartition("/")[2]
