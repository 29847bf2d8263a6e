"""How soon `headend` says its help, and how soon and how large `headend up` is there: engine and simulators.

Beside them, in the same run: a bare interpreter, and one that imports what engine and simulators can't do without. Run
again with `.venv/bin/python benchmarks/start.py`.
"""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROUNDS = 7
HEADEND = Path(sys.executable).with_name("headend")
NEEDED = "flask, lxml.etree, msgspec, requests, sqlalchemy, cheroot.wsgi"


def run(*command: str) -> float:
    """Seconds that a command takes."""
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def up() -> tuple[float, float]:
    """Seconds until `headend up` is ready, and resident megabytes of its processes together then."""
    with tempfile.TemporaryDirectory() as home:
        start = perf_counter()
        process = subprocess.Popen(
            [HEADEND, "up", "--json"], stdout=subprocess.PIPE, text=True, env={**os.environ, "HEADEND_HOME": home}
        )
        assert process.stdout is not None
        assert set(json.loads(process.stdout.readline())) == {"engine", "control", "platforms"}
        ready = perf_counter() - start
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        megabytes = sum(resident(pid) for pid in (str(process.pid), *children))
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    return ready, megabytes


def resident(pid: str) -> float:
    """Megabytes that a process has in memory."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Measure everything, round after round, and print the medians."""
    rounds = [
        (
            run(sys.executable, "-c", "pass"),
            run(sys.executable, "-c", f"import {NEEDED}"),
            run(str(HEADEND), "--help"),
            *up(),
        )
        for _ in range(ROUNDS)
    ]
    bare, needed, helped, ready, megabytes = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{'median of ' + str(ROUNDS):36}{'s':>8}{'/ bare':>8}")
    for name, seconds in (
        ("bare interpreter", bare),
        ("importing what can't be left out", needed),
        ("headend --help", helped),
        ("headend up, to ready", ready),
    ):
        print(f"{name:36}{seconds:8.3f}{seconds / bare:8.1f}")
    print(f"{'headend up, all processes':36}{megabytes:8.0f} MB resident")


if __name__ == "__main__":
    main()
