"""How the engine of a lab reaches its platforms: in process, through `responses`, or on sockets."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests
import responses

from engine.ports import FolderTransport
from engine.transports.ftp import FtpTransport
from harness.lab.folders import InMemory
from harness.platforms import server
from simulators.kit.in_process import SimulatorAdapter, answer_with
from simulators.kit.simulator import Simulator

Simulators = Mapping[str, Simulator[Any]]


class Line(Protocol):
    """A way to the platforms' ports: their addresses, and the session for them."""

    def url(self, platform: str) -> str:
        """The address of a platform's port."""

    def bind(self, workspace: str) -> requests.Session:
        """Lead to this workspace from now on. Gives the session to use."""

    def folders(self, workspace: str) -> FolderTransport:
        """The way to the folders of those that take files, in this workspace."""

    def close(self) -> None:
        """Take the line down."""


def address(platform: str) -> str:
    """Where a platform is that has no port."""
    return f"http://{platform}.lab"


class InProcess:
    """No sockets: adapters on the engine's own session call the simulators."""

    def __init__(self, simulators: Simulators) -> None:
        self._simulators = simulators

    def url(self, platform: str) -> str:
        """An address that is nowhere but on the session."""
        return address(platform)

    def bind(self, workspace: str) -> requests.Session:
        """A session whose every call to an address goes to the workspace."""
        session = requests.Session()
        for name, simulator in self._simulators.items():
            session.mount(address(name), SimulatorAdapter(simulator, workspace))
        return session

    def folders(self, workspace: str) -> FolderTransport:
        """The simulators' folders, in memory."""
        return InMemory(self._simulators, workspace)

    def close(self) -> None:
        """Nothing is open."""


class ThroughResponses:
    """No sockets, and a session that nobody has touched: for code that makes a session of its own."""

    def __init__(self, simulators: Simulators) -> None:
        self._simulators = simulators
        self._mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        self._mock.start()

    def url(self, platform: str) -> str:
        """An address that `responses` looks out for."""
        return address(platform)

    def bind(self, workspace: str) -> requests.Session:
        """A session as anyone would make it; what it sends to an address is answered by the workspace."""
        self._mock.reset()
        for name, simulator in self._simulators.items():
            callback: Any = answer_with(simulator, workspace)  # `responses` takes pairs of headers, but says otherwise
            self._mock.add_callback(responses.POST, re.compile(f"{re.escape(address(name))}/.*"), callback)
        return requests.Session()

    def folders(self, workspace: str) -> FolderTransport:
        """The simulators' folders, in memory: `responses` knows no FTP."""
        return InMemory(self._simulators, workspace)

    def close(self) -> None:
        """Let `requests` go its own way again."""
        self._mock.stop(allow_assert=False)


class OnSockets:
    """Real sockets on loopback, on ports of the system's choice."""

    def __init__(self, simulators: Simulators) -> None:
        self._servers = {name: server(simulator).start() for name, simulator in simulators.items()}

    def url(self, platform: str) -> str:
        """The address of the platform's port."""
        return self._servers[platform].url

    def bind(self, workspace: str) -> requests.Session:
        """A new session; the ports lead to the workspace, and its outages are the ports'."""
        for port in self._servers.values():
            port.bind(workspace)
        return requests.Session()

    def folders(self, _workspace: str) -> FolderTransport:
        """By FTP; the port leads to the workspace."""
        return FtpTransport()

    def close(self) -> None:
        """Give the ports back."""
        for port in self._servers.values():
            port.stop()


LINES: Mapping[str, Callable[[Simulators], Line]] = {
    "in-process": InProcess,
    "responses": ThroughResponses,
    "sockets": OnSockets,
}
