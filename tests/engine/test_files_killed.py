"""An engine that is killed, as a real process, in the middle of a processing run at a platform that takes files.

Whatever the moment, the next run on the same database sends what is left, and nobody is shown anything twice.
"""

import json
import os
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.domain.file import FileState
from engine.service.asked import Asked
from engine.service.lease import LEASE
from engine.store import files
from tests.engine.at_conax import CONFIGURATION, card, lines, subscribe_at_conax
from tests.engine.filing_engine import DiskSite

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("filing_engine.py")
PATIENCE_S = 30
CARDS = [f"0123456789{number}" for number in range(4)]
OWN = """products = [
    { code = "NEWS", name = "News" }, { code = "SPORT", name = "Sport" },
    { code = "STB", name = "Set-top Box", classification = "physical_good", traceable = true },
"""
# Of two files, the first one is a message; `taken`: the platform has taken what was there before the next run. Counted
# from 0: the n-th time that the moment comes. Looks are commits too on PostgreSQL: there the same numbers are other
# moments. All moments there are: `service/test_files_broken_off.py`.
MOMENTS = [
    ("before the commit", 5, False),
    ("before the commit", 9, False),
    ("within write", 0, False),
    ("after write", 1, True),
    ("after rename", 0, False),
    ("after rename", 0, True),
    ("after rename", 1, True),
]


@pytest.fixture
def told(tmp_path, make_database):
    return {"database": make_database(), "folder": str(tmp_path / "site"), "run": "SEND"}


@pytest.fixture
def start(told, tmp_path):
    """A database with four cards that have bought News, one of which is told something; starts engines on it."""

    @contextmanager
    def started(clock=None):
        with closing(Engine(told["database"], clock=clock, folders=DiskSite(told["folder"]))) as engine:
            yield engine

    DiskSite(told["folder"]).make("/op")
    (tmp_path / "conax.toml").write_text(CONFIGURATION.replace("products = [", OWN), encoding="utf-8")
    with started() as engine:
        engine.configure(tmp_path / "conax.toml")
        for number, one in enumerate(CARDS, start=1):
            subscribe_at_conax(engine, f"S{number}", card(one))
        said = {"message_type": "BARK", "text": "Hello"}
        engine.ask(Asked("send_message", said, serial_number=CARDS[0], process_immediately=False))
    return started


def kill(told, moment, number):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(DRIVER), json.dumps({**told, "moment": moment, "count": number})]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        said = process.stdout.readline()
        process.kill()
        assert process.wait(PATIENCE_S) == -9
    assert said == b"halted\n"


def ready(told):
    """The files that are ready for the platform, by name."""
    return {one.name: one.read_bytes() for one in sorted(Path(told["folder"], "op/autreq/req").glob("*.emm"))}


@pytest.mark.parametrize(("moment", "number", "taken"), MOMENTS)
def test_killed_during_a_processing_run_each_request_is_in_one_file_and_each_file_there_once(
    moment, number, taken, start, told
):
    kill(told, moment, number)
    before = ready(told)
    if taken:
        assert before
        for name in before:
            Path(told["folder"], "op/autreq/req", name).rename(Path(told["folder"], "op/autreq/ok", name))
    clock = MovableClock()
    clock.advance(LEASE.total_seconds() + 1)
    with start(clock) as engine:
        assert engine.run("SEND").state == "COMPLETED"
        with engine.context.database.reading() as connection:
            made = files.find(connection, {})
        assert {one.state for one in made} == {FileState.SENT}
        requests = engine.requests()
        assert sorted(one.type for one in requests) == ["ADD_SUBSCRIPTIONS"] * 4 + ["SEND_BARK_MESSAGE_TO_CLIENT"]
        assert all(one.file for one in requests)
    after = ready(told)
    assert set(before | after) == {f"{one.name}.emm" for one in made}
    assert not taken or set(before).isdisjoint(after)
    assert list(Path(told["folder"], "op/autreq/req").glob("*.tmp")) == []
    contents = [lines(content) for content in (before | after).values()]
    assert [said[10:-2] for said in contents if said[2] == "00000002"] == [[CARDS[0]]]
    assert sorted(one for said in contents if said[2] != "00000002" for one in said[9:-2]) == CARDS
