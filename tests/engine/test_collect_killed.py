"""An engine that is killed, as a real process, in the middle of an error-handling run.

Whatever the moment, the next run on the same database takes the rest down, and an answer is removed only after what it
changed was on disk. All moments there are: `service/test_collect_broken_off.py`.
"""

from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.clock import MovableClock
from engine.service.lease import LEASE
from tests.engine.at_conax import CONFIGURATION, card, subscribe_at_conax
from tests.engine.filing_engine import DiskSite
from tests.engine.test_files_killed import OWN, kill

COLLECT = (
    '[[definitions]]\ncode = "COLLECT"\nname = "C"\nkind = "error_handling"\nprovider = "conax"\neffective = true\n'
)
CARDS = [f"0123456789{number}" for number in range(3)]
HOME = "op/autreq"
# Counted from 0: the n-th time that the moment comes. A run begins with three commits: it is made, taken, counted. Each
# file has three: its requests end, its answer is known to be removed, and the run notes it. Looks are commits too on
# PostgreSQL: there the same numbers are other moments.
MOMENTS = [
    ("before the commit", 3),
    ("before remove", 0),
    ("after remove", 0),
    ("before the commit", 4),
]


@pytest.fixture
def told(tmp_path, make_database):
    return {"database": make_database(), "folder": str(tmp_path / "site"), "run": "COLLECT"}


@pytest.fixture
def there(told):
    """Moves a file at the platform, as that does."""
    root = Path(told["folder"], HOME)
    return lambda name, folder: (root / "req" / name).rename(root / folder / name)


@pytest.fixture
def start(told, tmp_path, there):
    """A database with two files that were sent, of which one is accepted, the other refused; starts engines on it."""

    @contextmanager
    def started(clock=None):
        with closing(Engine(told["database"], clock=clock, folders=DiskSite(told["folder"]))) as engine:
            yield engine

    DiskSite(told["folder"]).make("/op")
    (tmp_path / "conax.toml").write_text(CONFIGURATION.replace("products = [", OWN) + COLLECT, encoding="utf-8")
    with started() as engine:
        engine.configure(tmp_path / "conax.toml")
        for number, one in enumerate(CARDS, start=1):
            subscribe_at_conax(engine, f"S{number}", card(one), products=("NEWS", "SPORT"))
        assert engine.run("SEND").state == "COMPLETED"
    there("ps000001.emm", "ok")
    there("ps000002.emm", "err")
    Path(told["folder"], HOME, "err/errors.txt").write_bytes(b"ps000002.emm:\r\nERR_CARDNUM 11\r\n")
    return started


@pytest.mark.parametrize(("moment", "number"), MOMENTS)
def test_killed_during_an_error_handling_run_each_answer_is_taken_down_once(moment, number, start, told):
    kill(told, moment, number)
    clock = MovableClock()
    clock.advance(LEASE.total_seconds() + 1)
    with start(clock) as engine:
        assert engine.run("COLLECT").state in {"COMPLETED", "COMPLETED_WITH_ERRORS"}
        ends = [(one.life_cycle_state.value, one.error_code, one.file, one.attempts) for one in engine.requests()]
        assert sorted(ends) == [
            *[("COMPLETED", "", "ps000001", 1)] * 3,
            *[("PENDING", "", "", 1)] * 2,
            ("REJECTED", "ERR_CARDNUM", "ps000002", 1),
        ]
        held = [engine.show(f"S{number}").providers["conax"].believed_held.services for number in (1, 2, 3)]
        assert held == [["10001001"]] * 3
    left = {one.name for one in Path(told["folder"], HOME).glob("*/*")}
    assert left == {"errors.txt"}
