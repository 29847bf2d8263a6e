"""An answer is handed over: put into the tree, whole or as the fault that hits it has it. One row a fault."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulators.kit.faults import Fault
from simulators.kit.plan import Armed
from simulators.kit.platform import Answer, Drop
from simulators.kit.tree import Tree
from simulators.kit.tree_document import Later


class Handover:
    """An answer on its way into the tree, and the fault that hits it there."""

    def __init__(self, tree: Tree, drop: Drop[Any], armed: Armed | None, at: datetime) -> None:
        self._tree = tree
        self._log = drop.log
        self._foreign_entry = drop.foreign_entry
        self._armed = armed
        self._at = at
        self.delay_s = armed.delay_s() if armed else 0.0

    @property
    def fault(self) -> Fault | None:
        """The fault, if there is one."""
        return self._armed.fault if self._armed else None

    def deliver(self, answer: Answer) -> None:
        """Put the file where it goes; the entry first, so that who sees the file finds the entry."""
        self.enter(answer.entry)
        self._tree.put(answer.path, answer.content, self._at)

    def enter(self, entry: bytes) -> None:
        """Add to the log."""
        if entry:
            self._tree.append(self._log, entry, self._at)

    def late(self, answer: Answer) -> None:
        """Deliver when the delay is over."""
        due = self._at + timedelta(seconds=self.delay_s)
        if answer.entry:
            self._tree.later.append(Later(due, self._log, answer.entry, added=True))
        self._tree.later.append(Later(due, answer.path, answer.content))

    def never(self, answer: Answer) -> None:
        """Say nothing."""

    def twice(self, answer: Answer) -> None:
        """Deliver, and once more when that has been deleted."""
        self.deliver(answer)
        self._tree.again[answer.path] = answer.content

    def among_strangers(self, answer: Answer) -> None:
        """Deliver, with somebody else's entries around the answer's own."""
        told = self.fault.detail if self.fault else None
        foreign = self._foreign_entry if told is None else told.encode()
        self.enter(foreign)
        self.deliver(answer)
        self.enter(foreign)

    def halved(self, answer: Answer) -> None:
        """Deliver, with a part of the entry; the rest of it after the delay, if there is one."""
        size = self.fault.size_bytes if self.fault else None
        cut = len(answer.entry) // 2 if size is None else size
        self.deliver(Answer(answer.path, answer.content, answer.entry[:cut]))
        if self.delay_s:
            due = self._at + timedelta(seconds=self.delay_s)
            self._tree.later.append(Later(due, self._log, answer.entry[cut:], added=True))

    def garbled(self, answer: Answer) -> None:
        """Deliver what can't be read: the entry, or the file where the platform says nothing in the log."""
        garble = self._armed.garble if self._armed else bytes
        content = answer.content if answer.entry else garble(answer.content)
        self.deliver(Answer(answer.path, content, garble(answer.entry)))


# fmt: off
HANDED_OVER: dict[str | None, Callable[[Handover, Answer], None]] = {
    None:            Handover.deliver,
    "refuse":        Handover.deliver,
    "garbled":       Handover.garbled,
    "late_answer":   Handover.late,
    "no_answer":     Handover.never,
    "answer_twice":  Handover.twice,
    "foreign_entry": Handover.among_strangers,
    "half_entry":    Handover.halved,
}
# fmt: on
