"""An engine that is killed, as a real process at a real platform, in the middle of a mail run.

Whatever the moment, the next engine on the same file tells what is left, and no box has been told anything twice.
"""

import json
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.service.lease import LEASE
from harness import operator_files, platforms
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("mailing_engine.py")
PATIENCE_S = 30
BOXES = ("BOX-1", "BOX-2", "BOX-3")
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
TOLD = sorted(f'+mail "To {box}"' for box in BOXES)
# A run begins with four commits: it is made, taken, counted, and its first requests are written. Each entry has two: it
# ends, and the run notes that. Who resumes the run counts all of them but one that ended and was not noted. Looks are
# commits too on PostgreSQL, so that the same numbers are other moments: what is counted there depends on them.
MOMENTS = [
    ("before sending", 2, 3),
    ("before the answer", 0, 3),
    ("before the answer", 1, None),
    ("before the commit", 3, None),
    ("before the commit", 4, 3),
    ("before the commit", 7, 2),
]


@pytest.fixture(scope="module")
def irdeto():
    """An Irdeto on a socket; gives its end point, and what is bound to it, anew."""
    simulator = Simulator(platforms.platform("irdeto"))
    names = (f"killed-{number}" for number in count(1))
    with Server(simulator.wsgi, simulator=simulator) as server:

        def bound():
            name = next(names)
            workspace = simulator.workspace(name)
            server.bind(name)
            return f"{server.url}{platforms.PLATFORMS['irdeto'].path}", workspace

        yield bound


@pytest.fixture
def end_point_and_platform(irdeto):
    return irdeto()


@pytest.fixture
def started(make_database, end_point_and_platform):
    """A database in which an engine has three boxes and an entry for each; starts engines on it."""
    database = make_database()

    @contextmanager
    def start(clock=None):
        engine = Engine(database, clock=clock)
        with closing(engine):
            engine.configure(operator_files.FOLDER)
            engine.point("irdeto", end_point=end_point_and_platform[0])
            yield engine

    with start() as engine:
        for box in BOXES:
            items = [{"product": "STB", "serial_number": box, "distributors": ["IRDETO_MAIN"]}]
            made = engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[], items=items)
            assert made.in_sync
            engine.queue_text(made.subscription, f"To {box}", "CRM")
    return database, start


def kill(database, end_point, moment, number):
    told = {"database": database, "end_point": end_point, "moment": moment, "count": number}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(DRIVER), json.dumps(told)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        said = process.stdout.readline()
        process.kill()
        assert process.wait(PATIENCE_S) == -9
    assert said == b"halted\n"


@pytest.mark.parametrize(("moment", "number", "counted"), MOMENTS)
def test_killed_during_a_mail_run_no_entry_is_lost_and_none_told_twice(
    moment, number, counted, started, end_point_and_platform
):
    database, start = started
    end_point, platform = end_point_and_platform
    kill(database, end_point, moment, number)
    clock = MovableClock()
    clock.advance(LEASE.total_seconds() + 1)
    with start(clock) as engine:
        if (
            counted is None or engine.context.database.shared
        ):  # the recovery comes first, and then the next run, or the same run goes on
            engine.recover()
            assert engine.run("MAIL").state == "COMPLETED"
        else:
            left = engine.runs().results[0].id
            engine.resume(left)
            run = engine.wait_for(left, PATIENCE_S)
            assert (run.state, run.counts.examined, run.counts.changed, run.total) == ("COMPLETED", *[counted] * 3)
            assert engine.run_log(left).total == counted
        assert [entry.state for entry in engine.entries().results] == ["COMPLETED"] * len(BOXES)
        assert {one.life_cycle_state for one in engine.requests()} == {"COMPLETED"}
    told = [line for entry in platform.journal.find() for line in entry.difference if line.startswith("+mail")]
    assert sorted(told) == TOLD
