"""Where calls are answered: the engine, and what is known of the serving itself."""

import threading
from dataclasses import dataclass, field

from engine.api.metrics import Meter
from engine.bootstrap import Engine
from engine.service.tokens import Doorkeeper


class Gate:
    """Lets calls in until it is closed, and knows how many are in hand."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._in_hand = 0
        self.is_closed = False

    def enter(self) -> bool:
        """Take a call in hand, unless no more are taken."""
        with self._changed:
            self._in_hand += not self.is_closed
            return not self.is_closed

    def leave(self) -> None:
        """Let go of a call."""
        with self._changed:
            self._in_hand -= 1
            self._changed.notify_all()

    def close(self, within_s: float) -> bool:
        """Take no more calls, and wait for those in hand. Returns whether they have ended in time."""
        with self._changed:
            self.is_closed = True
            return self._changed.wait_for(lambda: not self._in_hand, within_s)


@dataclass(frozen=True)
class Site:
    """What the functions of the table of calls work with."""

    engine: Engine
    doorkeeper: Doorkeeper
    meter: Meter
    gate: Gate = field(default_factory=Gate)


def site_of(engine: Engine, token: str = "") -> Site:
    """The site of an engine. `token` is one that is known besides those in the database."""
    context = engine.context
    return Site(engine, Doorkeeper(context.database, context.clock, token), Meter(engine))
