"""Icareus Suite, called with all that its description allows and much that it does not: it is as described."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.icareus.app import icareus
from simulators.icareus.openapi import PATH
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

EXAMPLES, SEED = 50, 2026
PATIENCE_S = 120
MEMORY = {"catalogue": {"products": ["A", "B"]}, "users": {"200001": {}, "200002": {}}}
HOOKS = Path(__file__).with_name("fuzz_hooks.py")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def server():
    simulator = Simulator(icareus(products=[], window_s=3600))
    simulator.workspace().remember(MEMORY)
    with Server(simulator.wsgi, simulator=simulator) as server:
        yield server, simulator.workspace()


def test_the_platform_is_as_it_is_described(server, tmp_path):
    port, workspace = server
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{port.url}{PATH}?openapi"),
        *("--include-method", "POST", "--phases", "fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        # A failure is HTTP 200 here: the checks of status codes are replaced by those of the hooks.
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance,negative_data_rejection"),
        *("--continue-on-failure", "--generation-database", "none", "--warnings", "off"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    calls = workspace.journal.find()
    assert len({entry.operation for entry in calls if entry.effect == "applied"}) > 2  # it got as far as the memory
    assert len({entry.code for entry in calls}) > 4
    consistent(workspace)


def consistent(workspace) -> None:
    """The memory can be read back, holds what the journal's differences add up to, and no device is on two users."""
    assert workspace.platform.load(workspace.memory()).dump() == workspace.memory()
    held = {user: {f"account {user}"} for user in MEMORY["users"]}
    for entry in workspace.journal.find():
        for change in entry.difference:
            lines = held.setdefault(entry.subject, set())
            (lines.add if change[0] == "+" else lines.remove)(change[1:])
    assert workspace.journal.truncated == 0
    assert {subject: sorted(lines) for subject, lines in held.items() if lines} == workspace.holdings()
    devices = [line for lines in workspace.holdings().values() for line in lines if line.startswith("device ")]
    assert len(set(devices)) == len(devices)
