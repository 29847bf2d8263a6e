"""Programs that benchmarks measure: an engine, a simulator, each a process of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import operator_files, platforms

TOKEN = "benchmark"  # noqa: S105 (of an engine that lives as long as this)


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program of ours, and what it says when it is ready."""
    environment = {**os.environ, "HEADEND_TOKEN": TOKEN}
    with subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.terminate()


@contextmanager
def simulator(platform: str) -> Iterator[str]:
    """A platform that knows the demo operator, and lets him in by user and password; gives its end point."""
    known = platforms.settings(platform)
    os.environ["PASSWORD"] = known["password"]
    command = ("simulators", platform, "--user", known["user"], "--password-env", "PASSWORD", "--port", "0")
    with running(*command) as (_process, line):
        found = re.search(rf"http://[^\s\"]+/{platform}", line)
        assert found, line
        yield found[0]


@contextmanager
def engine(
    database: str, platform: str, end_point: str, folder: Path = operator_files.FOLDER, *, timetable: bool = False
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """An engine on a database, whose platform is there, and which runs nothing by itself; its process and address."""
    configured = ("--configuration", str(folder), "--end-point", f"{platform}={end_point}")
    alone = () if timetable else ("--no-timetable",)
    with running("engine", "--database", database, *configured, *alone) as (process, line):
        yield process, json.loads(line)["engine"]


def memory_mb(process: subprocess.Popen[str], line: str) -> int:
    """The memory that a process has (VmRSS), or the most that it has had (VmHWM)."""
    found = re.search(rf"{line}:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) // 1024 if found else 0
