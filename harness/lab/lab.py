"""One test's engine and platforms."""

import heapq
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from engine.bootstrap import Engine
from harness.lab.bench import Bench
from harness.lab.changed import changed
from harness.lab.clock import LabClock
from harness.lab.killing import MOMENTS, Dying, DyingTransport
from simulators.kit.entry import Criteria, Entry
from simulators.kit.simulator import Simulator
from simulators.kit.verify import Verification
from simulators.kit.workspace import Workspace

TUCANO, ICAREUS, IRDETO, CONAX = "tucano", "icareus", "irdeto", "conax"


class Platforms(Mapping[str, Workspace[Any]]):
    """A lab's workspace on each platform, by its name; one is made when it is first asked for."""

    def __init__(self, simulators: Mapping[str, Simulator[Any]], workspace: str) -> None:
        self._simulators = simulators
        self._name = workspace
        self._found: dict[str, Workspace[Any]] = {}

    def __getitem__(self, platform: str) -> Workspace[Any]:
        """The workspace on this platform."""
        return self._simulators[platform].workspace(self._name)

    def __iter__(self) -> Iterator[str]:
        """The platforms' names."""
        return iter(self._simulators)

    def __len__(self) -> int:
        """How many platforms there are."""
        return len(self._simulators)

    def touched(self) -> dict[str, Workspace[Any]]:
        """The workspaces that somebody has asked for, for as long as anybody wants to look at them."""
        found = ((platform, one.found(self._name)) for platform, one in self._simulators.items())
        self._found.update((platform, workspace) for platform, workspace in found if workspace is not None)
        return self._found


class Lab:
    """An engine and the platforms, each in a workspace of its own, all in one virtual time.

    `lab.platforms` has the workspaces, of which `lab.tucano` is one: state, journal, faults, snapshots, `down()` and
    `verify()`. Whoever moves the clock of one moves that of all, and the engine's.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._name = next(bench.workspace_names)
        self.mode = bench.mode
        self.platforms = Platforms(bench.simulators, self._name)
        self.clock = LabClock(bench.clock(self._name))
        self.session = bench.line.bind(self._name)
        self.folders = bench.line.folders(self._name)
        self.since: dict[str, int] = {}
        self.stopped = False

    @property
    def tucano(self) -> Workspace[Any]:
        """The workspace at Tucano."""
        return self.platforms[TUCANO]

    @property
    def icareus(self) -> Workspace[Any]:
        """The workspace at Icareus."""
        return self.platforms[ICAREUS]

    @property
    def irdeto(self) -> Workspace[Any]:
        """The workspace at Irdeto."""
        return self.platforms[IRDETO]

    @property
    def conax(self) -> Workspace[Any]:
        """The workspace at Conax."""
        return self.platforms[CONAX]

    @property
    def url(self) -> str:
        """Where Tucano is to be reached, in whatever mode."""
        return self.url_of(TUCANO)

    def url_of(self, platform: str) -> str:
        """Where a platform is to be reached, in whatever mode."""
        return self._bench.url(platform)

    @cached_property
    def engine(self) -> Engine:
        """The engine, configured as the demo operator's, with nobody subscribed."""
        return self._bench.engine(self.session, self.folders, self.clock)

    def mark(self) -> None:
        """Look only at what comes from now on."""
        self.since = {name: one.journal.next_seq for name, one in self.platforms.touched().items()}

    def unmark(self) -> None:
        """Look at everything again."""
        self.since = {}

    def exchanges(self, *names: str) -> list[Entry]:
        """What the platforms were asked since the mark: those that are named, or all of them."""
        touched = self.platforms.touched()
        journals = [
            one.journal.find(self.after_mark(name)) for name, one in touched.items() if not names or name in names
        ]
        return list(heapq.merge(*journals, key=lambda entry: entry.at))  # of one platform, always in its order

    def after_mark(self, platform: str) -> Criteria:
        """What came to a platform since the mark."""
        return Criteria(since_seq=self.since.get(platform, 1))

    def effects(self, *names: str) -> list[str]:
        """What changed since the mark, signed, in order: at the platforms that are named, or at all of them."""
        return [line for entry in self.exchanges(*names) for line in entry.difference]

    def received(self, *sequence: tuple[str, dict[str, Any]], platform: str = TUCANO) -> Verification:
        """Whether the platform received exactly these since the mark, and nothing else."""
        steps: Any = [{"operation": operation, "parameters": parameters} for operation, parameters in sequence]
        return self.platforms[platform].verify("exact", steps, criteria=self.after_mark(platform))

    def reconfigure(self, text: str) -> None:
        """Let the operator's files say this too, in TOML, for this lab only."""
        context = self.engine.context
        context.configuration = changed(context.configuration, text)

    def kill_engine(self, when: str) -> None:
        """Let the engine die at one of the `MOMENTS`, of its next request or file, until it is restarted."""
        context, moment = self.engine.context, MOMENTS[when]
        context.transport = Dying(context.transport, sends=moment.done)
        context.folders = DyingTransport(context.folders, moment)

    def stop_engine(self) -> None:
        """Let the engine end; what it believes can still be looked at."""
        self.stopped = True

    def restart_engine(self) -> None:
        """Start the engine again on what it had on disk; it sends what it finds PENDING."""
        self.stopped = False
        self.engine = self._bench.restarted(self.engine, self.session, self.folders, self.clock)
        self.engine.recover()

    def close(self) -> None:
        """Let the workspaces go; what they saw can still be told."""
        self.platforms.touched()
        self.session.close()
        self._bench.drop(self._name)
