"""The runs that this engine carries out now."""

import threading
from dataclasses import dataclass, field

from engine.store.runs import Hold


@dataclass
class Running:
    """Runs by key, each with its thread. `stopping` are to be interrupted; `changed` tells of whatever changes.

    `holds` are those on runs that are carried out here, in whatever thread.
    """

    changed: threading.Condition = field(default_factory=threading.Condition)
    threads: dict[int, threading.Thread] = field(default_factory=dict)
    stopping: set[int] = field(default_factory=set)
    holds: set[Hold] = field(default_factory=set)
