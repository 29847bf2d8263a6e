"""The server itself: HTTP as it comes, and as it should not."""

import http.client
import io
import logging
import socket
import threading
from contextlib import suppress
from time import perf_counter
from wsgiref.util import setup_testing_defaults

import pytest

from simulators.kit import line, serving
from simulators.kit.faults import Fault
from simulators.kit.platform import BODY_LIMIT
from simulators.kit.serving import Server


def echo(environ, start_response):
    """Answers with what it was sent, and with what it was told of it."""
    body = environ["wsgi.input"].read()
    told = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']} {environ.get('HTTP_X_A')}\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(told) + len(body)))])
    return [told.encode("latin-1"), body]


def deaf(environ, start_response):
    """Answers without reading."""
    start_response("404 Not Found", [("Content-Length", "4")])
    return [b"none"]


def failing(environ, start_response):
    raise RuntimeError("the app's own surprise")


def talk(server: Server, sent: bytes, *, end: bool = True) -> bytes:
    """Send raw bytes, and read until the other side hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(sent)
        if end:
            raw.shutdown(socket.SHUT_WR)
        received = b""
        while part := raw.recv(65536):
            received += part
    return received


@pytest.fixture
def serve():
    started = []

    def start(app, **how) -> Server:
        started.append(Server(app, **how).start())
        return started[-1]

    yield start
    for server in started:
        server.stop()


def test_a_connection_is_kept_for_the_next_request(serve):
    connection = http.client.HTTPConnection("127.0.0.1", serve(echo).port, timeout=5)
    for number in range(3):
        connection.request("POST", f"/a%20b?q={number}", b"body", {"X-A": "1"})
        assert connection.getresponse().read() == b"POST /a b?q=%d 1\nbody" % number
    connection.close()


def test_requests_sent_ahead_are_answered_in_order(serve):
    received = talk(serve(echo), b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.index(b"GET /1?") < received.index(b"GET /2?")


def test_a_body_in_chunks_is_read_whole(serve):
    connection = http.client.HTTPConnection("127.0.0.1", serve(echo).port, timeout=5)
    connection.request("POST", "/", iter([b"one ", b"two"]))
    assert connection.getresponse().read().endswith(b"one two")
    connection.close()


def test_a_caller_who_waits_to_be_told_to_go_on_is_told_when_the_body_is_wanted(serve):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serve(echo).port), 5) as raw:
        raw.sendall(head)
        assert raw.recv(100).startswith(b"HTTP/1.1 100 ")
        raw.sendall(b"body")
        assert raw.makefile("rb").read().endswith(b"body")


def test_a_caller_is_not_told_to_go_on_where_nobody_reads(serve):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    assert talk(serve(deaf), head).startswith(b"HTTP/1.1 404 ")


def test_head_is_answered_without_a_body(serve):
    connection = http.client.HTTPConnection("127.0.0.1", serve(echo).port, timeout=5)
    for _ in range(2):
        connection.request("HEAD", "/")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"")
        assert int(response.headers["Content-Length"]) > 0
    connection.close()


def test_an_answer_of_unknown_length_comes_in_chunks(serve):
    def stream(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"one ", b"two"])

    connection = http.client.HTTPConnection("127.0.0.1", serve(stream).port, timeout=5)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert (response.headers["Transfer-Encoding"], response.read()) == ("chunked", b"one two")
    connection.close()


def test_an_answer_without_a_body_ends(serve):
    def empty(environ, start_response):
        start_response("204 No Content", [])
        return []

    assert talk(serve(empty), b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 204 ")


# fmt: off
NOT_HTTP = [
    (b"nonsense\r\n\r\n",                                                                  b"400"),
    (b"GET / HTTP/1.1\r\n\r\n",                                                            b"400"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",                            b"400"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nBroken\r\n\r\n",                                       b"400"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * line.HEAD_LIMIT * 2 + b"\r\n\r\n",       b"431"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",                     b"501"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",                       b"400"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",            b"400"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "status"), NOT_HTTP)
def test_what_is_not_http_is_told_so_and_the_port_stays_up(serve, sent, status):
    server = serve(echo)
    assert talk(server, sent).startswith(b"HTTP/1.1 " + status)
    assert talk(server, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_caller_who_says_nothing_is_not_waited_for_for_ever(serve, monkeypatch):
    monkeypatch.setattr(line, "REQUEST_S", 0.05)
    server = serve(echo)
    assert talk(server, b"", end=False) == b""
    assert talk(server, b"GET / HT", end=False) == b""
    assert talk(server, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", end=False) == b""


def test_a_caller_who_sends_a_byte_now_and_then_is_not_waited_for_either(serve, monkeypatch):
    monkeypatch.setattr(line, "REQUEST_S", 0.2)
    with socket.create_connection(("127.0.0.1", serve(echo).port), 5) as raw:
        raw.settimeout(0.02)
        for _ in range(50):
            raw.sendall(b"x")
            with suppress(TimeoutError):
                assert raw.recv(1) == b""
                return
    pytest.fail("fifty bytes in a second, and still waited for")


def test_small_answers_are_not_held_back():
    ours, theirs = socket.create_server(("127.0.0.1", 0)), socket.socket()
    theirs.connect(ours.getsockname())
    accepted, _ = ours.accept()
    line.Line(accepted)
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    for each in (ours, theirs, accepted):
        each.close()


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_dash(serve):
    received = talk(serve(echo), b"GET / HTTP/1.1\r\nHost: a\r\nX_A: forged\r\nX-A: 1\r\nX-A: 2\r\n\r\n")
    assert received.endswith(b"? 1,2\n")


def test_a_body_nobody_reads_does_not_take_the_answer_along(serve):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (2 * BODY_LIMIT)
    received = talk(serve(deaf), head + b"x" * 2 * BODY_LIMIT)
    assert received.endswith(b"none")


def test_a_body_far_beyond_the_limit_is_answered_413_before_it_is_read(server):
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(
            b"POST /tucano HTTP/1.1\r\nHost: a\r\nAuthorization: Basic aGVhZGVuZDpoZWFkZW5k\r\n"
            b"Content-Length: 9999999999\r\n\r\nx"
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_app_that_fails_is_answered_for_and_logged(serve, caplog):
    with caplog.at_level(logging.ERROR):
        assert talk(serve(failing), b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 500 ")
    assert "the app's own surprise" in caplog.text


def test_a_port_that_is_taken_can_not_be_had(serve):
    with pytest.raises(OSError, match="in use"):
        serve(echo, port=serve(echo).port)


def test_a_server_that_has_stopped_has_left_nothing_behind(serve):
    before = threading.active_count()
    server = serve(echo)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    server.stop()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 5)
    server.stop()
    connection.close()


def test_connections_that_are_idle_do_not_hold_up_the_end(serve):
    server = serve(echo)
    connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=5) for _ in range(3)]
    for connection in connections:
        connection.request("GET", "/")
        connection.getresponse().read()
    begun = perf_counter()
    server.stop()
    assert perf_counter() - begun < serving.LAST_WORDS_S
    for connection in connections:
        connection.close()


def test_a_server_never_started_can_be_stopped():
    Server(echo).stop()


def test_there_are_only_so_many_connections(serve, monkeypatch):
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 1)
    server = serve(echo)
    first = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    first.request("GET", "/")
    first.getresponse().read()
    with socket.create_connection(("127.0.0.1", server.port), 5) as second:
        assert second.recv(1) == b""
    first.close()


def test_an_address_of_the_sixth_version_is_written_in_brackets(serve):
    try:
        socket.socket(socket.AF_INET6).close()
        server = serve(echo, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    assert server.url == f"http://[::1]:{server.port}"
    connection = http.client.HTTPConnection("::1", server.port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()


def test_under_another_server_whole_answers_leave_and_broken_ones_break_off(simulator, workspace):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "wsgi.input": io.BytesIO()}
    setup_testing_defaults(environ)
    heads = []
    assert b"".join(simulator.wsgi(environ, lambda *head: heads.append(head))).startswith(b"there is nothing")
    workspace.faults.put(Fault("f", "hang"))
    with pytest.raises(ConnectionAbortedError):
        list(simulator.wsgi(environ, lambda *head: heads.append(head)))
    assert [head[0] for head in heads] == ["404 Not Found"]
