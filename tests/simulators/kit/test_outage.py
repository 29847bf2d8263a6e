"""Outages on a real port: begun and ended before the call returns, and by the clock without one."""

import http.client
import socket
import threading

import pytest

from simulators.kit.faults import Fault
from simulators.kit.serving import Server


def listens(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 2).close()
    except ConnectionRefusedError:
        return False
    return True


def status(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/tucano?xsd")
    response = connection.getresponse()
    response.read()
    return response.status


@pytest.fixture
def connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    yield connection
    connection.close()


def test_an_outage_refuses_connections_and_its_end_takes_them_again(server, workspace):
    for _ in range(20):
        with workspace.down():
            assert not listens(server)
        assert listens(server)


def test_an_outage_drops_the_connections_that_are_open(connection, workspace):
    assert status(connection) == 200
    with workspace.down(), pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        status(connection)


def test_clearing_the_faults_or_resetting_ends_an_outage(server, workspace):
    for end in (workspace.faults.clear, workspace.reset):
        workspace.faults.put(Fault("o", "outage"))
        assert not listens(server)
        end()
        assert listens(server)


def test_two_outages_end_with_the_second(server, workspace):
    workspace.faults.put(Fault("a", "outage"))
    workspace.faults.put(Fault("b", "outage"))
    workspace.faults.remove("a")
    assert not listens(server)
    workspace.faults.remove("b")
    assert listens(server)


def test_moving_the_clock_moves_an_outage_with_it(server, workspace, new_year):
    workspace.faults.put(Fault("o", "outage", duration_s=60))
    assert not listens(server)
    workspace.clock.advance(60)
    assert listens(server)
    workspace.clock.set(new_year)
    assert not listens(server)


def test_an_outage_may_be_years_away(server, workspace, new_year):
    workspace.clock.unfreeze()
    workspace.faults.put(Fault("o", "outage", start=new_year.replace(year=8999), duration_s=1e8))
    assert listens(server)
    with workspace.down():
        assert not listens(server)


def test_a_running_clock_begins_and_ends_outages_by_itself(server, workspace):
    workspace.faults.put(Fault("o", "outage", duration_s=0.1, repeat_s=0.2, ttl_s=0.5))
    for listening in (True, False, True, False, True):
        assert server.wait_until(listening=listening, within_s=5)
    assert listens(server)
    assert workspace.faults.listed()[0].state == "healed"


def test_a_server_is_bound_to_another_workspace_at_once(server, simulator, workspace, session):
    workspace.faults.put(Fault("o", "outage"))
    assert not listens(server)
    server.bind("fresh")
    assert listens(server)
    session.post(f"{server.url}/tucano")
    assert simulator.workspace("fresh").journal.count() == 1
    assert workspace.journal.count() == 0
    assert not simulator._watches["default"], "who is bound elsewhere needn't be told any more"
    server.bind("default")
    assert not listens(server)


def test_dropping_the_workspace_a_port_is_bound_to_ends_its_outage(server, simulator, workspace):
    workspace.faults.put(Fault("o", "outage"))
    simulator.drop("default")
    assert listens(server)
    simulator.workspace().faults.put(Fault("o", "outage"))
    assert not listens(server)


def test_another_workspaces_outage_resets_its_connections_and_no_others(server, simulator, session):
    other = simulator.workspace("other")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    with other.down():
        connection.request("POST", "/w/other/tucano", b"x")
        with pytest.raises(ConnectionResetError):
            connection.getresponse()
        assert session.post(f"{server.url}/tucano").status_code == 200
    connection.close()
    assert other.journal.count() == 0


def test_nobody_else_gets_the_port_during_an_outage(server, workspace):
    with workspace.down(), socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", server.port))


def test_a_hanging_call_ends_when_its_fault_is_removed(server, workspace, connection):
    workspace.faults.put(Fault("h", "hang"))
    connection.request("GET", "/elsewhere")
    workspace.journal.wait_for(n=1, within_s=5)
    workspace.faults.remove("h")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()


def test_a_hanging_call_ends_when_the_server_stops(simulator, workspace):
    server = Server(simulator.wsgi, simulator=simulator).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    workspace.faults.put(Fault("h", "hang", times=1))
    connection.request("GET", "/elsewhere")
    workspace.journal.wait_for(n=1, within_s=5)
    server.stop()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        connection.getresponse()
    connection.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("port-")]


def test_a_caller_who_hangs_up_ends_the_hanging(server, workspace, connection):
    workspace.faults.put(Fault("h", "hang"))
    connection.request("GET", "/elsewhere")
    workspace.journal.wait_for(n=1, within_s=5)
    threads = [thread for thread in threading.enumerate() if "connection" in thread.name]
    connection.close()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
