"""The runs that this engine carries out now."""

import threading
from dataclasses import dataclass, field


@dataclass
class Running:
    """Runs by key, each with its thread. `stopping` are to be interrupted; `changed` tells of whatever changes."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    threads: dict[int, threading.Thread] = field(default_factory=dict)
    stopping: set[int] = field(default_factory=set)
