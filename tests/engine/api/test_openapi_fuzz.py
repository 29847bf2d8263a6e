"""The Web API, called with all that its description allows and much that it does not: it is as described."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.clients import EngineClient
from harness.stack import Stack

EXAMPLES, SEED = 5, 2026  # examples of each call, besides the four thousand that cover its description
PATIENCE_S = 600
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
SPORT = {"product": "Sport", "distributors": ["TUCANO_MAIN"]}
BOX = {"product": "STB", "serial_number": "STB-1", "distributors": ["TUCANO_MAIN"]}
CHECKS = Path(__file__).with_name("fuzz_checks.py")


@pytest.fixture
def stack():
    """An engine and its platform, with one subscription."""
    with Stack() as running:
        engine = EngineClient(running.addresses["engine"], running.addresses["token"])
        engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[SPORT], items=[BOX])
        yield running


@pytest.mark.sqlite("once is enough: the database is not what is described")
def test_the_web_api_is_as_it_is_described(stack, tmp_path):
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{stack.addresses['engine']}/openapi.json"),
        *("--header", f"Authorization: Bearer {stack.addresses['token']}"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        # What has the form may still be refused for its meaning, which no description can say: we look at that.
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance"),
        *("--continue-on-failure", "--generation-database", "none", "--warnings", "off"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(CHECKS), "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert stack.log.read_text() == ""
