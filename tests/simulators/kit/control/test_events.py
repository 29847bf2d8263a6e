"""Journal entries as they come, over a real port."""

import http.client
import json

import pytest

from simulators.kit.control.app import control
from simulators.kit.serving import Server


@pytest.fixture
def port(simulator):
    with Server(control({"tucano": simulator})) as port:
        yield port


@pytest.fixture
def stream(port):
    connection = http.client.HTTPConnection("127.0.0.1", port.port, timeout=5)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.readline() == b": following\n"
    assert response.readline() == b"\n"
    yield response
    connection.close()


def event(stream) -> dict[str, str]:
    lines = iter(stream.readline, b"\n")
    return dict(line.decode().rstrip("\n").split(": ", 1) for line in lines)


def test_every_request_is_an_event_with_its_number(stream, caller):
    caller.create()
    caller.show("T9")
    first, second = event(stream), event(stream)
    assert (first["id"], first["event"]) == ("1", "request")
    assert json.loads(first["data"])["operation"] == "CREATE_ACCOUNT"
    assert json.loads(second["data"])["code"] == "UNKNOWN_ACCOUNT"


def test_the_stream_goes_on_after_a_reset(stream, caller, workspace):
    caller.create()
    event(stream)
    workspace.reset()
    caller.create()
    assert event(stream)["id"] == "1"


def test_the_stream_ends_when_the_port_closes(stream, port):
    port.stop()
    assert stream.read() == b""


def test_the_control_port_is_served_like_a_platform(port, session, workspace):
    assert session.post(f"{port.url}/w/a/reset", data=b"unread").status_code == 204
    answer = session.put(f"{port.url}/faults/o", json={"kind": "outage"})
    assert (answer.status_code, workspace.faults.down()) == (200, True)
    large = b"{" + b" " * (1 << 20)
    for body in (large, iter([large])):
        answer = session.put(f"{port.url}/faults/o", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
