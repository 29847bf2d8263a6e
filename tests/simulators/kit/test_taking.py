"""Files are taken when they are due, in the platform's order, and their answers come as the faults have it."""

import ftplib
import threading
from contextlib import suppress
from functools import partial

import pytest

from simulators.kit.entry import Criteria
from simulators.kit.faults import KINDS, Fault, FaultError
from simulators.kit.ftp_in_process import WITHOUT_FTP_LINE, FtpConnection
from simulators.kit.ftp_line import ON_FTP_LINE
from simulators.kit.handover import HANDED_OVER
from tests.simulators.conftest import NEW_YEAR
from tests.simulators.kit.conftest import LETTER, send
from tests.simulators.kit.letters import LOG

ENTRY = "a.emm:\r\nUNKNOWN 1\r\n"
FOREIGN = "other.emm:\r\nUNKNOWN 1\r\n"
WRONG = b"GIVE BOB tea"


@pytest.fixture
def ada(post):
    return FtpConnection(post, "ada", "secret")


def log(office) -> str:
    return office.tree.read(LOG).decode() if office.tree.is_file(LOG) else ""


def test_a_file_is_taken_at_once_when_it_has_its_name_and_not_before(office, ada):
    ada.write("/in/a.tmp", [LETTER])
    assert (ada.names("/in"), office.holdings(), office.journal.find()) == (["a.tmp"], {}, [])
    ada.rename("/in/a.tmp", "/in/a.emm")
    assert (ada.names("/in"), ada.names("/ok"), office.holdings()) == ([], ["a.emm"], {"bob": ["tea"]})
    [entry] = office.journal.find()
    told = (entry.channel, entry.operation, entry.subject, entry.parameters, entry.path, entry.request, entry.response)
    assert told == ("ftp", "GIVE", "bob", {"thing": "tea"}, "/in/a.emm", LETTER.decode(), "/ok/a.emm\n")
    assert (entry.outcome, entry.effect, entry.difference, entry.transfer) == ("answered", "applied", ["+tea"], False)


def test_a_file_that_is_refused_is_answered_in_two_places(office, ada):
    send(ada, content=WRONG)
    assert (ada.names("/in"), ada.names("/err"), office.holdings()) == ([], ["a.emm", "errors.txt"], {})
    send(ada, "b", WRONG)
    assert log(office) == ENTRY + ENTRY.replace("a.emm", "b.emm")
    entries = office.journal.find(Criteria(effect="rejected"))
    assert [entry.code for entry in entries] == ["UNKNOWN", "UNKNOWN"]
    assert entries[0].response == f"/err/a.emm\n{ENTRY}"


def test_a_file_that_comes_under_its_last_name_is_not_taken_before_it_is_whole(office, ada):
    upload = ada.visit.upload("/in/a.emm")
    upload.write(LETTER[:6])
    office.settle()
    assert (ada.names("/in"), ada.read("/in/a.emm")) == (["a.emm"], LETTER[:6])
    upload.write(LETTER[6:])
    upload.close()
    assert office.holdings() == {"bob": ["tea"]}


def test_who_writes_on_after_somebody_took_their_place_writes_nowhere(office, ada):
    upload = ada.visit.upload("/in/a.tmp")
    upload.write(b"first")
    ada.write("/in/a.tmp", [b"second"])
    upload.write(b"first again")
    upload.close()
    assert ada.read("/in/a.tmp") == b"second"


def test_a_reset_takes_the_files_along(office, ada):
    send(ada, content=WRONG)
    office.reset()
    assert (ada.names("/err"), ada.names("/in"), office.journal.find()) == ([], [], [])


def test_a_file_that_is_put_into_the_memory_is_taken_like_any_other(office):
    office.amend_memory({"tree": {"files": {"/in/a.emm": {"text": LETTER.decode()}}}})
    assert office.holdings() == {"bob": ["tea"]}


def test_many_who_rename_at_once_leave_a_state_that_some_order_leaves(office, post):
    def one(number: int) -> None:
        connection = FtpConnection(post, "ada", "secret")
        for turn in range(10):
            send(connection, f"{number}-{turn}", f"GIVE {'bob' if turn % 2 else 'eve'} {number}-{turn}".encode())

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = office.journal.find()
    assert [entry.seq for entry in entries] == list(range(1, 81))
    assert {entry.effect for entry in entries} == {"applied"}
    assert office.state.held["bob"] == [e.parameters["thing"] for e in entries if e.subject == "bob"]


# fmt: off
SPOILT = [
    # kind            fields                    file    holds            ok     err    log
    ("no_answer",     {},                       LETTER, {"bob": ["tea"]}, False, False, ""),
    ("no_answer",     {"when": "before_effect"}, LETTER, {},              False, False, ""),
    ("no_answer",     {},                       WRONG,  {},              False, False, ""),
    ("foreign_entry", {},                       LETTER, {"bob": ["tea"]}, True,  False, FOREIGN * 2),
    ("foreign_entry", {},                       WRONG,  {},              False, True,  FOREIGN + ENTRY + FOREIGN),
    ("foreign_entry", {"detail": "x\r\n"},      WRONG,  {},              False, True,  "x\r\n" + ENTRY + "x\r\n"),
    ("half_entry",    {},                       WRONG,  {},              False, True,  "a.emm:\r\nU"),
    ("half_entry",    {"size_bytes": 8},        WRONG,  {},              False, True,  "a.emm:\r\n"),
    ("refuse",        {"code": "UNREADABLE"},   LETTER, {},              False, True,  "a.emm:\r\nUNREADABLE 1\r\n"),
]
# fmt: on


@pytest.mark.parametrize(("kind", "fields", "content", "holds", "ok", "err", "logged"), SPOILT)
def test_a_fault_spoils_one_answer_and_the_file_is_gone(office, ada, kind, fields, content, holds, ok, err, logged):
    office.faults.put(Fault("f", kind, times=1, subject=content.decode().split()[1], **fields))
    send(ada, content=content)
    assert office.holdings() == holds
    found = (ada.names("/in"), "a.emm" in ada.names("/ok"), "a.emm" in ada.names("/err"), log(office))
    assert found == ([], ok, err, logged)
    [entry] = office.journal.find()
    assert (entry.fault, entry.outcome, entry.operation) == ("f", KINDS[kind].outcome, "GIVE")
    send(ada, "again", content)
    assert ada.names("/in") == []
    assert office.journal.find()[-1].fault is None


def test_a_late_answer_comes_when_its_time_comes(office, ada):
    office.clock.freeze(NEW_YEAR)
    office.faults.put(Fault("f", "late_answer", delay_s=60.0))
    send(ada, content=WRONG)
    assert (ada.names("/in"), ada.names("/err"), log(office)) == ([], [], "")
    office.clock.advance(59)
    assert ada.names("/err") == []
    office.clock.advance(1)
    assert (ada.names("/err"), log(office)) == (["a.emm", "errors.txt"], ENTRY)
    assert office.journal.find()[0].added_delay_s == 60.0


def test_the_rest_of_half_an_entry_may_come_later(office, ada):
    office.clock.freeze(NEW_YEAR)
    office.faults.put(Fault("f", "half_entry", delay_s=60.0))
    send(ada, content=WRONG)
    assert log(office) == ENTRY[: len(ENTRY) // 2]
    office.clock.advance(60)
    assert log(office) == ENTRY


def test_half_an_entry_waits_for_a_file_that_has_one(office, ada):
    office.faults.put(Fault("f", "half_entry", times=1))
    send(ada)
    send(ada, "b", WRONG)
    assert [entry.fault for entry in office.journal.find()] == [None, "f"]


def test_an_answer_that_comes_twice_is_back_once(office, ada):
    office.faults.put(Fault("f", "answer_twice", times=1))
    send(ada)
    for left in (["a.emm"], []):
        ada.remove("/ok/a.emm")
        assert ada.names("/ok") == left


@pytest.mark.parametrize(("content", "path"), [(LETTER, "/ok/a.emm"), (WRONG, LOG)])
def test_a_garbled_answer_can_not_be_read(office, ada, content, path):
    office.faults.put(Fault("f", "garbled"))
    send(ada, content=content)
    with pytest.raises(UnicodeDecodeError):
        ada.read(path).decode()
    if content == WRONG:
        assert ada.read("/err/a.emm") == WRONG


def test_faults_choose_by_operation_subject_and_number(office, ada):
    office.faults.put(Fault("f", "no_answer", operation="GIVE", subject="eve", succeed_first=1, times=1))
    for number, holder in enumerate(("eve", "bob", "eve", "eve")):
        send(ada, str(number), f"GIVE {holder} {number}".encode())
    assert ada.names("/ok") == ["0.emm", "1.emm", "3.emm"]


def test_a_verification_sees_files_and_of_the_line_only_what_it_names(office, ada):
    office.faults.put(Fault("f", "disk_full", times=1))
    office.faults.put(Fault("g", "rename_refused", times=1))
    for _ in range(3):
        with suppress(ftplib.Error):
            send(ada)
    steps = [(entry.operation, entry.outcome) for entry in office.journal.find()]
    assert steps == [("UPLOAD", "partial"), ("RENAME", "refused"), ("GIVE", "answered")]
    verify = partial(office.verify, "exact")
    assert verify([{"operation": "GIVE"}]).passed
    assert verify([{"operation": "UPLOAD"}, {"operation": "GIVE"}]).passed
    assert not verify([{"operation": "LOGIN"}, {"operation": "GIVE"}]).passed
    assert verify([], criteria=Criteria(operation="GIVE", since_seq=4)).passed
    assert not verify([], criteria=Criteria(operation="RENAME")).passed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "lost_reply"}, "letters speaks ftp, where there is no lost_reply; there are outage, hang"),
        ({"kind": "rename_lost", "operation": "GIVE"}, "letters has no operation 'GIVE'; there are RENAME"),
        ({"kind": "latency", "delay_s": 1.0, "operation": "GIVE"}, "no operation 'GIVE'; there are LOGIN, LIST"),
        ({"kind": "no_answer", "operation": "RENAME"}, "no operation 'RENAME'; there are GIVE, UNREADABLE"),
    ],
)
def test_a_fault_is_refused_where_it_can_not_be(office, fields, said):
    with pytest.raises(FaultError, match=said):
        office.faults.put(Fault("f", **fields))


def test_a_platform_that_takes_calls_has_no_faults_of_files(workspace):
    with pytest.raises(FaultError, match="tucano speaks http, where there is no disk_full; there are outage, lost_"):
        workspace.faults.put(Fault("f", "disk_full"))
    with pytest.raises(ValueError, match="tucano takes calls"):
        workspace.process()


def test_every_kind_of_fault_over_ftp_is_carried_out_somewhere():
    kinds = {kind: row for kind, row in KINDS.items() if "ftp" in row.channels}
    assert {kind for kind, row in kinds.items() if row.steps} == set(ON_FTP_LINE) == set(WITHOUT_FTP_LINE)
    assert {kind for kind, row in kinds.items() if not row.steps} - {"outage"} == set(HANDED_OVER) - {None}
