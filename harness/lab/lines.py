"""How the engine of a lab reaches its platforms: in process, through `responses`, or on sockets."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests
import responses

from simulators.kit.in_process import SimulatorAdapter, answer_with
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator

ADDRESS = "http://tucano.lab"


class Line(Protocol):
    """A way to the platform's port: its address, and the session for it."""

    url: str

    def bind(self, workspace: str) -> requests.Session:
        """Lead to this workspace from now on. Gives the session to use."""

    def close(self) -> None:
        """Take the line down."""


class InProcess:
    """No sockets: an adapter on the engine's own session calls the simulator."""

    url = ADDRESS

    def __init__(self, simulator: Simulator[Any]) -> None:
        self._simulator = simulator

    def bind(self, workspace: str) -> requests.Session:
        """A session whose every call to the address goes to the workspace."""
        session = requests.Session()
        session.mount(ADDRESS, SimulatorAdapter(self._simulator, workspace))
        return session

    def close(self) -> None:
        """Nothing is open."""


class ThroughResponses:
    """No sockets, and a session that nobody has touched: for code that makes a session of its own."""

    url = ADDRESS

    def __init__(self, simulator: Simulator[Any]) -> None:
        self._simulator = simulator
        self._mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        self._mock.start()

    def bind(self, workspace: str) -> requests.Session:
        """A session as anyone would make it; what it sends to the address is answered by the workspace."""
        self._mock.reset()
        callback: Any = answer_with(
            self._simulator, workspace
        )  # `responses` takes pairs of headers, but does not say so
        for path in ("/tucano", "/tucano/orders"):
            self._mock.add_callback(responses.POST, f"{ADDRESS}{path}", callback)
        return requests.Session()

    def close(self) -> None:
        """Let `requests` go its own way again."""
        self._mock.stop(allow_assert=False)


class OnSockets:
    """Real sockets on loopback, on a port of the system's choice."""

    def __init__(self, simulator: Simulator[Any]) -> None:
        self._server = Server(simulator.wsgi, simulator=simulator).start()
        self.url = self._server.url

    def bind(self, workspace: str) -> requests.Session:
        """A new session; the port leads to the workspace, and its outages are the port's."""
        self._server.bind(workspace)
        return requests.Session()

    def close(self) -> None:
        """Give the port back."""
        self._server.stop()


LINES: Mapping[str, Callable[[Simulator[Any]], Line]] = {
    "in-process": InProcess,
    "responses": ThroughResponses,
    "sockets": OnSockets,
}
