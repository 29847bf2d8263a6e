"""One test's engine and platform."""

from functools import cached_property
from typing import Any

from engine.bootstrap import Engine
from engine.domain.provider import Timeouts
from engine.ports import Failure, Message, Reply, Transport
from harness.lab.bench import Bench
from harness.lab.changed import changed
from harness.lab.clock import LabClock
from simulators.kit.entry import Criteria, Entry
from simulators.kit.verify import Verification
from simulators.kit.workspace import Workspace


class EngineKilledError(BaseException):
    """The engine is gone in the middle of its work; nothing in it may catch this."""


class Lab:
    """An engine and a platform in a workspace of its own, both in the platform's virtual time.

    `lab.tucano` is the workspace: its state, journal, faults, clock, snapshots, `down()` and `verify()`.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.mode = bench.mode
        self.tucano: Workspace[Any] = bench.simulator.workspace(next(bench.workspace_names))
        self.clock = LabClock(self.tucano.clock)
        self.session = bench.line.bind(self.tucano.name)
        self.since = 1

    @property
    def url(self) -> str:
        """Where the platform is to be reached, in whatever mode."""
        return f"{self._bench.line.url}/tucano"

    @cached_property
    def engine(self) -> Engine:
        """The engine, configured as the demo operator's, with nobody subscribed."""
        return self._bench.engine(self.session, self.clock)

    def mark(self) -> None:
        """Look only at what comes from now on."""
        self.since = self.tucano.journal.next_seq

    def exchanges(self) -> list[Entry]:
        """What the platform was asked since the mark."""
        return self.tucano.journal.find(Criteria(since_seq=self.since))

    def effects(self) -> list[str]:
        """What changed at the platform since the mark, signed, in order."""
        return [line for entry in self.exchanges() for line in entry.difference]

    def received(self, *sequence: tuple[str, dict[str, Any]]) -> Verification:
        """Whether the platform received exactly these since the mark, and nothing else."""
        steps = [{"operation": operation, "parameters": parameters} for operation, parameters in sequence]
        return self.tucano.verify("exact", steps, criteria=Criteria(since_seq=self.since))  # type: ignore[arg-type]

    def reconfigure(self, text: str) -> None:
        """Let the operator's files say this too, in TOML, for this lab only."""
        context = self.engine.context
        context.configuration = changed(context.configuration, text)

    def kill_engine(self, when: str) -> None:
        """Let the engine die at its next request, `before_sending` or `before_the_answer`, until it is restarted."""
        self.engine.context.transport = Dying(self.engine.context.transport, sends=when == "before_the_answer")

    def restart_engine(self) -> None:
        """Start the engine again on what it had on disk; it sends what it finds PENDING."""
        self.engine = self._bench.restarted(self.engine, self.session, self.clock)
        self.engine.recover()

    def close(self) -> None:
        """Let the workspace go."""
        self.session.close()
        self._bench.simulator.drop(self.tucano.name)


class Dying:
    """A transport at which the engine dies."""

    def __init__(self, inner: Transport, *, sends: bool) -> None:
        self._inner = inner
        self._sends = sends

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """Send, or not, and die."""
        if self._sends:
            self._inner.send(message, timeouts)
        raise EngineKilledError

    def close(self) -> None:
        """Let go of what is open."""
        self._inner.close()
