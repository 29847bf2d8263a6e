"""What the engine has done since it started, in numbers."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.domain.actions import Action
from engine.domain.errors import DomainError

EXECUTED, REFUSED, FAILED = "executed", "refused", "failed"


@dataclass
class Tally:
    """Actions by code and outcome; requests by provider, type and how they ended. Safe for many threads.

    `archive_password_failures` is how often the archive password was said wrong.
    """

    actions: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    archive_password_failures: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def acting(self, action: Action) -> Iterator[None]:
        """Count an action by how it goes."""
        outcome = FAILED
        try:
            yield
            outcome = EXECUTED
        except DomainError:
            outcome = REFUSED
            raise
        finally:
            with self._guard:
                self.actions[action.value, outcome] += 1

    def ended(self, provider: str, request_type: str, outcome: str, count: int = 1) -> None:
        """Count a request that has ended, or several at once."""
        with self._guard:
            self.requests[provider, request_type, outcome] += count

    def archive_password_failed(self) -> None:
        """Count that the archive password was said wrong."""
        with self._guard:
            self.archive_password_failures += 1

    def counts(self) -> tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str, str], int]]:
        """The actions and the requests, as they are now."""
        with self._guard:
            return dict(self.actions), dict(self.requests)
