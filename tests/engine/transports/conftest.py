import socket
import struct
import subprocess
import threading
from contextlib import suppress

import pytest

from engine.domain.provider import Timeouts
from engine.ports import Message
from tests.programs import program

PATIENCE_S = 10


class Peer:
    """A platform's port at the lowest level: each connection is treated as the next of `treatments` says."""

    def __init__(self, *treatments):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._treatments = treatments
        self.requests = []
        self.done = threading.Event()
        self.hung_up = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/tucano"

    def _serve(self):
        with suppress(OSError):  # the test is over before the last connection came
            for treatment in self._treatments:
                connection, _address = self._listener.accept()
                with connection:
                    connection.settimeout(PATIENCE_S)
                    treatment(self, connection)
                self.hung_up.release()

    def read(self, connection):
        """One request, whole: its head and its body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append((head.decode("latin-1"), body))

    def close(self):
        self.done.set()
        with self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for a caller
            self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


def answering(*parts):
    """Read the request, send these bytes, hang up."""

    def treat(peer, connection):
        peer.read(connection)
        for part in parts:
            connection.sendall(part)

    return treat


def keeping(*answers):
    """Answer so many requests on one connection."""

    def treat(peer, connection):
        for answer in answers:
            peer.read(connection)
            connection.sendall(answer)

    return treat


def silent(peer, connection):
    """Read the request and never answer."""
    peer.read(connection)
    peer.done.wait(PATIENCE_S)


def resetting(peer, connection):
    """Read the request and reset the connection."""
    peer.read(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody but its maker trusts."""
    folder = tmp_path_factory.mktemp("tls")
    made = [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*made, "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True)
    return folder


@pytest.fixture
def peer():
    """Make ports that treat their callers in these ways."""
    made = []

    def make(*treatments):
        made.append(Peer(*treatments))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def ways():
    """The ways of treating a caller."""
    return {"answering": answering, "keeping": keeping, "silent": silent, "resetting": resetting}


@pytest.fixture
def message():
    def of(url, **changes):
        parts = {"headers": {"Content-Type": "text/xml"}, "body": b"<command/>", "credentials": ("user", "secret")}
        return Message(url, **(parts | changes))

    return of


@pytest.fixture
def timeouts():
    return Timeouts(connect_s=PATIENCE_S, read_s=PATIENCE_S)
