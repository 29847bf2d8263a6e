"""`headend up` as a process: ready, found by other commands, and gone without a trace."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness import operator_files
from harness.clients import CallError, EngineClient
from harness.stack import last_lines, spawned

HEADEND = [sys.executable, "-c", "from harness.cli.main import main; main()"]
STOP_WITHIN_S = 30


@contextmanager
def up(home: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    process = subprocess.Popen(
        [*HEADEND, "up", "--json", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HEADEND_HOME": str(home)},
    )
    try:
        yield process, json.loads(process.stdout.readline() or "{}")
    finally:
        process.kill()
        process.communicate()


def free_base() -> int:
    """A port such that it and the four after it are free."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            base = first.getsockname()[1]
            try:
                for port in range(base + 1, base + 6):
                    with socket.socket() as other:
                        other.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
            return int(base)


def test_it_prints_one_object_when_ready_and_ends_when_interrupted(tmp_path):
    with up(tmp_path) as (process, addresses):
        assert set(addresses) == {"engine", "token", "database", "control", "platforms"}
        assert list(addresses["platforms"]) == ["tucano", "icareus", "irdeto", "conax"]
        assert EngineClient(addresses["engine"], addresses["token"]).subscriptions(10) == []
        noted = tmp_path / "up.json"
        assert json.loads(noted.read_text()) == {**addresses, "pid": process.pid}
        assert noted.stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert (process.returncode, out, error) == (0, "", "")
    assert not (tmp_path / "up.json").exists()
    with pytest.raises(CallError):
        EngineClient(addresses["engine"], addresses["token"]).subscriptions(10)


def test_the_port_base_fixes_the_ports(tmp_path):
    base = free_base()
    with up(tmp_path, "--port-base", str(base)) as (_process, addresses):
        assert {name: addresses[name] for name in ("engine", "control", "platforms")} == {
            "engine": f"http://127.0.0.1:{base}",
            "control": f"http://127.0.0.1:{base + 1}",
            "platforms": {
                "tucano": f"http://127.0.0.1:{base + 2}/tucano",
                "icareus": f"http://127.0.0.1:{base + 3}/delegate/account",
                "irdeto": f"http://127.0.0.1:{base + 4}/irdeto",
                "conax": f"ftp://127.0.0.1:{base + 5}",
            },
        }


def test_platforms_that_the_operator_has_no_file_for_are_not_there_and_move_no_port(tmp_path):
    operator, base = Path(shutil.copytree(operator_files.FOLDER, tmp_path / "operator")), free_base()
    for name in ("tucano", "icareus", "conax"):
        (operator / f"{name}.toml").unlink()
    (operator / "runs.toml").unlink()
    with up(tmp_path, "--operator", str(operator), "--port-base", str(base)) as (_process, addresses):
        assert addresses["platforms"] == {"irdeto": f"http://127.0.0.1:{base + 4}/irdeto"}


def test_an_operator_with_no_platform_is_a_sentence(tmp_path):
    operator = Path(shutil.copytree(operator_files.FOLDER, tmp_path / "operator"))
    for name in ("tucano", "icareus", "irdeto", "conax"):
        (operator / f"{name}.toml").unlink()
    with up(tmp_path, "--operator", str(operator)) as (process, _addresses):
        _out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 2
    assert "no platform has a file; wanted: tucano.toml or icareus.toml or irdeto.toml or conax.toml." in error


@pytest.mark.parametrize("offset", range(6))
def test_a_port_that_is_taken_is_a_sentence_and_leaves_nothing_running(tmp_path, offset):
    base = free_base()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + offset))
        taken.listen()
        with up(tmp_path, "--port-base", str(base)) as (process, _addresses):
            _out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 2
    assert f"Port {base + offset} can't be had" in error
    assert "Traceback" not in error


def test_the_engine_ends_when_the_one_who_holds_it_is_killed(tmp_path):
    with up(tmp_path) as (process, addresses):
        address = urlsplit(addresses["engine"])
        with socket.create_connection((address.hostname, address.port), timeout=STOP_WITHIN_S) as line:
            process.kill()
            process.communicate()
            with suppress(ConnectionResetError):  # that is how it ends where the engine had not taken the line yet
                while line.recv(1024):
                    pass
    with pytest.raises(CallError):
        EngineClient(addresses["engine"], addresses["token"]).subscriptions(10)


def test_what_was_done_is_kept_in_the_database_that_is_named(tmp_path):
    database = tmp_path / "engine.sqlite"
    person = {"first_name": "Ada", "last_name": "Lovelace"}
    with up(tmp_path, "--database", str(database)) as (process, addresses):
        number = EngineClient(addresses["engine"], addresses["token"]).act("BECOME_SUBSCRIBER", subscriber=person)[
            "subscription"
        ]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 0
    with up(tmp_path, "--database", str(database)) as (_process, addresses):
        assert (
            EngineClient(addresses["engine"], addresses["token"]).show(number)["subscriber"]["last_name"] == "Lovelace"
        )


def test_an_engine_that_ends_by_itself_is_a_sentence_that_names_its_log(tmp_path):
    with up(tmp_path) as (process, addresses):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
        _out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 2
    assert f"The engine has ended with exit status -9; its log is {tmp_path / 'engine.log'}." in error
    with pytest.raises(CallError):
        EngineClient(addresses["engine"], addresses["token"]).subscriptions(10)


def test_an_engine_that_complains_much_is_not_held_up(tmp_path):
    log = tmp_path / "there" / "engine.log"
    program = "import sys; [sys.stderr.write(f'{n:0999}\\n') for n in range(1024)]; print('ready')"
    child = spawned([sys.executable, "-c", program], log)
    out, _ = child.communicate(timeout=STOP_WITHIN_S)
    assert (child.returncode, out) == (0, "ready\n")
    assert [int(line) for line in last_lines(log).splitlines()] == list(range(1004, 1024))
    child = spawned([sys.executable, "-c", "pass"], log)
    child.communicate(timeout=STOP_WITHIN_S)
    assert last_lines(log) == ""


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("tucano.toml", b"\xff\xfe", "tucano.toml: not a TOML file that can be read"),
        ("tucano.toml", b"x = [", "tucano.toml: not a TOML file that can be read"),
        ("tucano.toml", b"providers = 5", "tucano.toml: wanted: [[providers]]"),
        ("tucano.toml", b"[[providers]]\ncode = 'tucano'", "tucano.toml: wanted: [[providers]]"),
        (
            "icareus.toml",
            b"[[providers]]\nconnection = {}",
            "icareus.toml: wanted: [[providers]] with a connection (org",
        ),
        ("catalogue.toml", b"products = " + b"[" * 5000, "catalogue.toml"),
    ],
)
def test_an_operator_that_can_not_be_read_is_a_sentence(tmp_path, file, content, sentence):
    operator = Path(shutil.copytree(operator_files.FOLDER, tmp_path / "operator"))
    (operator / file).write_bytes(content)
    with up(tmp_path, "--operator", str(operator)) as (process, _addresses):
        _out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 2
    assert sentence in error
    assert "Traceback" not in error


def test_a_database_is_the_file_that_is_named_whatever_its_name(tmp_path):
    database = tmp_path / "a?b=c&mode=ro%20.sqlite"
    with up(tmp_path, "--database", str(database)):
        assert database.exists()


def test_a_home_that_can_not_be_written_is_a_sentence():
    with up(Path("/proc/nowhere")) as (process, _addresses):
        _out, error = process.communicate(timeout=STOP_WITHIN_S)
    assert process.returncode == 2
    assert "/proc/nowhere" in error
    assert "Traceback" not in error
