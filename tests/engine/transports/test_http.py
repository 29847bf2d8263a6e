"""The HTTP transport on real sockets: what is answered, and every way in which it is not."""

import gzip
import itertools
import os
import re
import socket
import ssl
import threading
from base64 import b64encode

import pytest
import requests

from engine.domain.provider import Timeouts
from engine.ports import Failure, Reply
from engine.transports.http import HttpTransport, place

MIB = 1 << 20
SOON = Timeouts(connect_s=0.05, read_s=0.05)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<r/>"


def of_length(body, announced=None):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body) if announced is None else announced, body)


@pytest.fixture
def transport():
    made = HttpTransport()
    yield made
    made.close()


@pytest.fixture
def send(transport, message, timeouts):
    def once(url, patience=timeouts, **changes):
        return transport.send(message(url, **changes), patience)

    return once


def fate(failure):
    assert isinstance(failure, Failure), failure
    assert failure.description.endswith(")." if "longer" not in failure.description else ".")
    assert not re.search(r"0x|object at|HTTPS?ConnectionPool|Max retries", failure.description)
    return failure.code, failure.sent


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://u:p@nobody.invalid/x", "nobody.invalid:80"),
        ("https://nobody.invalid:8443", "nobody.invalid:8443"),
        ("https://[::1]/tucano", "[::1]:443"),
        ("http://[::1", "an end point without host and port"),
        ("http://127.0.0.1:99999/", "an end point without host and port"),
        ("tucano", "an end point without host and port"),
    ],
)
def test_a_place_is_host_and_port_and_nothing_else(url, said):
    assert place(url) == said


def test_a_failure_is_a_sentence_that_names_the_place(send, peer, ways):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refused = f"127.0.0.1:{port} can't be connected to (Connection refused)."
    assert send(f"http://u:p@127.0.0.1:{port}/").description == refused
    there = peer(ways["silent"], ways["answering"](), ways["answering"](of_length(b"<r", announced=4)))
    name = there.url.split("/")[2]
    assert send(there.url, Timeouts(1, 0.05)).description == f"{name} did not answer in time (ReadTimeoutError)."
    there.done.set()
    assert send(there.url).description == f"{name} hung up, or did not answer in HTTP (ProtocolError)."
    assert send(there.url).description == f"The answer of {name} broke off (ProtocolError)."


def test_the_message_goes_out_as_it_is_and_the_answer_comes_back_as_it_is(peer, ways, send):
    answer = b"HTTP/1.1 409 Conflict of\tInterests\r\nX-One: 1\r\nContent-Length: 3\r\n\r\n\x00\xff\r"
    there = peer(ways["answering"](answer))
    body = bytes(range(256))
    reply = send(there.url, headers={"Content-Type": "text/xml; charset=X"}, body=body, credentials=("Zoë", "pâss:w"))
    assert reply == Reply(409, "Conflict of\tInterests", {"X-One": "1", "Content-Length": "3"}, b"\x00\xff\r")
    ((head, arrived),) = there.requests
    assert arrived == body
    lines = head.split("\r\n")
    assert lines[0] == "POST /tucano HTTP/1.1"
    assert "Content-Type: text/xml; charset=X" in lines
    assert f"Authorization: Basic {b64encode('Zoë:pâss:w'.encode()).decode()}" in lines


def test_an_answer_that_ends_with_the_connection_is_whole(peer, ways, send):
    there = peer(ways["answering"](b"HTTP/1.0 200 OK\r\n\r\n<r/>"))
    assert send(there.url).body == b"<r/>"


def test_an_answer_in_chunks_and_compressed_is_put_together(peer, ways, send):
    packed = gzip.compress(b"<r/>" * 1000)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (packed[:10], packed[10:])) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    assert send(peer(ways["answering"](head, chunks)).url).body == b"<r/>" * 1000


def test_nobody_listens(send):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert fate(send(f"http://127.0.0.1:{port}/")) == ("CONNECTION_REFUSED", False)


def test_nobody_takes_the_connection(send):
    listener, callers = socket.socket(), []
    with listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        try:
            for _ in range(3):  # the queue of connections that nobody has accepted is full then
                callers.append(socket.socket())
                callers[-1].settimeout(0)
                callers[-1].connect_ex(listener.getsockname())
            assert fate(send(f"http://127.0.0.1:{listener.getsockname()[1]}/", SOON)) == ("CONNECT_TIMEOUT", False)
        finally:
            for caller in callers:
                caller.close()


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", "a" * 64 + ".test", "x" * 300])
def test_a_host_that_there_is_not(host, send):
    assert fate(send(f"http://{host}/")) == ("HOST_UNKNOWN", False)


@pytest.mark.parametrize(
    "url", ["tucano", "", "ftp://127.0.0.1/", "http://", "http://[::1", "http://127.0.0.1:99999/", "http://\u200b/"]
)
def test_an_address_that_can_not_be_one(url, send):
    assert fate(send(url)) == ("UNSENDABLE", False)


def test_a_header_that_can_not_be_sent(send):
    assert fate(send("http://127.0.0.1:1/", headers={"Content-Type": "a\r\nb"})) == ("UNSENDABLE", False)


@pytest.mark.parametrize("way", ["resetting", "answering"])
def test_the_platform_hangs_up_after_it_has_read(way, peer, ways, send):
    there = peer(ways[way] if way == "resetting" else ways[way]())
    assert fate(send(there.url)) == ("REPLY_LOST", True)
    assert len(there.requests) == 1


def test_the_platform_never_answers(peer, ways, send, timeouts):
    there = peer(ways["silent"])
    assert fate(send(there.url, Timeouts(timeouts.connect_s, 0.05))) == ("REPLY_LOST", True)


@pytest.mark.parametrize(
    "answer",
    [
        b"SMTP ready\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_what_answers_speaks_no_http(answer, peer, ways, send):
    assert fate(send(peer(ways["answering"](answer)).url)) == ("REPLY_LOST", True)


BROKEN = {
    "nothing of it": of_length(b"", announced=4),
    "half of it": of_length(b"<r", announced=4),
    "a chunk of it": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<r/>\r\n",
    "half a chunk of it": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n<r/>",
    "no length of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfour\r\n<r/>",
    "not what it is compressed with": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n<r/>",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_the_answer_breaks_off(answer, peer, ways, send):
    assert fate(send(peer(ways["answering"](answer)).url)) == ("UNREADABLE_REPLY", True)


def test_the_answer_stops_coming(peer, send, timeouts):
    def stopping(there, connection):
        there.read(connection)
        connection.sendall(of_length(b"<r", announced=4))
        there.done.wait(timeouts.read_s)

    assert fate(send(peer(stopping).url, Timeouts(timeouts.connect_s, 0.05))) == ("UNREADABLE_REPLY", True)


@pytest.mark.parametrize("excess", [0, 1])
def test_an_answer_is_read_up_to_one_mebibyte(excess, peer, ways, send):
    answer = send(peer(ways["answering"](of_length(b"x" * (MIB + excess)))).url)
    if excess:
        assert fate(answer) == ("UNREADABLE_REPLY", True)
    else:
        assert answer.body == b"x" * MIB


def test_an_answer_that_swells_when_unpacked_is_not_unpacked_beyond_the_limit(peer, ways, send):
    packed = gzip.compress(b"\0" * (64 * MIB))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    assert fate(send(peer(ways["answering"](head, packed)).url)) == ("UNREADABLE_REPLY", True)


def test_an_answer_without_end_is_not_waited_for(peer, send):
    def flooding(there, connection):
        there.read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in itertools.count():
            connection.sendall(b"x" * 65536)  # until nobody takes it any more

    assert fate(send(peer(flooding).url)) == ("UNREADABLE_REPLY", True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(status, peer, ways, send):
    there = peer(ways["keeping"](OK))
    redirect = b"HTTP/1.1 %d Elsewhere\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, there.url.encode())
    here = peer(ways["answering"](redirect))
    assert send(here.url).status == status
    assert there.requests == []


def test_a_connection_is_used_again(peer, ways, send):
    there = peer(ways["keeping"](OK, OK))
    assert [send(there.url).status, send(there.url).status] == [200, 200]
    assert len(there.requests) == 2


def test_a_connection_that_the_platform_has_closed_meanwhile_is_not_used_again(peer, ways, send, transport):
    there = peer(ways["keeping"](OK), ways["keeping"](OK))
    assert send(there.url).status == 200
    assert there.hung_up.acquire(timeout=10)
    assert send(there.url).status == 200
    assert len(there.requests) == 2


def test_a_connection_whose_answer_was_not_read_to_its_end_is_not_used_again(peer, ways, send):
    there = peer(ways["answering"](of_length(b"x" * (MIB + 1) + OK)), ways["keeping"](OK))
    assert fate(send(there.url)) == ("UNREADABLE_REPLY", True)
    assert send(there.url).body == b"<r/>"


@pytest.fixture
def there(peer, ways):
    return peer(ways["answering"](OK))


@pytest.fixture
def misleading(peer, ways, monkeypatch, tmp_path):
    """An environment that names a proxy, and other credentials for it all."""
    proxy = peer(ways["answering"](OK))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    return proxy


@pytest.mark.parametrize("own", [True, False])
def test_a_proxy_and_a_netrc_in_the_environment_are_not_used(own, misleading, there, message, timeouts):
    transport = HttpTransport(None if own else requests.Session())
    assert transport.send(message(there.url), timeouts).status == 200
    transport.close()
    assert misleading.requests == []
    assert f"Basic {b64encode(b'user:secret').decode()}" in there.requests[0][0]


def test_many_threads_send_at_once(peer, send):
    together = threading.Barrier(4)

    def meeting(there, connection):
        def treat():
            with conversation:
                there.read(conversation)
                together.wait(timeout=10)
                conversation.sendall(OK)

        conversation = connection.dup()
        threading.Thread(target=treat, daemon=True).start()

    there = peer(*[meeting] * 4)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(send(there.url).status)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == [200] * 4


@pytest.fixture
def over_tls(certificate):
    """A treatment, after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert", certificate / "key")

    def wrapped(treatment):
        def treat(peer, connection):
            with context.wrap_socket(connection, server_side=True) as inner:
                treatment(peer, inner)

        return treat

    return wrapped


@pytest.fixture
def trusting(certificate, message, timeouts):
    """Send over TLS, with trust in the certificate."""
    session = requests.Session()
    session.verify = str(certificate / "cert")
    transport = HttpTransport(session)
    yield lambda url: transport.send(message(url.replace("http:", "https:")), timeouts)
    transport.close()


def test_an_answer_over_tls(peer, ways, over_tls, trusting):
    there = peer(over_tls(ways["answering"](OK)))
    assert trusting(there.url).body == b"<r/>"


def test_a_certificate_that_is_not_trusted_ends_it_before_anything_is_sent(peer, ways, over_tls, send):
    there = peer(over_tls(ways["answering"](OK)))
    assert fate(send(there.url.replace("http:", "https:"))) == ("TLS_FAILED", False)
    assert there.requests == []


def test_what_tls_breaks_off_after_the_request_may_have_been_carried_out(peer, over_tls, trusting):
    def forging(there, connection):
        there.read(connection)
        os.write(connection.fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)

    there = peer(over_tls(forging))
    assert fate(trusting(there.url)) == ("TLS_FAILED", True)
    assert len(there.requests) == 1


def test_a_hang_up_over_tls_is_one(peer, ways, over_tls, trusting):
    assert fate(trusting(peer(over_tls(ways["answering"]())).url)) == ("REPLY_LOST", True)
