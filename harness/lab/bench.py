"""What the labs of one test session share, because making it takes longer than a test may."""

import itertools
from dataclasses import replace
from typing import Any

import requests

from engine.bootstrap import Engine
from engine.domain.provider import Timeouts
from engine.ports import Clock
from engine.service.breaker import Breakers
from engine.service.turns import Turns
from engine.transports.http import HttpTransport
from harness import operator_files
from harness.lab.lines import LINES
from harness.lab.pristine import pristine
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano

PATIENCE = Timeouts(connect_s=1.0, read_s=0.25)


class Bench:
    """The simulator, the line to it, and a configured engine whose database each lab gets back as it was."""

    def __init__(self, mode: str, database: str = "sqlite://") -> None:
        self.mode = mode
        self.simulator: Simulator[Any] = Simulator(tucano(**operator_files.at_tucano()))
        self.line = LINES[mode](self.simulator)
        self.workspace_names = (f"lab-{number}" for number in itertools.count(1))
        self._engine = Engine(database)
        self._engine.configure(operator_files.FOLDER)
        self._database = pristine(self._engine.context.database)
        self._restarted: list[Engine] = []
        self._pristine = self._engine.context

    def engine(self, session: requests.Session, clock: Clock) -> Engine:
        """The configured engine, as it was before anybody subscribed."""
        while self._restarted:
            self._restarted.pop().close()
        self._engine.context = self._pristine
        self._database.restore()
        return self._furnish(self._engine, session, clock)

    def restarted(self, engine: Engine, session: requests.Session, clock: Clock) -> Engine:
        """Another engine, started on what the first one had on disk."""
        self._restarted.append(Engine(self._database.again(engine.context.database)))
        return self._furnish(self._restarted[-1], session, clock)

    def _furnish(self, engine: Engine, session: requests.Session, clock: Clock) -> Engine:
        provider = engine.context.provider("tucano")
        connection = {**provider.connection, "end_point": f"{self.line.url}/tucano"}
        engine.context = replace(
            engine.context,
            clock=clock,
            transport=HttpTransport(session),
            breakers=Breakers(),
            turns=Turns(),
            uncertain=set(),
            configuration=replace(
                engine.context.configuration,
                providers={"tucano": replace(provider, connection=connection, timeouts=PATIENCE)},
            ),
        )
        return engine

    def close(self) -> None:
        """Let everything go."""
        self.line.close()
        self.simulator.close()
        for engine in (*self._restarted, self._engine):
            engine.close()
