"""The runs that this engine carries out now."""

import threading
from dataclasses import dataclass, field
from uuid import uuid4

from engine.store.runs import Hold


@dataclass
class Running:
    """Runs by key, each with its thread. `stopping` are to be interrupted; `changed` tells of whatever changes.

    `holds` are those on runs that are carried out here, in whatever thread. `helpers` are the threads that work on runs
    which another engine carries out; `engine` is what this one is called there.
    """

    changed: threading.Condition = field(default_factory=threading.Condition)
    threads: dict[int, threading.Thread] = field(default_factory=dict)
    stopping: set[int] = field(default_factory=set)
    holds: set[Hold] = field(default_factory=set)
    helpers: dict[int, threading.Thread] = field(default_factory=dict)
    engine: str = field(default_factory=lambda: uuid4().hex)
