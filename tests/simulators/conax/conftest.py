from datetime import UTC, datetime

import pytest

from simulators.conax.app import conax
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.simulator import Simulator
from tests.simulators.conax.files import OTHER, PRODUCT

SPRING = datetime(2026, 3, 15, 18, 30, tzinfo=UTC)


class Folders:
    """The folders as a CRM uses them: a file is put under another name and then renamed."""

    def __init__(self, workspace: FileWorkspace, home: str = "") -> None:
        self.workspace = workspace
        self._home = f"{home}/autreq"

    def put(self, name: str, body: bytes) -> None:
        tree, at = self.workspace.tree, self.workspace.clock.now()
        unready = f"{self._home}/req/{name.removesuffix('.emm')}.tmp"
        tree.write(unready, body, at)
        tree.rename(unready, f"{self._home}/req/{name}", at)
        self.workspace.settle()

    def names(self, folder: str) -> list[str]:
        return self.workspace.tree.names(f"{self._home}/{folder}")

    def read(self, path: str) -> bytes:
        return self.workspace.tree.read(f"{self._home}/{path}")


def made(**how) -> Simulator:
    return Simulator(conax(**{"products": [PRODUCT, OTHER], **how}))


def spring(simulator: Simulator) -> Folders:
    """The folders of a simulator whose time stands still in March 2026."""
    workspace = simulator.workspace()
    workspace.clock.freeze(SPRING)
    return Folders(workspace)


@pytest.fixture
def simulator() -> Simulator:
    return made()


@pytest.fixture
def folders(simulator) -> Folders:
    return spring(simulator)


@pytest.fixture
def workspace(folders) -> FileWorkspace:
    return folders.workspace
