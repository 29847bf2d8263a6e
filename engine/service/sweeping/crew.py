"""Those who work on a run in one engine, and what they have in hand."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.service.breaker import left_alone
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.jobs import Sweep, Task
from engine.service.pace import WAIT_S
from engine.store import chunks
from engine.store.chunks import Chunk, Left

LEASE = timedelta(seconds=60)  # how long nothing may be heard of an engine before its chunks are free
RENEW_EVERY_S = 15.0
PROBES = 3
"""How often one tries in vain whether a platform is back, before the run ends without it."""


@dataclass
class Crew:
    """Those who work on a run here: `at_once`, in all engines together.

    `left_out` are the providers that they leave alone, with the reasons; `probes` how often it had been tried in vain
    whether a platform is back, when they came; `sizes` how many subscriptions are best done at once. `over`: they are
    to end.
    """

    context: Context
    task: Task
    sweep: Sweep
    at_once: int
    left_out: dict[str, str] = field(default_factory=dict)
    probes: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def halts(self) -> bool:
        """Whether they are to end as soon as they can."""
        return self.over.is_set() or self.task.run in self.context.running.stopping

    def take(self) -> Chunk | None:
        """A chunk to go through; None, where there is none for this engine now."""
        if self.halts():
            return None
        now = self.context.clock.now()
        with self.context.database.transaction(durable=False) as connection:
            return chunks.take(
                connection,
                self.task.run,
                self.context.running.engine,
                now=now,
                until=now + LEASE,
                at_once=self.at_once,
                without=tuple(self.left_out),
            )

    def give_up(self, chunk: Chunk) -> None:
        """Let anybody take what is left of a chunk."""
        with self.context.database.transaction(durable=False) as connection:
            chunks.release(connection, chunk)

    def provider(self, code: str) -> Provider | None:
        """The provider as it is now; None, and it is left out, where nothing is sent to it.

        Raises NotAllowedError where the run is to end.
        """
        refresh(self.context)
        definition = self.context.configuration.definitions.get(self.task.definition.code)
        if definition is None or not definition.effective:
            said = f"Definition {self.task.definition.code} is NOT_EFFECTIVE."
            raise NotAllowedError(said, field="definition_identifier")
        provider = self.context.providers.get(code)
        if provider is not None and provider.effective:
            return provider
        is_what = "NOT_EFFECTIVE: nothing is sent to it" if provider else "no more"
        self.left_out[code] = f"{code} is {is_what}."
        return None

    def left(self) -> list[Left]:
        """What is left of the run."""
        with self.context.database.reading() as connection:
            return chunks.left(connection, self.task.run, self.context.running.engine, self.context.clock.now())

    def wait_for(self, provider: str) -> None:
        """Wait until it may be tried whether a platform is back; leave it out, where that was tried too often.

        They all wait for the same moment: then one of them tries, and the others are refused, and wait on.
        """
        clock = self.context.clock
        while not self.halts() and provider not in self.left_out:
            probes, retry_at = self.context.breakers.probed(provider)
            before = self.probes[provider] = min(self.probes.get(provider, probes), probes)
            if probes - before >= PROBES:
                self.left_out[provider] = left_alone(provider)
            if retry_at is None or clock.now() >= retry_at:
                return
            clock.sleep(min((retry_at - clock.now()).total_seconds(), WAIT_S))

    def renew(self) -> None:
        """Renew the leases on what this engine has in hand."""
        with self.context.database.transaction(durable=False) as connection:
            chunks.renew(connection, self.context.running.engine, self.context.clock.now() + LEASE)
