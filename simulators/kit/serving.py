"""A server of our own, because faults need the socket in hand.

One thread accepts; it alone opens and closes the port, so an outage begins and ends in one place. Each connection gets
a thread. The server is bound to one workspace: requests that name no other go there, and that workspace's outages are
the port's. Requests to other workspaces share the port; an outage of theirs resets the connection instead.
"""

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from simulators.kit.connection import Connection
from simulators.kit.gateway import WSGI
from simulators.kit.port import Port
from simulators.kit.simulator import DEFAULT_WORKSPACE, Simulator
from simulators.kit.site import Site
from simulators.kit.workspace import Workspace

MOST_CONNECTIONS = 512
LAST_WORDS_S = 0.5  # how long an answer may take to get out when the server stops
PATIENCE_S = 5.0  # how long to wait for a thread that has been told to go


class Server:
    """Serves a WSGI app; with a simulator given, the bound workspace's outages close the port."""

    def __init__(
        self,
        wsgi: WSGI,
        host: str = "127.0.0.1",
        port: int = 0,
        simulator: Simulator[Any] | None = None,
        workspace: str = DEFAULT_WORKSPACE,
    ) -> None:
        self._wanted = (host, port)
        self._simulator = simulator
        self._settling = threading.Condition()
        self._asked = self._settled = 0
        self._connections: set[Connection] = set()
        self._site = Site(wsgi, host, workspace)
        self._end_watch = _nothing
        self._thread: threading.Thread | None = None
        self._port: Port
        self._waker: socket.socket
        self._wakened: socket.socket

    def start(self) -> Self:
        """Take the port and serve. Raises OSError when the port can't be had."""
        self._port = Port(*self._wanted)
        self._site.port = self._port.number
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name=f"port-{self._site.port}", daemon=True)
        self._thread.start()
        self.bind(self._site.workspace)
        return self

    @property
    def port(self) -> int:
        """The port number, once started."""
        return self._site.port

    @property
    def url(self) -> str:
        """The port's address, without a slash at its end."""
        host = f"[{self._site.host}]" if ":" in self._site.host else self._site.host
        return f"http://{host}:{self._site.port}"

    @property
    def workspace(self) -> str:
        """The workspace this server is bound to."""
        return self._site.workspace

    def bind(self, workspace: str) -> None:
        """Serve another workspace from now on."""
        self._end_watch()
        self._site.workspace = workspace
        if self._simulator is not None:
            self._end_watch = self._simulator.watch(workspace, self._settle)
        self._settle()

    def wait_until(self, *, listening: bool, within_s: float) -> bool:
        """Wait for an outage to begin, or to end, by the clock; whether it has."""
        with self._settling:
            return self._settling.wait_for(lambda: self._port.listening is listening, within_s)

    def stop(self) -> None:
        """Close the port, end every connection, and return when the threads have gone."""
        if self._thread is None:
            return
        self._end_watch()
        self._end_watch = _nothing
        self._site.stop()
        self._wake()
        self._thread.join(PATIENCE_S)
        self._end_connections()
        self._port.close()
        self._waker.close()
        self._wakened.close()
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end_connections(self) -> None:
        """Let answers that are being given get out, then end what hasn't ended by itself."""
        connections = self._open_connections()
        for connection in connections:
            connection.finish()
        for connection in connections:
            connection.join(LAST_WORDS_S)
            connection.drop()
            connection.join(PATIENCE_S)

    def _settle(self) -> None:
        """Have the port opened or closed as the outages have it, and return when it is."""
        with self._settling:
            self._asked += 1
            mine = self._asked
            self._wake()
            self._settling.wait_for(lambda: self._settled >= mine or self._site.stopping, PATIENCE_S)

    def _wake(self) -> None:
        with suppress(OSError):  # a server that has stopped needs no waking
            self._waker.send(b".")

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakened, selectors.EVENT_READ)
            while not self._site.stopping:
                self._obey_outages(selector)
                ready = {key.fileobj for key, _ in selector.select(self._until_edge())}
                if self._wakened in ready:
                    self._wakened.recv(4096)
                if ready - {self._wakened}:
                    self._accept()

    def _obey_outages(self, selector: selectors.BaseSelector) -> None:
        with self._settling:
            asked = self._asked
        down = self._down()
        listening = selector.get_map().get(self._port.socket) is not None
        if down and self._port.listening:
            if listening:
                selector.unregister(self._port.socket)
            self._port.refuse()
            for connection in self._open_connections():
                connection.drop()
        elif not down and not listening:
            self._port.listen()
            selector.register(self._port.socket, selectors.EVENT_READ)
        with self._settling:
            self._settled = asked
            self._settling.notify_all()

    def _bound_to(self) -> Workspace[Any] | None:
        return None if self._simulator is None else self._simulator.found(self._site.workspace)

    def _down(self) -> bool:
        workspace = self._bound_to()
        return workspace is not None and workspace.faults.down()

    def _until_edge(self) -> float | None:
        workspace = self._bound_to()
        return None if workspace is None else workspace.until_outage_edge()

    def _open_connections(self) -> list[Connection]:
        with self._settling:
            return list(self._connections)

    def _accept(self) -> None:
        try:
            accepted, peer = self._port.socket.accept()
        except OSError:  # the caller has gone again
            return
        if len(self._connections) >= MOST_CONNECTIONS:
            accepted.close()
            return
        connection = Connection(accepted, peer[0], self._site, self._forget)
        with self._settling:
            self._connections.add(connection)
        connection.start()

    def _forget(self, connection: Connection) -> None:
        with self._settling:
            self._connections.discard(connection)


def _nothing() -> None:
    """There is no watch to end."""
