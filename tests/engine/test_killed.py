"""An engine that is killed, as a real process at a real platform, at every moment of an action.

Whatever the moment, the next engine on the same file sends what is left, and everything has happened exactly once.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from harness import operator_files, platforms
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("killed_engine.py")
NUMBER = "S0000000001"
PATIENCE_S = 30
BUNDLE_A = {"product": "FLEXIBLE_BUNDLE_A", "components": ["GEOLOGICAL", "ENTERTAIN"]}
BUNDLE_B = {"product": "FLEXIBLE_BUNDLE_B", "components": ["GEOLOGICAL", "RELIGION"]}
BECOME = (
    "BECOME_SUBSCRIBER",
    "",
    {
        "subscriber": {"first_name": "Ada", "last_name": "Lovelace"},
        "services": [{**BUNDLE_A, "distributors": ["TUCANO_MAIN"]}],
        "items": [{"product": "STB", "serial_number": "STB-1", "distributors": ["TUCANO_MAIN"]}],
    },
)
UPGRADE = ("SWAP_SERVICE", NUMBER, {"service": "FLEXIBLE_BUNDLE_A", **BUNDLE_B})
MADE = ["+account T100001", "+material STB-1", "+option OPT_ENTERTAIN", "+option OPT_GEOLOGICAL"]
UPGRADED = [*MADE, "-option OPT_ENTERTAIN", "+option OPT_RELIGION"]


def moments(requests):
    """Every moment of an action with so many requests; its own commit comes before those of the requests' ends."""
    sending = [(moment, number) for number in range(requests) for moment in ("before sending", "before the answer")]
    return sending + [("before the commit", number + 1) for number in range(requests)]


@pytest.fixture(scope="module")
def port():
    """A Tucano on a socket; what is bound to it decides what it remembers."""
    simulator = Simulator(platforms.platform("tucano"))
    names = (f"killed-{number}" for number in count(1))
    with Server(simulator.wsgi, simulator=simulator) as server:
        yield lambda: (f"{server.url}/tucano", fresh(simulator, server, next(names)))
    simulator.close()


def fresh(simulator, server, name):
    workspace = simulator.workspace(name)
    server.bind(name)
    return workspace


@pytest.fixture
def scene(port, make_database):
    return Scene(*port(), make_database())


class Scene:
    """A platform, a database, and engines on it."""

    def __init__(self, end_point, platform, database):
        self.end_point, self.platform, self.database = end_point, platform, database

    def kill(self, action, moment, number, before=()):
        """Run an engine as a process, and kill it when it has come to that moment."""
        told = {
            "database": self.database,
            "configuration": str(operator_files.FOLDER),
            "end_point": self.end_point,
            "before": before,
            "action": action,
            "moment": moment,
            "count": number,
        }
        command = [sys.executable, str(DRIVER), json.dumps(told)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            said = process.stdout.readline()
            process.kill()
            assert process.wait(PATIENCE_S) == -9
        assert said == b"halted\n"

    @contextmanager
    def engine(self):
        """Another engine on the same database."""
        engine = Engine(self.database)
        engine.point("tucano", end_point=self.end_point)
        with closing(engine):
            yield engine

    def effects(self):
        return [line for entry in self.platform.journal.find() for line in entry.difference]

    def check(self, effects):
        """Everything has happened exactly once, and both sides know it."""
        assert Counter(self.effects()) == Counter(effects)
        assert self.platform.journal.violations() == []
        with self.engine() as engine:
            assert {one.life_cycle_state for one in engine.requests()} == {"COMPLETED"}
            standing = engine.show(NUMBER).providers["tucano"]
            assert (standing.in_sync, standing.pending) == (True, 0)
            should = standing.should_hold
        held = {f"option {ca_id}" for ca_id in should.services} | {f"material {ca_id}" for ca_id in should.items}
        assert self.platform.holdings() == {"T100001": sorted({"account T100001", *held})}
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"))) as raw:
                assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(("moment", "number"), moments(3))
def test_killed_while_a_subscription_is_made(moment, number, scene):
    scene.kill(BECOME, moment, number)
    with scene.engine() as engine:
        assert engine.recover() == 1
    scene.check(MADE)


@pytest.mark.parametrize(("moment", "number"), moments(2))
def test_killed_during_an_upgrade(moment, number, scene):
    scene.kill(UPGRADE, moment, number, before=[BECOME])
    with scene.engine() as engine:
        assert engine.recover() == 1
    scene.check(UPGRADED)


def test_killed_before_a_new_subscription_is_on_disk_nothing_of_it_has_happened(scene):
    scene.kill(BECOME, "before the commit", 0)
    with scene.engine() as engine:
        assert engine.recover() == 0
        assert (engine.subscriptions(), engine.requests()) == ([], [])
        assert scene.platform.journal.find() == []
        engine.act(*BECOME[:2], **BECOME[2])
    scene.check(MADE)


def test_killed_before_an_upgrade_is_on_disk_nothing_of_it_has_happened(scene):
    scene.kill(UPGRADE, "before the commit", 0, before=[BECOME])
    with scene.engine() as engine:
        assert engine.recover() == 0
    scene.check(MADE)


@pytest.mark.parametrize("moment", ["before sending", "before the answer", "before the commit"])
def test_killed_again_during_the_recovery(moment, scene):
    scene.kill(BECOME, "before the answer", 0)
    scene.kill(None, moment, 1)
    with scene.engine() as engine:
        assert engine.recover() == 1
    scene.check(MADE)
