"""`python -m engine migrate`: a database's form, changed by hand."""

import subprocess
import sys

import pytest

from engine.bootstrap import Engine
from engine.store.migrations import HEAD


@pytest.fixture
def migrate(tmp_path):
    """Call the command on a database; gives status, what was printed, what was complained of."""
    database = f"sqlite:///{tmp_path / 'engine.sqlite'}"

    def call(*arguments):
        command = [sys.executable, "-m", "engine", "migrate", "--database", database, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    call.make = lambda: Engine(database).close()
    return call


def test_down_and_up_again(migrate):
    migrate.make()
    assert migrate("--to", "0001") == (0, f"{HEAD} -> 0001", "")
    assert migrate() == (0, f"0001 -> {HEAD}", "")
    assert migrate() == (0, f"{HEAD} -> {HEAD}", "")


def test_what_can_not_be_migrated_is_said_in_a_sentence(migrate):
    assert migrate() == (2, "", "engine: The database has no tables of an engine; the first start makes them.")
    migrate.make()
    status, printed, why = migrate("--to", "0009")
    assert (status, printed) == (2, "")
    assert "Unknown revision '0009'" in why
