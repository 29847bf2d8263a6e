"""A stage: platforms on real sockets, a database, and engines on it that are killed while they do something."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.store.database import Database
from harness import operator_files, platforms
from harness.lab.pristine import pristine
from simulators.kit.simulator import Simulator

ROOT = Path(__file__).parents[3]
NURSERY = "tests.engine.kills.nursery"
KILLED = -9
MEMORY = next((str(one) for one in [Path("/dev", "shm")] if one.is_dir()), None)
"""Where files are kept in memory, if anywhere: whoever kills a process asks nothing of a disk."""


class Nursery:
    """The process of which engines are born."""

    def __init__(self):
        command, pipe = [sys.executable, "-W", "error", "-m", NURSERY], subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=os.environ)

    def told(self, **what):
        """Have something done. Gives what is said of it."""
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.communicate()


class House:
    """All platforms, on ports that stay. What is put at Conax waits there until it is told to take it."""

    def __init__(self):
        self._held = ExitStack()
        self._servers, self._simulators = {}, {}
        for name, row in platforms.PLATFORMS.items():
            when = {"delay_s": None} if name == "conax" else {}
            simulator = Simulator(row.make(**platforms.settings(name), **when))
            self._held.callback(simulator.close)
            self._simulators[name] = simulator
            self._servers[name] = self._held.enter_context(platforms.server(simulator))
        self.nursery = self._held.enter_context(closing(Nursery()))

    def open(self, wanted):
        """Fresh memories of these platforms, to which their ports lead from now on."""
        for name in wanted:
            self._simulators[name].drop("play")
            self._servers[name].bind("play")
        return {name: self._simulators[name].workspace("play") for name in wanted}

    def files(self, wanted):
        """The demo operator's files for these platforms, with their addresses here."""
        folder = operator_files.FOLDER
        files = {"catalogue": (folder / "catalogue.toml").read_text(encoding="utf-8")}
        for name in wanted:
            said, port = (folder / f"{name}.toml").read_text(encoding="utf-8"), str(self._servers[name].port)
            known = {"tucano": "8442", "icareus": "8443", "irdeto": "8444", "conax": "8445"}[name]
            assert said.count(known) == 1
            files[name] = said.replace(known, port).replace("first_pause_s = 0.05", "first_pause_s = 0.001")
        return files

    def close(self):
        self._held.close()


class Stage:
    """Platforms and a database, which are as a scene wants them to be, again and again."""

    def __init__(self, house, url, wanted):
        self.house, self.url = house, url
        self.database = Database(url)
        self.workspaces = house.open(wanted)
        self._states, self._ahead_s = {}, 0.0

    def configure(self, definitions):
        """Let the engine know the platforms, and what it runs."""
        with closing(Engine(self.database)) as engine:
            engine.load_configuration(self.house.files(self.workspaces) | {"definitions": definitions})

    def engine(self):
        """Another engine on the database."""
        clock = MovableClock()
        if self._ahead_s:
            clock.advance(self._ahead_s)
        return closing(Engine(self.database, clock=clock))

    def let_pass(self, seconds):
        """Time goes by, for the engines to come and for the platforms."""
        self._ahead_s += seconds
        for workspace in self.workspaces.values():
            workspace.clock.advance(seconds)

    def keep(self):
        """What is so now is what each play begins with."""
        self._states = {name: workspace.state for name, workspace in self.workspaces.items()}
        if self.database.shared:
            self._pristine = pristine(self.database)
        else:
            self.database.close()
            shutil.copyfile(self._file, self._copy)

    def again(self):
        """Let all be so again."""
        self.workspaces, self._ahead_s = self.house.open(self._states), 0.0
        for name, workspace in self.workspaces.items():
            workspace.state = self._states[name].copy()
        if self.database.shared:
            self._pristine.restore()
        self.database.close()
        if not self.database.shared:
            for rest in ("-wal", "-shm"):
                Path(f"{self._file}{rest}").unlink(missing_ok=True)
            shutil.copyfile(self._copy, self._file)

    def play(self, deeds, kill_at, sizes=(1, 1)):
        """Have an engine do it, killed at a point or not."""
        how = {"ahead_s": self._ahead_s, "sizes": sizes, "kill_at": kill_at}
        return self.house.nursery.told(database=self.url, deeds=deeds, **how)

    def close(self):
        self.database.close()

    @property
    def _file(self):
        return self.url.removeprefix("sqlite:///")

    @property
    def _copy(self):
        return f"{self._file}.kept"
