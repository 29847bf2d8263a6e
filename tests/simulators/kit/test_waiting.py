"""Files that wait: until they are due by the virtual clock, or until somebody says so."""

import threading
from datetime import timedelta
from threading import Timer

import pytest

from simulators.kit.clock import Clock
from simulators.kit.ftp_in_process import FtpConnection
from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile
from simulators.kit.workspace import LONGEST_WAIT_S
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.kit.conftest import LETTER, send
from tests.simulators.kit.letters import letters


def waiting(delay_s):
    """A workspace where letters wait, its clock stopped, and a connection to it."""
    simulator = Simulator(letters(delay_s))
    simulator.workspace().clock.freeze(NEW_YEAR)
    return simulator.workspace(), FtpConnection(simulator, "ada", "secret")


def test_files_that_wait_for_an_order_are_taken_in_the_platforms_order():
    office, ada = waiting(None)
    for name, content in (("c", b"GIVE bob tea"), ("a", b"GIVE bob ale"), ("b", b"GIVE bob rum !")):
        send(ada, name, content)
    office.clock.advance(1e6)
    assert office.holdings() == {}
    assert (office.process(), office.process()) == (3, 0)
    assert [entry.parameters["thing"] for entry in office.journal.find()] == ["rum", "tea", "ale"]


def test_files_wait_by_the_virtual_clock_counted_from_their_last_name():
    office, ada = waiting(60.0)
    ada.write("/in/a.tmp", [LETTER])
    office.clock.advance(100)
    ada.rename("/in/a.tmp", "/in/a.emm")
    office.clock.advance(59.9)
    assert office.holdings() == {}
    office.clock.advance(0.1)
    assert office.holdings() == {"bob": ["tea"]}
    assert office.journal.find()[0].at == NEW_YEAR + timedelta(seconds=160)
    assert office.tree.file("/ok/a.emm").came == NEW_YEAR + timedelta(seconds=160)


@pytest.mark.parametrize("begin", [Clock.unfreeze, Clock.reset])
def test_a_clock_that_runs_needs_nobody_to_look(begin):
    office, ada = waiting(0.05)
    send(ada)
    begin(office.clock)
    assert office.journal.wait_for(n=1, within_s=5)
    office.close()


def test_a_clock_that_runs_may_have_centuries_before_it(monkeypatch):
    waits = []
    monkeypatch.setattr(threading, "Timer", lambda wait_s, do: waits.append(wait_s) or Timer(wait_s, do))
    office, ada = waiting(60.0)
    office.clock.set(NEW_YEAR.replace(year=8999))
    send(ada)
    office.clock.set(NEW_YEAR)
    office.clock.unfreeze()
    assert waits == [LONGEST_WAIT_S]
    office.close()


def test_who_looks_about_has_nothing_looked_through():
    looks = []
    simulator = Simulator(letters(60.0, lambda tree: looks.append(tree) or tree.files("/in")))
    ada = FtpConnection(simulator, "ada", "secret")
    send(ada)
    before = len(looks)
    assert [ada.names("/in"), ada.size("/in/a.emm"), ada.read("/in/a.emm")] == [["a.emm"], len(LETTER), LETTER]
    assert len(looks) == before
    simulator.close()


def test_a_letter_that_waits_is_kept_by_snapshots_and_by_the_state_file(tmp_path):
    office, ada = waiting(60.0)
    send(ada)
    office.snapshot("before")
    office.clock.advance(60)
    assert office.holdings() == {"bob": ["tea"]}
    office.clock.set(NEW_YEAR)
    office.restore("before")
    assert (office.holdings(), ada.names("/in")) == ({}, ["a.emm"])
    simulator = Simulator(letters(60.0))
    simulator.workspace().remember(office.memory())
    StateFile(tmp_path / "kept", {"letters": simulator}).save()
    again = Simulator(letters(60.0))
    StateFile(tmp_path / "kept", {"letters": again}).load()
    again.workspace().settle()
    assert again.workspace().holdings() == {"bob": ["tea"]}
