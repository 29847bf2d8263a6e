"""Every fault of FTP's line, without sockets and with them: the same exceptions, the same files, the same journal."""

import ftplib
import threading

import pytest

from simulators.kit.faults import Fault
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.kit.conftest import LETTER, send

LONG = LETTER + b" " * 500
AFTER = "after_effect"
GONE = (EOFError, ConnectionResetError, BrokenPipeError)
NO_NEVER, NOT_NOW = ftplib.error_perm, ftplib.error_temp
RESET = (ConnectionResetError, BrokenPipeError)

# fmt: off
BREAKS = [
    # kind             fields                                     raised        step      outcome      left in /in
    ("login_refused",  {},                                        NO_NEVER,     "LOGIN",  "refused",   []),
    ("hang",           {"operation": "LOGIN"},                    TimeoutError, "LOGIN",  "timed_out", []),
    ("reset",          {"operation": "LOGIN", "when": AFTER},     RESET,        "LOGIN",  "reset",     []),
    ("upload_dropped", {},                                        GONE,         "UPLOAD", "partial",   [64]),
    ("upload_dropped", {"size_bytes": 9},                         GONE,         "UPLOAD", "partial",   [9]),
    ("upload_dropped", {"size_bytes": 9999},                      GONE,         "UPLOAD", "partial",   [len(LONG)]),
    ("disk_full",      {"size_bytes": 9},                         NOT_NOW,      "UPLOAD", "partial",   [9]),
    ("disk_full",      {"size_bytes": 9999},                      NOT_NOW,      "UPLOAD", "partial",   [len(LONG)]),
    ("hang",           {"operation": "UPLOAD"},                   TimeoutError, "UPLOAD", "timed_out", []),
    ("hang",           {"operation": "UPLOAD", "when": AFTER},    TimeoutError, "UPLOAD", "timed_out", [len(LONG)]),
    ("reset",          {"operation": "UPLOAD"},                   RESET,        "UPLOAD", "reset",     []),
    ("reset",          {"operation": "UPLOAD", "when": AFTER},    RESET,        "UPLOAD", "reset",     [len(LONG)]),
    ("rename_refused", {},                                        NO_NEVER,     "RENAME", "refused",   [len(LONG)]),
    ("rename_lost",    {},                                        GONE,         "RENAME", "lost",      []),
    ("hang",           {"operation": "RENAME"},                   TimeoutError, "RENAME", "timed_out", [len(LONG)]),
    ("hang",           {"operation": "RENAME", "when": AFTER},    TimeoutError, "RENAME", "timed_out", []),
    ("latency",        {"operation": "RENAME", "delay_s": 9.0},   TimeoutError, "RENAME", "answered",  []),
    ("reset",          {"operation": "RENAME"},                   RESET,        "RENAME", "reset",     [len(LONG)]),
]
# fmt: on


def lengths(office) -> list[int]:
    return [len(office.tree.read(path)) for path in office.tree.files("/in")]


@pytest.mark.parametrize(("kind", "fields", "raised", "step", "outcome", "left"), BREAKS)
def test_a_fault_breaks_one_step(any_connect, office, kind, fields, raised, step, outcome, left):
    office.faults.put(Fault("f", kind, times=1, **fields))
    with pytest.raises(raised):
        send(any_connect(timeout_s=0.3), content=LONG)
    entry = office.journal.find()[0]
    late = "timed_out" if kind == "latency" and entry.outcome != outcome else outcome
    assert (entry.fault, entry.operation, entry.outcome, entry.effect, entry.transfer) == (
        "f",
        step,
        late,
        "none",
        True,
    )
    renamed = (step, left) == ("RENAME", [])
    assert (lengths(office), bool(office.holdings())) == (left, renamed)
    assert len(office.journal.find()) == 1 + renamed
    office.faults.clear()
    send(any_connect(), "again", LONG)
    assert office.holdings() == {"bob": ["tea"]}


def test_after_a_refusal_the_same_line_goes_on(any_connect, office):
    connection = any_connect()
    office.faults.put(Fault("full", "disk_full", times=1))
    office.faults.put(Fault("kept", "rename_refused", times=1))
    with pytest.raises(ftplib.error_temp, match="452"):
        connection.write("/in/a.tmp", [LONG])
    connection.write("/in/a.tmp", [LONG])
    with pytest.raises(ftplib.error_perm, match="550"):
        connection.rename("/in/a.tmp", "/in/a.emm")
    connection.rename("/in/a.tmp", "/in/a.emm")
    assert office.holdings() == {"bob": ["tea"]}


@pytest.mark.parametrize(("fields", "kept"), [({}, len(LONG) // 2), ({"size_bytes": 7}, 7)])
def test_half_a_file_is_taken_for_a_whole_one(any_connect, office, fields, kept):
    office.faults.put(Fault("f", "half_a_file", times=1, **fields))
    connection = any_connect()
    connection.write("/in/a.tmp", [LONG])
    assert connection.size("/in/a.tmp") == kept
    assert connection.read("/in/a.tmp") == LONG[:kept]


def test_latency_lets_virtual_time_pass_where_it_stands(any_connect, office):
    office.clock.freeze(NEW_YEAR)
    connection = any_connect()
    office.faults.put(Fault("f", "latency", operation="LIST", delay_s=0.05, times=2))
    assert connection.names("/in") == connection.names("/in") == []
    assert (office.clock.now() - NEW_YEAR).total_seconds() == pytest.approx(0.1)
    assert [entry.added_delay_s for entry in office.journal.find()] == [0.05, 0.05]


def test_an_outage_refuses_connections_and_cuts_the_open_ones(any_connect, office):
    connection = any_connect()
    with office.down():
        with pytest.raises(GONE):
            connection.names("/in")
        with pytest.raises(ConnectionRefusedError):
            any_connect()
    assert any_connect().names("/in") == []
    assert office.journal.find() == []


def test_who_is_not_let_in_is_written_down_and_who_is_nobody_is_not(any_connect, office):
    for user, password in (("ada", "wrong"), ("eve", "secret"), ("ada@a b", "secret")):
        with pytest.raises(ftplib.error_perm, match="530"):
            any_connect(user, password)
    [entry] = office.journal.find()
    assert (entry.operation, entry.subject, entry.outcome, entry.fault) == ("LOGIN", "ada", "refused", None)


def test_a_user_names_the_workspace_they_come_to(any_connect, post, office):
    send(any_connect("ada@team.a"))
    assert (office.holdings(), post.workspace("team.a").holdings()) == ({}, {"bob": ["tea"]})
    with post.workspace("team.a").down():
        assert any_connect().names("/ok") == []
        with pytest.raises((EOFError, ConnectionRefusedError)):  # the port is another workspace's
            any_connect("ada@team.a")


# fmt: off
REFUSED = [
    (lambda ftp: ftp.names("/nowhere"),              "550"),
    (lambda ftp: ftp.read("/in/b"),                  "550"),
    (lambda ftp: ftp.size("/in/b"),                  "550"),
    (lambda ftp: ftp.remove("/in/b"),                "550"),
    (lambda ftp: ftp.rename("/in/b", "/in/c"),       "550"),
    (lambda ftp: ftp.rename("/in/a", "/nowhere/a"),  "550"),
    (lambda ftp: ftp.write("/nowhere/a", [LETTER]),  "550"),
    (lambda ftp: ftp.write("/in", [LETTER]),         "550"),
    (lambda ftp: ftp.write("/in/b", [bytes(9 << 20)]), "552"),
]
# fmt: on


@pytest.mark.parametrize(("what", "code"), REFUSED)
def test_what_can_not_be_is_refused_and_the_line_goes_on(any_connect, what, code):
    connection = any_connect()
    connection.write("/in/a", [LETTER])
    with pytest.raises(ftplib.error_perm, match=code):
        what(connection)
    assert connection.read("/in/a", 5) == LETTER[5:]
    assert connection.size("/in/a") == len(LETTER)


def test_a_fault_that_is_taken_away_lets_go_the_lines_that_it_held(connect, office):
    office.faults.put(Fault("f", "hang", operation="LIST"))
    connection = connect()
    raised = []

    def look() -> None:
        try:
            connection.names("/in")
        except EOFError as error:
            raised.append(error)

    looking = threading.Thread(target=look)
    looking.start()
    assert office.journal.wait_for(within_s=5)
    office.faults.clear()
    looking.join(5)
    assert len(raised) == 1


def test_what_is_said_while_a_line_does_not_hear_is_heard_afterwards(connect, office):
    ftp = connect().ftp
    office.faults.put(Fault("f", "latency", operation="DELETE", delay_s=0.1, times=1))
    ftp.sock.sendall(b"DELE /in/a\r\nPWD\r\n")
    assert [ftp.getline()[:3], ftp.getline()[:3]] == ["550", "257"]


def test_who_hangs_up_before_a_late_answer_is_written_down(connect, office):
    ftp = connect().ftp
    office.faults.put(Fault("f", "latency", operation="DELETE", delay_s=60.0, times=1))
    ftp.sock.sendall(b"DELE /in/a\r\n")
    assert office.journal.wait_for(within_s=5)
    ftp.close()
    assert office.journal.wait_until(lambda: office.journal.find()[0].outcome == "timed_out", 5)
