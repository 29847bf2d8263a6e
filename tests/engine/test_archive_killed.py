"""Engines that are killed, as real processes, at every step of archiving and of deleting an archive."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("archiving_engine.py")
PATIENCE_S = 120


def test_killed_at_whatever_step_nothing_is_lost_nothing_is_there_twice_and_no_file_is_left_over(
    make_database, configuration, tmp_path
):
    deeds = {name: {"database": make_database(), "folder": str(tmp_path / name)} for name in ("archiving", "deleting")}
    done = subprocess.run(
        [sys.executable, str(DRIVER), json.dumps({"configuration": str(configuration), **deeds})],
        capture_output=True, text=True, timeout=PATIENCE_S, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"archiving": 13, "deleting": 7}
