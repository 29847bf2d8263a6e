"""What `headend up` starts: the simulators here, in threads, and the engine as a process of its own.

Two processes and not one, so that the engine can be killed under the eyes of platforms that live on; two and not three,
because a third would only wait.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from engine.service import tokens
from harness import operator_files, platforms
from simulators.kit.ftp_serving import FtpServer
from simulators.kit.platform import Platform
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

STOP_WITHIN_S = 15
LOG = "engine.log"
OURS = "HEADEND_"
LAST_LINES = 20
Port = Server | FtpServer
ENGINE, CONTROL, PLATFORMS = range(3)  # places of ports


class StartError(Exception):
    """Something that could not be started, and why."""


def started(server: Port, port: int) -> Port:
    """The server, serving. Raises StartError if the port can't be had."""
    try:
        return server.start()
    except OSError as error:
        raise StartError(f"Port {port} can't be had: {error.strerror}.") from error


def spawned(command: Sequence[str], log: Path, **said: str) -> "subprocess.Popen[str]":
    """A process whose standard input and output we hold. Its complaints go to a file, so that it waits for no reader.

    Of our own variables of the environment it gets those that are `said`.

    A file that is there already is replaced: whoever still writes to it goes on doing so, unseen.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | said
    with log.open("wb") as complaints:
        return subprocess.Popen(  # noqa: S603 (our own module, by our own interpreter)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True, env=environment
        )


def last_lines(log: Path) -> str:
    """What was complained of last; nothing, where nothing was."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-LAST_LINES:])


class Stack:
    """An engine and the simulators, on loopback. Ports follow `port_base`: engine, control, then platforms; 0: any.

    The platforms are those for which the operator has a file. Each has its port by its place in the table, whichever
    of the others there are.

    Without a database file, the engine's is a temporary one; without a folder for its log, so is that. The addresses
    hold the engine's database too, and a token for its calls, which is another one each time. `warnings` are about what
    is configured and hardly meant. Without its timetable, the engine begins a run only when it is asked to.
    """

    def __init__(
        self,
        operator: Path = operator_files.FOLDER,
        port_base: int = 0,
        database: Path | None = None,
        home: Path | None = None,
        *,
        timetable: bool = True,
    ) -> None:
        self._operator = operator
        self._port_base = port_base
        self._database = database
        self._home = home
        self._timetable = timetable
        self.log = Path(LOG)
        self._held = ExitStack()
        self._child: subprocess.Popen[str] | None = None
        self.addresses: Mapping[str, Any] = {}
        self.warnings: list[str] = []

    def __enter__(self) -> Self:
        """Start everything; ready when this returns. Raises StartError, and then nothing is left running."""
        with ExitStack() as held:
            self._start(held)
            self._held = held.pop_all()
        return self

    def _port(self, offset: int) -> int:
        """The port at this place; 0 for any."""
        return self._port_base + offset if self._port_base else 0

    def _start(self, held: ExitStack) -> None:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="headend-")))
        database = (self._database or folder / "engine.sqlite").absolute()
        token = tokens.make()
        self.log = (self._home or folder) / LOG
        simulators = {name: Simulator(self._platform(name)) for name in platforms.known_to(self._operator)}
        urls = {name: self._serve(held, name, simulator) for name, simulator in simulators.items()}
        self._child = self._spawn(self._port(ENGINE), database, urls, token)
        held.callback(self._stop_engine)
        # Imported while the engine starts, because Flask takes as long to import as the engine's database.
        from simulators.kit.control.app import control  # noqa: PLC0415

        controls = started(Server(control(simulators).wsgi_app, port=self._port(CONTROL)), self._port(CONTROL))
        held.callback(controls.stop)
        for simulator in simulators.values():
            held.callback(simulator.close)
        self.addresses = {
            "engine": self._wait_for_engine(),
            "token": token,
            "database": str(database),
            "control": controls.url,
            "platforms": urls,
        }

    def _platform(self, name: str) -> Platform[Any]:
        """The operator's platform. Raises StartError for what no platform is made of, and OperatorError."""
        try:
            return platforms.platform(name, self._operator)
        except ValueError as error:
            raise StartError(f"{self._operator / name}.toml: {error}.") from error

    def _serve(self, held: ExitStack, name: str, simulator: Simulator[Any]) -> str:
        """Start a platform's port. Gives the platform's address."""
        port = self._port(PLATFORMS + list(platforms.PLATFORMS).index(name))
        server = started(platforms.server(simulator, port), port)
        held.callback(server.stop)
        return f"{server.url}{platforms.PLATFORMS[name].path}"

    def _spawn(self, port: int, database: Path, urls: Mapping[str, str], token: str) -> subprocess.Popen[str]:
        arguments = ["--database", str(database), "--port", str(port)]
        command = [
            *(sys.executable, "-m", "engine", *arguments, "--leashed", "--movable-clock"),
            *(() if self._timetable else ("--no-timetable",)),
            *("--configuration", str(self._operator)),
            *("--end-point", *(f"{name}={url}" for name, url in urls.items())),
        ]
        return spawned(command, self.log, HEADEND_TOKEN=token)

    def _wait_for_engine(self) -> str:
        child = self.engine_process
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            child.communicate()
            raise StartError(last_lines(self.log) or f"The engine ended with exit status {child.returncode}.")
        said = json.loads(line)
        self.warnings = list(said["warnings"])
        return str(said["engine"])

    def _stop_engine(self) -> None:
        child = self.engine_process
        child.terminate()
        try:
            child.communicate(timeout=STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()

    @property
    def engine_process(self) -> "subprocess.Popen[str]":
        """The engine."""
        if self._child is None:
            raise StartError("The engine has not been started.")
        return self._child

    def must_have(self, names: set[str]) -> None:
        """Raise StartError where one of these platforms is not among those that were started."""
        absent = sorted(names - self.addresses["platforms"].keys())
        if absent:
            raise StartError(f"{self._operator}: {absent[0]}.toml is wanted; the operator has no such file.")

    def wait(self) -> int:
        """Stay until the engine ends. Gives its exit status."""
        return self.engine_process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, in the reverse order."""
        self._held.close()
