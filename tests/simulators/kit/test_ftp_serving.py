"""The server for folders on real sockets: what FTP's clients ask of it, and who hangs up on it."""

import ftplib
import io
import threading
from contextlib import suppress

import pytest

from simulators.kit.faults import Fault
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.ftp_serving import FtpServer
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.kit.conftest import LETTER, send


@pytest.fixture
def ftp(connect):
    return connect().ftp


def stored(ftp: ftplib.FTP, command: str, content: bytes, **how) -> str:
    return ftp.storbinary(command, io.BytesIO(content), **how)


def test_files_are_listed_in_every_way_with_virtual_times(ftp, office):
    office.clock.freeze(NEW_YEAR)
    stored(ftp, "STOR /in/a.tmp", LETTER)
    office.clock.advance(3600)
    lines = []
    ftp.retrlines("LIST /in", lines.append)
    assert [(line[0], line.split()[4:7], line.split()[-1]) for line in lines] == [("-", ["12", "Jan", "01"], "a.tmp")]
    assert ftp.nlst("/in") == ["a.tmp"]
    [(name, facts)] = ftp.mlsd("/in", ["type", "size", "modify"])
    assert (name, facts) == ("a.tmp", {"type": "file", "size": "12", "modify": "20260101000000"})
    assert {name: facts["type"] for name, facts in ftp.mlsd("/")} == {"in": "dir", "ok": "dir", "err": "dir"}
    assert ftp.sendcmd("MDTM /in/a.tmp") == "213 20260101000000"
    assert "size=12" in ftp.sendcmd("MLST /in/a.tmp")


def test_paths_may_be_said_from_the_folder_one_is_in(ftp, office):
    ftp.cwd("in")
    assert ftp.pwd() == "/in"
    stored(ftp, "STOR grün.tmp", LETTER)
    ftp.rename("grün.tmp", "../in/grün.emm")
    assert ftp.nlst("../ok") == ["grün.emm"]
    assert office.journal.find()[0].path == "/in/grün.emm"
    with pytest.raises(ftplib.error_perm, match="550"):
        ftp.cwd("nowhere")


def test_an_upload_goes_on_where_it_broke_off(ftp, office):
    stored(ftp, "STOR /in/a.tmp", LETTER[:4])
    stored(ftp, "STOR /in/a.tmp", LETTER[4:], rest=4)
    stored(ftp, "APPE /in/a.tmp", b" and ale")
    stored(ftp, "APPE /in/b.tmp", b"new")
    assert office.tree.read("/in/a.tmp") == LETTER + b" and ale"
    with pytest.raises(ftplib.error_perm, match="554"):
        stored(ftp, "STOR /in/a.tmp", b"", rest=99)
    assert office.tree.read("/in/b.tmp") == b"new"


@pytest.mark.parametrize(
    "command", ["MKD /x", "RMD /in", "STOU /in/a", "SITE CHMOD 600 /in/a", "MFMT 20260101000000 /in/a"]
)
def test_what_is_nobodys_to_do_is_refused(ftp, office, command):
    with pytest.raises(ftplib.error_perm, match=r"50\d"):
        ftp.sendcmd(command)
    assert office.tree.names("/") == ["err", "in", "ok"]


@pytest.mark.parametrize("command", ["PORT", "EPRT"])
def test_a_client_may_have_the_server_call_back(ftp, office, command):
    ftp.set_pasv(False)
    if command == "EPRT":
        ftp.sendport = ftp.sendeprt
    stored(ftp, "STOR /in/a.tmp", LETTER)
    assert ftp.nlst("/in") == ["a.tmp"]
    assert office.tree.read("/in/a.tmp") == LETTER


def test_an_upload_can_be_broken_off(ftp, office):
    data = ftp.transfercmd("STOR /in/a.tmp")
    data.sendall(LETTER)
    assert _within(lambda: office.tree.is_file("/in/a.tmp") and office.tree.read("/in/a.tmp") == LETTER)
    with suppress(ftplib.Error):
        ftp.abort()
    data.close()
    assert ftp.voidcmd("NOOP")
    assert office.tree.read("/in/a.tmp") == LETTER
    assert [(entry.operation, entry.outcome) for entry in office.journal.find()] == [("UPLOAD", "partial")]


def _within(holds, seconds: float = 5.0) -> bool:
    """Whether it comes true; asked by a wait that anything can end, for there is no event of a chunk's coming."""
    turn = threading.Event()
    return any(holds() or turn.wait(0.01) for _ in range(int(seconds * 100)))


def test_who_is_killed_in_mid_upload_leaves_a_part_and_harms_nobody(ftp, office, connect):
    data = ftp.transfercmd("STOR /in/a.tmp")
    data.sendall(LETTER)
    ftp.sock.close()
    ftp.file.close()
    other = connect()
    assert _within(lambda: not office.uploads)
    data.close()
    assert other.read("/in/a.tmp") in {LETTER, b""}
    send(other)
    assert office.holdings() == {"bob": ["tea"]}


def test_eight_clients_at_once_leave_a_state_that_some_order_leaves(connect, office):
    connections = [connect() for _ in range(8)]

    def one(number: int) -> None:
        for turn in range(5):
            send(connections[number], f"{number}-{turn}", f"GIVE bob {number}-{turn}".encode())

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = office.journal.find()
    assert [entry.seq for entry in entries] == list(range(1, 41))
    assert office.state.held["bob"] == [entry.parameters["thing"] for entry in entries]


def test_an_outage_closes_the_port_and_ends_by_the_clock(ftp_server, office, connect):
    office.clock.freeze(NEW_YEAR)
    office.faults.put(Fault("o", "outage", duration_s=60.0))
    with pytest.raises(ConnectionRefusedError):
        connect()
    office.clock.advance(60)
    assert connect().names("/in") == []
    office.clock.unfreeze()
    office.faults.put(Fault("o", "outage", duration_s=0.05))
    assert ftp_server.wait_until(listening=True, within_s=5)


def test_an_outage_may_be_years_away(office, connect):
    office.faults.put(Fault("o", "outage", start=NEW_YEAR.replace(year=8999), duration_s=1e8))
    assert connect().names("/in") == []


def test_an_outage_in_mid_upload_leaves_the_part(ftp, office):
    data = ftp.transfercmd("STOR /in/a.tmp")
    data.sendall(LETTER)
    assert _within(lambda: office.tree.read("/in/a.tmp") == LETTER)
    with office.down():
        assert data.recv(1) == b""
        assert office.tree.read("/in/a.tmp") == LETTER
        assert office.uploads == []
    data.close()


def test_a_port_can_be_bound_to_another_workspace_and_be_had_again(post, connect, ftp_server):
    ftp_server.bind("other")
    send(connect())
    assert post.workspace("other").holdings() == {"bob": ["tea"]}
    port = ftp_server.port
    ftp_server.stop()
    ftp_server.stop()
    with FtpServer(post, port=port) as again:
        assert (again.url, again.workspace) == (f"ftp://127.0.0.1:{port}", "default")


def test_a_surprise_of_the_platforms_does_not_end_the_server(connect, office, caplog, monkeypatch):
    connection = connect()
    connection.write("/in/a.tmp", [LETTER])
    with monkeypatch.context() as broken:
        broken.setattr(FileWorkspace, "settle", _surprise)
        with pytest.raises((EOFError, ftplib.Error, ConnectionError)):
            connection.rename("/in/a.tmp", "/in/a.emm")
    send(connect(), "b")
    assert office.holdings() == {"bob": ["tea"]}
    assert "surprise" in caplog.text


def _surprise(_: FileWorkspace) -> None:
    raise RuntimeError("surprise")


def test_a_platform_that_takes_calls_is_not_served():
    with pytest.raises(ValueError, match="tucano takes calls, and no files"):
        FtpServer(Simulator(tucano(options=[])))
