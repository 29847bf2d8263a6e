"""A server for a platform that takes files. Like the server for calls: it owns the port, and an outage closes that.

One thread does everything: it alone opens and closes the port, hears the lines and carries out their faults.
"""

import logging
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from pyftpdlib.ioloop import IOLoop  # type: ignore[import-untyped]
from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]

from simulators.kit.door import Door
from simulators.kit.ftp_line import PlainLine, SecretLine
from simulators.kit.port import BACKLOG, Port
from simulators.kit.serving import PATIENCE_S
from simulators.kit.simulator import DEFAULT_WORKSPACE, Simulator
from simulators.kit.tls import Tls
from simulators.kit.waker import Waker

BANNER = "Ready."
_log = logging.getLogger(__name__)


class FtpServer:
    """Serves the folders of a simulator; the bound workspace's outages close the port. With `tls`, also encrypted.

    Data connections that the caller opens lead to one of `passive_ports`, or to any port where there are none free.
    """

    def __init__(
        self,
        simulator: Simulator[Any],
        host: str = "127.0.0.1",
        port: int = 0,
        workspace: str = DEFAULT_WORKSPACE,
        *,
        tls: Tls | None = None,
        passive_ports: Sequence[int] = (),
    ) -> None:
        self.tls = tls
        self._passive_ports = passive_ports
        self._wanted = (host, port)
        self._simulator = simulator
        self._door = Door(simulator, workspace)
        self._settling = threading.Condition()
        self._asked = self._settled = 0
        self._stopping = False
        self._end_watch = _nothing
        self._lines: set[Any] = set()
        self._acceptor: Any = None
        self._thread: threading.Thread | None = None
        self._port: Port
        self._loop: Any
        self._waker: Waker

    def start(self) -> Self:
        """Take the port and serve. Raises OSError when the port can't be had."""
        self._port = Port(*self._wanted)
        self._stopping = False
        quiet = logging.getLogger("pyftpdlib")
        if quiet.level == logging.NOTSET:  # what goes wrong on purpose is in the journal, and no warning
            quiet.setLevel(logging.ERROR)
        self._loop = IOLoop()
        self._waker = Waker(self._loop)
        self._line = self._kind_of_line()
        self._thread = threading.Thread(target=self._run, name=f"port-{self.port}", daemon=True)
        self._thread.start()
        self.bind(self._door.workspace)
        return self

    @property
    def port(self) -> int:
        """The port number, once started."""
        return self._port.number

    @property
    def url(self) -> str:
        """The port's address, without a slash at its end."""
        host = self._wanted[0]
        return f"ftp://[{host}]:{self.port}" if ":" in host else f"ftp://{host}:{self.port}"

    @property
    def workspace(self) -> str:
        """The workspace this server is bound to."""
        return self._door.workspace

    def bind(self, workspace: str) -> None:
        """Serve another workspace from now on; who is in one stays there."""
        self._end_watch()
        self._door.workspace = workspace
        self._end_watch = self._simulator.watch(workspace, self._settle)
        self._settle()

    def wait_until(self, *, listening: bool, within_s: float) -> bool:
        """Wait for an outage to begin, or to end, by the clock; whether it has."""
        with self._settling:
            return self._settling.wait_for(lambda: self._port.listening is listening, within_s)

    def stop(self) -> None:
        """Close the port, end every connection, and return when the thread has gone."""
        if self._thread is None:
            return
        self._end_watch()
        self._end_watch = _nothing
        self._stopping = True
        self._waker.wake()
        self._thread.join(PATIENCE_S)
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _kind_of_line(self) -> Any:
        """A class of this server's own: pyftpdlib keeps settings in class attributes."""
        settings: dict[str, Any] = {"door": self._door, "authorizer": self._door, "lines": self._lines}
        settings |= {"banner": BANNER, "wake": staticmethod(self._waker.wake)}
        settings |= {"passive_ports": self._passive_ports or None}
        if self.tls is None:
            return type("Line", (PlainLine,), settings)
        settings |= {"ssl_context": self.tls.context}
        settings |= dict.fromkeys(("tls_control_required", "tls_data_required"), self.tls.required)
        return type("Line", (SecretLine,), settings)

    def _settle(self) -> None:
        """Have the port opened or closed as the outages have it, and return when it is."""
        if threading.current_thread() is self._thread:  # a fault has let time pass: the loop looks anyway
            return
        with self._settling:
            self._asked += 1
            mine = self._asked
            self._waker.wake()
            self._settling.wait_for(lambda: self._settled >= mine or self._stopping, PATIENCE_S)

    def _run(self) -> None:
        try:
            soonest: float | None = None
            while not self._stopping:
                self._obey()
                waits = [wait for wait in (soonest, self._until_edge()) if wait is not None]
                soonest = self._turn(min(waits, default=None))
        finally:
            self._end_lines()
            self._loop.close()
            self._port.close()
            self._waker.end()

    def _turn(self, most_s: float | None) -> float | None:
        """Do what the lines want; gives when the next thing is due that was put off."""
        try:
            self._loop.poll(most_s)
        except Exception:  # noqa: BLE001 - a platform's surprise: told to the log, and the other lines go on
            _log.exception("the platform on port %s failed", self.port)
        wait_s: float | None = self._loop.sched.poll()
        return wait_s

    def _obey(self) -> None:
        """Open or close the port as the outages have it, and let go the lines that nothing holds any more."""
        with self._settling:
            asked = self._asked
        workspace = self._simulator.found(self._door.workspace)
        down = workspace is not None and workspace.faults.down()
        if down and self._port.listening:
            self._end_acceptor()
            self._port.refuse()
            self._end_lines()
        elif not down and self._acceptor is None:
            if not self._port.listening:
                self._port.listen()
            self._acceptor = FTPServer(self._port.socket, self._line, self._loop, BACKLOG)
        for line in [line for line in self._lines if line.held is not None and not line.held()]:
            line.cut()
        with self._settling:
            self._settled = asked
            self._settling.notify_all()

    def _until_edge(self) -> float | None:
        workspace = self._simulator.found(self._door.workspace)
        return None if workspace is None else workspace.until_outage_edge()

    def _end_acceptor(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
            self._acceptor = None

    def _end_lines(self) -> None:
        for line in list(self._lines):
            line.end()


def _nothing() -> None:
    """There is no watch to end."""
