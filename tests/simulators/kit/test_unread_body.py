"""An app may answer without reading the request's body: the connection stays usable, whenever the body comes."""

import socket
from collections.abc import Iterable
from typing import Any

import pytest

from simulators.kit.serving import Server


def deaf(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers 204, and reads nothing."""
    start_response("204 No Content", [])
    return []


def head(length: int) -> bytes:
    return b"DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length


def answer(line: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        part = line.recv(4096)
        assert part, "the server hung up"
        received += part
    return received


@pytest.mark.parametrize("length", [2, 60_000])
def test_a_body_that_comes_after_the_answer_does_not_end_the_connection(length):
    with Server(deaf) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        for _ in range(3):
            line.sendall(head(length))
            assert answer(line).startswith(b"HTTP/1.1 204")
            line.sendall(b"x" * length)


def test_a_long_body_that_nobody_reads_ends_the_connection():
    with Server(deaf) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(head(1 << 20))
        assert answer(line).startswith(b"HTTP/1.1 204")
        line.sendall(b"x" * (1 << 20))
        assert line.recv(1) == b""
