import ftplib
import io
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.ftp_in_process import FtpConnection
from simulators.kit.ftp_serving import FtpServer
from simulators.kit.simulator import Simulator
from tests.simulators.kit.letters import letters

LETTER = b"GIVE bob tea"
PASSWORD = "secret"


class OnSocket:
    """The same surface as the connection without sockets has, on `ftplib`."""

    def __init__(self, port: int, user: str, password: str, timeout_s: float) -> None:
        self.ftp = ftplib.FTP(timeout=timeout_s)  # noqa: S321 - what is tested
        try:
            self.ftp.connect("127.0.0.1", port)
            self.ftp.login(user, password)
        except BaseException:
            self.ftp.close()
            raise

    def names(self, folder: str) -> list[str]:
        return self.ftp.nlst(folder)

    def size(self, path: str) -> int:
        self.ftp.voidcmd("TYPE I")
        return self.ftp.size(path)

    def read(self, path: str, start: int = 0) -> bytes:
        content = io.BytesIO()
        self.ftp.retrbinary(f"RETR {path}", content.write, rest=start or None)
        return content.getvalue()

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        self.ftp.storbinary(f"STOR {path}", io.BytesIO(b"".join(blocks)))

    def rename(self, old: str, new: str) -> None:
        self.ftp.rename(old, new)

    def remove(self, path: str) -> None:
        self.ftp.delete(path)

    def close(self) -> None:
        self.ftp.close()


@pytest.fixture
def post() -> Simulator[Any]:
    """A simulator of letters, which are taken at once."""
    return Simulator(letters())


@pytest.fixture
def office(post) -> FileWorkspace[Any]:
    return post.workspace()


@pytest.fixture
def ftp_server(post) -> Iterator[FtpServer]:
    with FtpServer(post) as server:
        yield server


@pytest.fixture
def connect(request, post):
    """Connects to the folders on real sockets; all connections end with the test."""
    server, made = request.getfixturevalue("ftp_server"), []

    def connected(user="ada", password=PASSWORD, timeout_s=5.0):
        made.append(OnSocket(server.port, user, password, timeout_s))
        return made[-1]

    yield connected
    for connection in made:
        connection.close()


@pytest.fixture(params=["in process", "sockets"])
def any_connect(request, post):
    """Connects twice: without sockets and with them."""
    if request.param == "sockets":
        return request.getfixturevalue("connect")

    def connected(user="ada", password=PASSWORD, timeout_s=5.0):
        return FtpConnection(post, user, password, timeout_s=timeout_s)

    return connected


def send(connection, name: str = "a", content: bytes = LETTER) -> None:
    """Send a letter as a careful user does: as a file that nobody looks at, then renamed."""
    connection.write(f"/in/{name}.tmp", [content])
    connection.rename(f"/in/{name}.tmp", f"/in/{name}.emm")
