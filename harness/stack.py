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
from harness import operator_files
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano

STOP_WITHIN_S = 15
LOG = "engine.log"
OURS = "HEADEND_"
LAST_LINES = 20


class StartError(Exception):
    """Something that could not be started, and why."""


def started(server: Server, port: int) -> Server:
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
    """An engine and the simulators, on loopback. Ports follow `port_base`: engine, control, tucano; 0: any.

    Without a database file, the engine's is a temporary one; without a folder for its log, so is that. The addresses
    hold the engine's database too, and a token for its calls, which is another one each time.
    """

    def __init__(
        self,
        operator: Path = operator_files.FOLDER,
        port_base: int = 0,
        database: Path | None = None,
        home: Path | None = None,
    ) -> None:
        self._operator = operator
        self._ports = [port_base + offset if port_base else 0 for offset in range(3)]
        self._database = database
        self._home = home
        self.log = Path(LOG)
        self._held = ExitStack()
        self._child: subprocess.Popen[str] | None = None
        self.addresses: Mapping[str, Any] = {}

    def __enter__(self) -> Self:
        """Start everything; ready when this returns. Raises StartError, and then nothing is left running."""
        with ExitStack() as held:
            self._start(held)
            self._held = held.pop_all()
        return self

    def _start(self, held: ExitStack) -> None:
        engine_port, control_port, tucano_port = self._ports
        folder = Path(held.enter_context(TemporaryDirectory(prefix="headend-")))
        database = (self._database or folder / "engine.sqlite").absolute()
        token = tokens.make()
        self.log = (self._home or folder) / LOG
        simulator = Simulator(tucano(**operator_files.at_tucano(self._operator)))
        platform = started(Server(simulator.wsgi, port=tucano_port, simulator=simulator), tucano_port)
        held.callback(platform.stop)
        self._child = self._spawn(engine_port, database, f"{platform.url}/tucano", token)
        held.callback(self._stop_engine)
        # Imported while the engine starts, because Flask takes as long to import as the engine's database.
        from simulators.kit.control.app import control  # noqa: PLC0415

        controls = started(Server(control({"tucano": simulator}).wsgi_app, port=control_port), control_port)
        held.callback(controls.stop)
        held.callback(simulator.close)
        self.addresses = {
            "engine": self._wait_for_engine(),
            "token": token,
            "database": str(database),
            "control": controls.url,
            "platforms": {"tucano": f"{platform.url}/tucano"},
        }

    def _spawn(self, port: int, database: Path, end_point: str, token: str) -> subprocess.Popen[str]:
        arguments = ["--database", str(database), "--port", str(port)]
        command = [
            *(sys.executable, "-m", "engine", *arguments, "--leashed", "--movable-clock"),
            *("--configuration", str(self._operator), "--end-point", f"tucano={end_point}"),
        ]
        return spawned(command, self.log, HEADEND_TOKEN=token)

    def _wait_for_engine(self) -> str:
        child = self.engine_process
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            child.communicate()
            raise StartError(last_lines(self.log) or f"The engine ended with exit status {child.returncode}.")
        return str(json.loads(line)["engine"])

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

    def wait(self) -> int:
        """Stay until the engine ends. Gives its exit status."""
        return self.engine_process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, in the reverse order."""
        self._held.close()
