"""What the labs of one test session share, because making it takes longer than a test may."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from time import time
from typing import Any

import requests

from engine.bootstrap import Engine
from engine.domain.provider import Provider, Timeouts
from engine.ports import Clock, FolderTransport
from engine.service.breaker import Breakers
from engine.service.turns import Turns
from engine.transports.http import HttpTransport
from harness import operator_files, platforms
from harness.lab.lines import LINES
from harness.lab.pristine import pristine
from simulators.kit.clock import SharedClock
from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Surroundings

PATIENCE = Timeouts(connect_s=1.0, read_s=0.25)


class Bench:
    """The simulators, the line to them, and a configured engine whose database each lab gets back as it was."""

    def __init__(self, mode: str, database: str = "sqlite://") -> None:
        self.mode = mode
        self._clocks: dict[str, SharedClock] = {}
        around = Surroundings(shared=self.clock)
        self.simulators: Mapping[str, Simulator[Any]] = {
            name: Simulator(platforms.platform(name), around) for name in platforms.PLATFORMS
        }
        self.line = LINES[mode](self.simulators)
        self.workspace_names = (f"lab-{number}" for number in itertools.count(1))
        self._engine = Engine(database)
        self._engine.configure(operator_files.FOLDER)
        self._database = pristine(self._engine.context.database)
        self._restarted: list[Engine] = []
        self._pristine = self._engine.context

    def clock(self, workspace: str) -> SharedClock:
        """The one time of a lab: that of its workspaces on all platforms."""
        return self._clocks.get(workspace) or self._clocks.setdefault(workspace, SharedClock(time))

    def url(self, platform: str) -> str:
        """Where a platform is to be reached."""
        return f"{self.line.url(platform)}{platforms.PLATFORMS[platform].path}"

    def engine(self, session: requests.Session, folders: FolderTransport, clock: Clock) -> Engine:
        """The configured engine, as it was before anybody subscribed."""
        while self._restarted:
            self._restarted.pop().close()
        self._engine.context = self._pristine
        self._database.restore()
        return self._furnish(self._engine, session, folders, clock)

    def restarted(self, engine: Engine, session: requests.Session, folders: FolderTransport, clock: Clock) -> Engine:
        """Another engine, started on what the first one had on disk."""
        self._restarted.append(Engine(self._database.again(engine.context.database)))
        return self._furnish(self._restarted[-1], session, folders, clock)

    def _at_the_bench(self, provider: Provider) -> Provider:
        """The provider with the address that its platform has here."""
        adapter = self._pristine.adapters[provider.protocol]
        connection = {**provider.connection, **adapter.reached_at(self.url(provider.protocol))}
        return replace(provider, connection=connection, timeouts=PATIENCE)

    def _furnish(self, engine: Engine, session: requests.Session, folders: FolderTransport, clock: Clock) -> Engine:
        engine.context = replace(
            engine.context,
            clock=clock,
            transport=HttpTransport(session),
            folders=folders,
            breakers=Breakers(),
            turns=Turns(),
            uncertain=set(),
        )
        self.point(engine)
        return engine

    def point(self, engine: Engine) -> None:
        """Let an engine reach the platforms where they are here, whatever configuration it has loaded."""
        known = engine.context.configuration
        here = {code: self._at_the_bench(provider) for code, provider in known.providers.items()}
        engine.context.configuration = replace(known, providers=here)

    def drop(self, workspace: str) -> None:
        """Let a lab's workspaces go."""
        for simulator in self.simulators.values():
            simulator.drop(workspace)
        self._clocks.pop(workspace, None)

    def close(self) -> None:
        """Let everything go."""
        self.line.close()
        for simulator in self.simulators.values():
            simulator.close()
        for engine in (*self._restarted, self._engine):
            engine.close()
