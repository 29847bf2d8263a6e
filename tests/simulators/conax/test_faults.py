"""Every kind of fault that FTP has, before Conax: a file is done whole or not at all, and sent again is done once."""

from contextlib import suppress

import pytest

from simulators.kit.faults import KINDS, Fault
from simulators.kit.ftp_in_process import FtpConnection
from tests.simulators.conax.files import CARDS, PRODUCT, golden

NAME = "ps000042.emm"
HELD = {card: [f"product {PRODUCT} until 2026-04-15"] for card in CARDS}
NEEDED = {
    "latency": {"delay_s": 1.0},
    "late_answer": {"delay_s": 60.0},
    "refuse": {"code": "ERR_CARDNUM", "detail": CARDS[1]},
}
ON_ENTRIES = "half_entry"  # what is accepted has no entry that it could hit
FTP = {kind: row.whens for kind, row in KINDS.items() if "ftp" in row.channels and kind != ON_ENTRIES}
FAULTS = [(kind, when) for kind, whens in FTP.items() for when in whens]


@pytest.fixture
def send(simulator):
    """Has a connection put the file; what goes wrong on the way is not its business."""

    def sent() -> None:
        with suppress(Exception):
            connection = FtpConnection(simulator, "headend", "headend", timeout_s=5.0)
            connection.write(f"/autreq/req/{NAME[:-4]}.tmp", [golden(NAME)])
            connection.rename(f"/autreq/req/{NAME[:-4]}.tmp", f"/autreq/req/{NAME}")

    return sent


@pytest.mark.parametrize(("kind", "when"), FAULTS)
def test_whatever_goes_wrong_once_the_file_is_done_once(send, folders, workspace, kind, when):
    workspace.faults.put(Fault("f", kind, when=when, times=1, **NEEDED.get(kind, {})))
    send()
    assert workspace.holdings() in ({}, HELD)
    assert "f" in [entry.fault for entry in workspace.journal.find()]
    send()
    assert workspace.holdings() == HELD
    assert [entry.effect for entry in workspace.journal.find()].count("applied") == 1
    workspace.clock.advance(60)
    assert folders.names("ok") == [NAME]


def test_half_a_file_is_refused_for_what_it_lacks(send, folders, workspace):
    workspace.faults.put(Fault("f", "half_a_file", times=1))
    send()
    assert folders.names("err") == ["errors.txt", NAME]
    assert folders.read("err/errors.txt").startswith(b"ps000042.emm:\r\nERR_")
    assert workspace.journal.violations()


@pytest.mark.parametrize(
    ("kind", "log"),
    [
        ("half_entry", b"ps000042.emm:\r"),
        ("foreign_entry", b"sc999999.emm:\r\nERR_PRODUCT 3\r\n".join([b"", b"ps000042.emm:\r\nERR_CAMODE 1\r\n", b""])),
    ],
)
def test_the_log_is_spoilt_as_the_fault_has_it(folders, workspace, kind, log):
    workspace.faults.put(Fault("f", kind, times=1))
    folders.put(NAME, b"")
    assert folders.read("err/errors.txt") == log


def test_the_operations_and_codes_of_conax_are_those_that_a_fault_may_name(workspace):
    workspace.faults.put(Fault("f", "refuse", operation="CREATE_PAIRING", code="ERR_NAME"))
    with pytest.raises(ValueError, match="RENEW_SUBSCRIPTIONS"):
        workspace.faults.put(Fault("g", "no_answer", operation="RENEW_SUBSCRIPTIONS"))
    with pytest.raises(ValueError, match="lost_reply"):
        workspace.faults.put(Fault("h", "lost_reply"))
