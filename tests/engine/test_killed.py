"""An engine that is killed, as a real process at real platforms, at every point of whatever it does.

The points are counted, not drawn: before and after each commit, each call, each thing done by FTP. Wherever it was
killed, the next engine comes to the same as one that nobody has killed: at the platforms, in their journals, in what is
shown. How many points there are: `python -m tests.engine.kills`.
"""

import threading
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.service import timetable
from engine.store import chunks
from simulators.kit.faults import Fault
from tests.engine.kills.facts import facts, told
from tests.engine.kills.play import ENDED, OVER_S, Play
from tests.engine.kills.scenes import SCENES, TOGETHER, Deed
from tests.engine.kills.sizes import sized
from tests.engine.kills.stage import KILLED, MEMORY, House, Stage

PATIENCE_S = 60
EVERY_ON_POSTGRESQL = 9  # odd, so that the next engine goes on in each way


@pytest.fixture(scope="module")
def house():
    with closing(House()) as house:
        yield house


@pytest.fixture(scope="module")
def make(databases):
    """Make empty databases, where they can be copied fast; each call gives the URL of another one."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        files = (f"sqlite:///{Path(folder, f'engine-{number}.sqlite')}" for number in count(1))
        yield databases.make if databases else lambda: next(files)


@pytest.mark.parametrize("name", SCENES)
def test_wherever_an_engine_is_killed_the_next_one_comes_to_the_same(name, house, make):
    with closing(Stage(house, make(), SCENES[name].platforms)) as stage:
        play = Play(SCENES[name], stage)
        assert play.failures(EVERY_ON_POSTGRESQL if stage.database.shared else 1) == {}


@pytest.fixture(scope="module")
def together(house, make):
    """A reset run of nine subscriptions at a platform that takes its time, so that two engines are at work on it."""
    with closing(Stage(house, make(), TOGETHER.platforms)) as stage:
        yield Play(TOGETHER, stage)


def begun_again(play):
    play.stage.again()
    play.stage.workspaces["tucano"].faults.put(Fault("slow", "latency", delay_s=0.1))


def leaves_some(connection, run, engine, now, at_once, in_hand=chunks.in_hand):
    """Who was first takes one at a time, so that there is something for who joins in."""
    return at_once if in_hand(connection, run, engine, now, at_once) else 0


def over(engine):
    """Let the leases of whoever was killed be over, and wait until the run is."""
    engine.context.clock.advance(OVER_S)
    with engine.context.running.changed:
        assert engine.context.running.changed.wait_for(lambda: engine.runs().results[0].state in ENDED, PATIENCE_S)
    return told(engine)


@pytest.mark.postgresql("a SQLite file has one engine")
@pytest.mark.parametrize("number", [20, 27])
def test_an_engine_that_has_joined_in_carries_on_the_run_of_one_that_was_killed(number, together, monkeypatch):
    monkeypatch.setattr(timetable, "LOOK_EVERY_S", 0.02)
    begun_again(together)
    stop = threading.Event()
    with sized(*TOGETHER.sizes), together.stage.engine() as engine:
        thread = threading.Thread(target=engine.keep_time, args=(stop,))
        thread.start()
        try:
            assert together.stage.play(TOGETHER.deeds, number, TOGETHER.sizes) == KILLED
            assert engine.context.running.helpers
            counted, said = over(engine)
        finally:
            stop.set()
            thread.join()
        assert facts(engine, together.stage) == together.wanted
    assert (counted, said) == (together.counted, together.said)


@pytest.mark.postgresql("a SQLite file has one engine")
@pytest.mark.parametrize("number", [3, 8])
def test_an_engine_does_what_one_has_left_that_had_joined_in_its_run_and_was_killed(number, together, monkeypatch):
    monkeypatch.setattr(chunks, "in_hand", leaves_some)
    begun_again(together)
    journal = together.stage.workspaces["tucano"].journal
    before = journal.count()
    with sized(*TOGETHER.sizes), together.stage.engine() as engine:
        run = engine.submit("RESET_AT_ONCE")
        assert journal.wait_for(n=before + 1, within_s=PATIENCE_S)  # there is something to join in now
        assert together.stage.play([Deed("join")], number, TOGETHER.sizes) == KILLED
        assert engine.wait_for(run.id).state == "IN_PROGRESS"
        counted, said = over(engine)
        assert facts(engine, together.stage) == together.wanted
    assert (counted, said) == (together.counted, together.said)
