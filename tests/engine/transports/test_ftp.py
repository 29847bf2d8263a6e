"""The transport to platforms' folders on real sockets: what is done there, and every way in which it is not."""

import gc
import os
import socket
import threading
import tracemalloc
from contextlib import closing, contextmanager
from dataclasses import replace
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyftpdlib.handlers import TLS_FTPHandler

from engine.domain.provider import Timeouts
from engine.ports import FoldersError
from engine.transports import ftp_folders
from engine.transports.ftp import FtpTransport
from engine.transports.ftp_folders import BLOCK_BYTES, FtpFolders, evened
from engine.transports.ftp_line import Line
from tests.engine.transports.ftp_servers import PASSWORD, PATIENCE_S, Desk, reset, serving

LONG = Timeouts(PATIENCE_S, PATIENCE_S)
SOON = Timeouts(0.05, 0.05)
MACHINE_LISTING = ("MLSD", "MLST")


@contextmanager
def at(site, timeouts=LONG):
    with closing(FtpTransport().connect(site, timeouts)) as folders:
        yield folders


def failing(site, timeouts=LONG, work=FtpFolders.close):
    """Why this could not be done: code, whose fault, whether the server has said no."""
    with pytest.raises(FoldersError) as caught, at(site, timeouts) as folders:
        work(folders)
    assert PASSWORD not in str(caught.value)
    assert caught.value.description.endswith(".")
    return caught.value.code, caught.value.field, caught.value.refused


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "req").mkdir()
    return tmp_path


@pytest.fixture
def desk():
    made = []

    def make(**answers):
        made.append(Desk(answers))
        return made[-1]

    yield make
    for one in made:
        one.close()


WAYS = {
    "in clear": ({}, {}, False),
    "over TLS": ({}, {"secured": True}, True),
    "active": ({}, {"passive": False}, False),
    "active, over TLS": ({}, {"passive": False, "secured": True}, True),
    "without a listing for machines": ({"without": MACHINE_LISTING}, {}, False),
    "without sizes": ({"without": ("SIZE",)}, {}, False),
    "not from the middle": ({"without": ("REST",)}, {}, False),
}


@pytest.mark.parametrize("way", WAYS)
def test_files_are_put_found_read_renamed_and_removed(way, folder, certificate):
    server, client, tls = WAYS[way]
    client = client | ({"certificate_file": str(certificate / "cert")} if tls else {})
    with (
        serving(folder, certificate=certificate if tls else None, **server) as site,
        at(replace(site, **client)) as folders,
    ):
        assert folders.names("/req") == []
        folders.write("/req/ps000001.tmp", [b"U\r\n", b"000001\r\n", b"\x00\xff" * BLOCK_BYTES])
        assert (folder / "req/ps000001.tmp").read_bytes() == b"U\r\n000001\r\n" + b"\x00\xff" * BLOCK_BYTES
        folders.write("/req/ps000001.tmp", iter([b"U\r\n", b"\n\r0"]))
        assert folders.names("/req") == ["ps000001.tmp"]
        folders.rename("/req/ps000001.tmp", "/req/ps000001.emm")
        assert os.listdir(folder / "req") == folders.names("/req") == ["ps000001.emm"]  # noqa: PTH208 (names)
        assert folders.size("/req/ps000001.emm") == 6
        assert [folders.read("/req/ps000001.emm", start) for start in (0, 3, 6, 7)] == [
            b"U\r\n\n\r0",
            b"\n\r0",
            b"",
            b"",
        ]
        folders.remove("/req/ps000001.emm")
        assert folders.names("/req") == []


def test_nothing_is_where_there_is_nothing(folder):
    with serving(folder) as site, at(site) as folders:
        assert (folders.size("/req/none"), folders.read("/req/none"), folders.read("/req/none", 5)) == (0, b"", b"")
        folders.remove("/req/none")
        with pytest.raises(FoldersError) as caught:
            folders.rename("/req/none", "/req/some")
        assert (caught.value.code, caught.value.refused) == ("NOT_FOUND", True)
        with pytest.raises(FoldersError) as caught:
            folders.names("/ok")
        assert (caught.value.code, caught.value.field, caught.value.refused) == ("NOT_FOUND", "home_directory", True)
        assert caught.value.description.startswith(f"127.0.0.1:{site.port} has no folder /ok (550 ")
        assert folders.names("/req") == []  # the connection goes on


def test_a_folder_in_a_folder_is_no_file(folder):
    (folder / "err/old").mkdir(parents=True)
    (folder / "err/errors.txt").touch()
    with serving(folder) as site, at(site) as folders:
        assert folders.names("/err") == ["errors.txt"]


def test_a_name_takes_the_place_of_another(folder):
    with serving(folder) as site, at(site) as folders:
        folders.write("/req/a", [b"new"])
        folders.write("/req/b", [b"old"])
        folders.rename("/req/a", "/req/b")
        assert (folders.names("/req"), folders.read("/req/b")) == (["b"], b"new")


@pytest.mark.parametrize("without", [(), MACHINE_LISTING])
def test_what_is_there_and_may_not_be_touched_is_not_taken_for_missing(without, folder):
    (folder / "req/a").touch()
    with serving(folder, perm="el", without=without) as site, at(site) as folders:
        for work in (
            lambda: folders.read("/req/a"),
            lambda: folders.read("/req/a", 1),
            lambda: folders.remove("/req/a"),
            lambda: folders.rename("/req/a", "/req/b"),
            lambda: folders.write("/req/a", [b"x"]),
        ):
            with pytest.raises(FoldersError) as caught:
                work()
            assert (caught.value.code, caught.value.refused) == ("REFUSED", True)
            assert "Not enough privileges" in caught.value.description
        assert folders.names("/req") == ["a"]


def listing(text):
    def lists(desk):
        with desk.data() as data:
            data.sendall(text)
        return "226 All of it"

    return lists


@pytest.mark.parametrize(
    ("listed", "names"), [(b"", []), (b"total 0\r\ndrwxr-xr-x 2 x x 4096 Jan 1 00:00 .\r\n", []), (b"-rw a\r\n", None)]
)
def test_who_says_that_an_empty_folder_has_no_such_file_is_asked_once_more(listed, names, desk):
    with at(desk(NLST="550 No such file", LIST=listing(listed)).site) as folders:
        if names is None:
            with pytest.raises(FoldersError, match=r"REFUSED.*does not list /req"):
                folders.names("/req")
        else:
            assert folders.names("/req") == names
    assert failing(desk(NLST="550 No", LIST="550 No").site, work=lambda f: f.names("/req")) == ("REFUSED", "", True)


def test_names_come_without_their_folder_and_unreadable_ones_stay_visible(desk):
    there = desk(NLST=listing(b"/req/ps000001.emm\r\nps000002.emm\n\xff.emm\r\n"))
    with at(there.site) as folders:
        assert folders.names("/req") == ["ps000001.emm", "ps000002.emm", r"\xff.emm"]


def test_names_are_written_in_the_providers_encoding(folder):
    (folder / "Köln").mkdir()
    with serving(folder, encoding="latin-1") as site:
        (folder / "K\udcf6ln").mkdir()  # what this system makes of the byte
        with at(replace(site, encoding="latin-1")) as folders:
            assert folders.names("/Köln") == []
        assert failing(site, work=lambda f: f.names("/Köln/x"))[0] == "NOT_FOUND"
        said = failing(replace(site, encoding="ascii"), work=lambda f: f.names("/Köln"))
        assert said == ("UNSENDABLE", "character_encoding", False)
        assert failing(replace(site, encoding="klingon")) == ("UNSENDABLE", "character_encoding", False)


def test_words_in_another_encoding_stay_readable(desk):
    there = desk(greeting=b"220 Gr\xfc\xdf dich\r\n", SIZE=b"553 Geh\xf6rt dir nicht\r\n", NLST=listing(b"a"))
    with at(there.site) as folders, pytest.raises(FoldersError, match=r"Geh\\xf6rt dir nicht"):
        folders.size("/req/a")


def test_nobody_is_there(desk):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    site = replace(desk().site, port=port)
    assert failing(site) == ("CONNECTION_REFUSED", "host_name, port", False)
    for host in ("nobody.invalid", "a..b", "a" * 64 + ".test"):
        assert failing(replace(site, host=host)) == ("HOST_UNKNOWN", "host_name", False)


def test_nobody_takes_the_connection(desk):
    with socket.socket() as listener, socket.socket() as one, socket.socket() as other:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for caller in (one, other):  # the queue of connections that nobody has accepted is full then
            caller.settimeout(0)
            caller.connect_ex(listener.getsockname())
        site = replace(desk().site, port=listener.getsockname()[1])
        assert failing(site, SOON) == ("CONNECT_TIMEOUT", "host_name, port", False)


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (Desk.hang, ("READ_TIMEOUT", "host_name, port", False)),
        ("", ("CONNECTION_LOST", "host_name, port", False)),
        ("HTTP/1.1 400 Bad Request", ("UNREADABLE_REPLY", "host_name, port", False)),
        ("220-" + "x" * 9000, ("UNREADABLE_REPLY", "host_name, port", False)),
        ("220-x\r\n" * 2000, ("UNREADABLE_REPLY", "host_name, port", False)),
        ("421 Too many connections", ("CONNECTION_LOST", "", False)),
        ("530 Not from there", ("REFUSED", "", True)),
    ],
)
def test_what_is_there_does_not_greet(greeting, said, desk):
    assert failing(desk(greeting=greeting).site, Timeouts(PATIENCE_S, 0.1 if callable(greeting) else 5)) == said


def test_nobody_is_let_in_by_a_wrong_name_or_password(folder, desk, certificate):
    refused = ("LOGIN_REFUSED", "user_name, password", True)
    with serving(folder) as site:
        assert failing(replace(site, password="wrong")) == refused
        assert failing(replace(site, user_name="nobody")) == refused
    with serving(folder, certificate=certificate) as site:
        assert failing(replace(site, password="wrong")) == refused
    assert failing(desk(PASS="332 And an account").site) == refused
    assert failing(desk(USER="530 Unknown", FEAT="211-Can\r\n UTF8\r\n211 End").site) == refused
    assert failing(replace(desk().site, user_name="a\r\nDELE x"))[0] == "UNSENDABLE"
    with at(desk(USER="230 In").site):  # one that wants no password
        pass


@pytest.mark.parametrize("password", [PASSWORD, "in"])
def test_a_server_that_repeats_the_password_is_not_repeated(password, desk):
    site = replace(desk(PASS=f"530 {password} is not your password, since inside " + "x" * 300).site, password=password)
    with pytest.raises(FoldersError) as caught, at(site):
        pass
    words = caught.value.description.partition("(")[2]
    assert words.startswith("530 *** is not your password, since inside ")
    assert len(words) < 210


def test_what_must_be_over_tls_says_so(folder, certificate):
    wanted = ("FTPS_WANTED", "ftps", True)
    with serving(folder, certificate=certificate, tls_control_required=True) as site:
        assert failing(site) == wanted
    trusted = str(certificate / "cert")
    with serving(folder, certificate=certificate, tls_data_required=True) as site:
        with at(site) as folders, pytest.raises(FoldersError, match=r"REFUSED.*SSL/TLS required on the data channel"):
            folders.names("/req")
        with at(replace(site, secured=True, certificate_file=trusted)) as folders:
            assert folders.names("/req") == []


@pytest.mark.parametrize("number", [521, 522, 534])
def test_who_has_tls_is_not_told_to_have_it(number, folder, desk, certificate):
    refusing = desk(STOR=f"{number} Data connections must be encrypted")
    assert failing(refusing.site, work=lambda f: f.write("/a", [])) == ("FTPS_WANTED", "ftps", True)

    class Refusing(TLS_FTPHandler):
        def ftp_STOR(self, _file, _mode="w"):  # noqa: N802 (pyftpdlib's)
            self.respond(f"{number} Another reason")

    with serving(folder, certificate=certificate, handler=Refusing) as site:
        known = replace(site, secured=True, certificate_file=str(certificate / "cert"))
        assert failing(known, work=lambda f: f.write("/a", [])) == ("REFUSED", "", True)


def test_what_has_no_tls_is_sent_no_password(folder, desk):
    with serving(folder) as site:
        assert failing(replace(site, secured=True)) == ("NO_FTPS", "ftps", True)
    there = desk(AUTH="530 Please log in with USER and PASS", PROT="536 Not that")
    assert failing(replace(there.site, secured=True)) == ("NO_FTPS", "ftps", True)
    assert there.said == ["AUTH TLS"]
    there = desk(AUTH=b"234 Go on\r\nThis is no TLS, and never was\r\n")
    assert failing(replace(there.site, secured=True)) == ("TLS_FAILED", "ftps", False)


def test_who_can_not_show_who_he_is_is_not_trusted(folder, certificate, tmp_path):
    with serving(folder, certificate=certificate) as site:
        assert failing(replace(site, secured=True)) == ("TLS_FAILED", "certificate_file", False)
        file = tmp_path / "none"
        known = replace(site, secured=True, certificate_file=str(file))
        assert failing(known) == ("TLS_FAILED", "certificate_file", False)
        file.write_text("no certificate")
        assert failing(known) == ("TLS_FAILED", "certificate_file", False)
        elsewhere = replace(known, certificate_file=str(certificate / "cert"), host="localhost")
        assert failing(elsewhere) == ("TLS_FAILED", "certificate_file", False)


def test_files_go_by_the_session_that_the_server_knows(folder, certificate, monkeypatch):
    reused, opened = [], Line.ntransfercmd

    def noting(*command):
        data, size = opened(*command)
        reused.append(data.session_reused)
        return data, size

    monkeypatch.setattr(Line, "ntransfercmd", noting)
    trusted = str(certificate / "cert")
    with (
        serving(folder, certificate=certificate) as site,
        at(replace(site, secured=True, certificate_file=trusted)) as folders,
    ):
        folders.write("/req/a", [b"x"])
        assert folders.read("/req/a") == b"x"
    assert reused == [True, True]


@pytest.mark.parametrize("tls", [False, True])
def test_the_memory_of_an_upload_is_that_of_a_block(tls, folder, certificate):
    trusted = str(certificate / "cert")
    with (
        serving(folder, certificate=certificate if tls else None) as site,
        at(replace(site, secured=tls, certificate_file=trusted)) as folders,
    ):
        gc.collect()
        tracemalloc.start()
        folders.write("/req/long", (b"0123456789\r\n" * 1000 for _ in range(1700)))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert folders.size("/req/long") == 12 * 1000 * 1700 > 20_000_000
    assert most < 3_000_000


def taking(size, then):
    """Take so many bytes of a file, then do this."""

    def takes(desk):
        with desk.data() as data:
            while size and data.recv(min(size, 1000), socket.MSG_WAITALL) == b"":
                pass
            return then(desk, data)

    return takes


def refusing(answer):
    def refuses(_desk, data):
        reset(data)
        return answer

    return refuses


def hanging_up(desk, data):
    reset(data)
    reset(desk.line)


def gone(_desk):
    """Hang up."""


MUCH = [b"x" * BLOCK_BYTES] * 200
BROKEN_UPLOADS = {
    "the disk is full at once": ("552 Full", ("DISK_FULL", "", True)),
    "the disk is full in between": (taking(1000, refusing("452 Full")), ("DISK_FULL", "", True)),
    "the server ends it": (taking(1000, refusing("426 Closed")), ("REFUSED", "", True)),
    "the bytes break off, and the server is content": (
        taking(1000, refusing("226 Fine")),
        ("CONNECTION_LOST", "", False),
    ),
    "it hangs up in between": (taking(1000, hanging_up), ("CONNECTION_LOST", "", False)),
    "it hangs up at the end": (gone, ("CONNECTION_LOST", "", False)),
    "it goes home": ("421 Closing down", ("CONNECTION_LOST", "", False)),
    "no connection for the bytes": ("425 Can't", ("NO_DATA_CHANNEL", "passive", True)),
    "an answer that is none": ("what?", ("UNREADABLE_REPLY", "", False)),
}


@pytest.mark.parametrize("case", BROKEN_UPLOADS)
def test_an_upload_breaks(case, desk):
    answer, said = BROKEN_UPLOADS[case]
    assert failing(desk(STOR=answer).site, work=lambda folders: folders.write("/req/a", MUCH)) == said


@pytest.mark.parametrize("takes", [taking(0, lambda desk, _data: desk.hang()), Desk.hang])
def test_a_server_that_hangs_is_left(takes, desk):
    there, patience = desk(STOR=takes, SIZE=Desk.hang), Timeouts(PATIENCE_S, 0.1)
    assert failing(there.site, patience, lambda folders: folders.write("/req/a", MUCH)) == ("READ_TIMEOUT", "", False)


def test_a_connection_that_is_lost_is_of_no_more_use(desk):
    there = desk(RNFR="350 To?", RNTO=gone)
    with at(there.site) as folders:
        for _ in range(2):
            with pytest.raises(FoldersError) as caught:
                folders.rename("/req/a", "/req/b")
            assert (caught.value.code, caught.value.refused) == ("CONNECTION_LOST", False)
    assert [said for said in there.said if said.startswith("RN")] == ["RNFR /req/a", "RNTO /req/b"]


def test_a_rename_that_is_refused_has_not_happened(desk):
    refused = desk(RNFR="350 To?", RNTO="553 There is one")
    assert failing(refused.site, work=lambda f: f.rename("/req/a", "/req/b")) == ("REFUSED", "", True)
    assert failing(desk(RNFR="200 Eh?").site, work=lambda f: f.rename("/req/a", "/req/b")) == ("REFUSED", "", True)


def test_no_way_for_the_bytes_is_told_from_a_connection_that_is_lost(desk):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    nowhere = desk(PASV=f"227 At (127,0,0,1,{port // 256},{port % 256})")
    assert failing(nowhere.site, work=lambda f: f.names("/req")) == ("NO_DATA_CHANNEL", "passive", False)
    never = desk(NLST="150 Soon")
    soon = Timeouts(0.1, PATIENCE_S)
    assert failing(replace(never.site, passive=False), soon, lambda f: f.names("/req")) == (
        "NO_DATA_CHANNEL",
        "passive",
        False,
    )
    assert failing(desk(PASV="227 Somewhere").site, work=lambda f: f.names("/req"))[0] == "UNREADABLE_REPLY"
    assert failing(desk(SIZE="213 much").site, work=lambda f: f.size("/req/a"))[0] == "UNREADABLE_REPLY"


def test_what_is_longer_than_anything_is_not_read_to_its_end(folder, monkeypatch):
    (folder / "req/a").write_bytes(b"x" * 2000)
    monkeypatch.setattr(ftp_folders, "LONGEST_FILE_BYTES", 1000)
    with serving(folder) as site:
        assert failing(site, work=lambda f: f.read("/req/a")) == ("TOO_LONG", "", False)
        with at(site) as folders:
            for code in ("TOO_LONG", "CONNECTION_LOST"):  # what is still on its way belongs to nobody
                with pytest.raises(FoldersError, match=code):
                    folders.read("/req/a")


def test_who_gives_the_bytes_may_fail_and_then_the_connection_is_over(folder):
    def failing_blocks():
        yield b"x" * BLOCK_BYTES
        raise ZeroDivisionError

    with serving(folder) as site, at(site) as folders:
        with pytest.raises(ZeroDivisionError):
            folders.write("/req/a", failing_blocks())
        with pytest.raises(FoldersError, match="CONNECTION_LOST"):
            folders.names("/req")


def test_hanging_up_waits_for_nobody_and_may_be_done_again(desk, monkeypatch):
    monkeypatch.setattr(ftp_folders, "FAREWELL_S", 0.05)
    gone, was_gone = threading.Event(), Queue()
    there = desk(QUIT=lambda _desk: was_gone.put(gone.wait(PATIENCE_S / 2)))
    folders = FtpTransport().connect(there.site, LONG)
    folders.close()
    folders.close()
    gone.set()
    assert was_gone.get(timeout=PATIENCE_S)  # while the server was still thinking of an answer
    assert there.said[-1] == "QUIT"


def test_a_server_over_ipv6_is_reached_and_named(folder):
    if not socket.has_ipv6:
        pytest.skip("This machine has no IPv6.")
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
    with serving(folder) as site, pytest.raises(FoldersError, match=rf"\[::1\]:{port} can't"):
        FtpTransport().connect(replace(site, host="::1", port=port), LONG)


@given(st.lists(st.binary(max_size=50) | st.integers(0, 200_000).map(bytes), max_size=8))
def test_blocks_are_evened_without_a_loss(blocks):
    evens = list(evened(blocks))
    assert b"".join(evens) == b"".join(blocks)
    assert [len(even) for even in evens[:-1]] == [BLOCK_BYTES] * max(len(evens) - 1, 0)
    assert all(evens)
