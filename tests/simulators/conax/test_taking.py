"""Files are taken at once, later or when it is told; express ones first; each is one entry of the journal."""

from datetime import timedelta

import pytest

from simulators.kit.faults import Fault
from simulators.kit.platform import Violation
from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile
from tests.simulators.conax.conftest import made, spring
from tests.simulators.conax.files import CARDS, NAMES, PRODUCT, changed, golden, subscription

CARD, TWO = CARDS
UNTIL_APRIL = f"product {PRODUCT} until 2026-04-15"
HELD = {CARD: [UNTIL_APRIL], TWO: [UNTIL_APRIL]}
NAME = "ps000042.emm"


def test_a_file_is_taken_at_once(folders, workspace):
    folders.put(NAME, golden(NAME))
    assert (folders.names("req"), folders.names("ok"), folders.names("err")) == ([], [NAME], [])
    assert workspace.holdings() == HELD


def test_a_file_is_taken_after_a_delay():
    folders = spring(made(delay_s=60.0))
    folders.put(NAME, golden(NAME))
    folders.workspace.clock.advance(59)
    assert folders.names("req") == [NAME]
    folders.workspace.clock.advance(1)
    assert folders.names("ok") == [NAME]


def test_files_are_taken_when_it_is_told_express_first_and_else_as_they_came():
    folders = spring(made(delay_s=None))
    for number, priority in (("000009", "U"), ("000002", "01"), ("000003", "U"), ("000001", "01")):
        folders.put(f"ps{number}.emm", subscription(number, CARD, priority=priority))
    folders.workspace.clock.advance(3600)
    assert folders.names("ok") == []
    assert folders.workspace.process() == 4
    taken = [entry.reference for entry in folders.workspace.journal.find()]
    assert taken == ["000002", "000001", "000009", "000003"]


@pytest.mark.parametrize("name", ["ps000042.tmp", "ps000042.txt", "emm", "errors.txt"])
def test_what_is_no_emm_file_is_ignored_for_ever(folders, workspace, name):
    workspace.tree.write(f"/autreq/req/{name}", golden(NAME), workspace.clock.now())
    workspace.clock.advance(1_000_000)
    assert workspace.process() == 0
    assert folders.names("req") == [name]


def test_errors_are_added_to_one_log(folders, workspace):
    folders.put(NAME, changed(NAME, 5, "0"))
    folders.put(NAME, changed(NAME, 1, "0"))
    folders.put("hello.emm", b"")
    assert folders.read("err/errors.txt") == (
        b"ps000042.emm:\r\nERR_DATES 5\r\nps000042.emm:\r\nERR_CAMODE 1\r\nhello.emm:\r\nERR_NAME 0\r\n"
    )
    assert folders.names("err") == ["errors.txt", "hello.emm", NAME]
    assert workspace.holdings() == {}


def test_the_journal_tells_of_a_file(folders, workspace):
    folders.put(NAME, golden(NAME))
    [entry] = workspace.journal.find()
    assert (entry.channel, entry.operation, entry.subject) == ("ftp", "ADD_SUBSCRIPTIONS", "")
    assert (entry.path, entry.request) == (f"/autreq/req/{NAME}", golden(NAME).decode())
    assert (entry.effect, entry.code, entry.violations) == ("applied", None, ())
    assert entry.difference == [f"+{CARD}: {UNTIL_APRIL}", f"+{TWO}: {UNTIL_APRIL}"]
    assert entry.response.startswith("/autreq/ok/ps000042.emm")


def test_the_journal_tells_of_a_breach_and_where_it_is(folders, workspace):
    folders.put(NAME, changed(NAME, 5, "0"))
    folders.put("ps000001.emm", subscription("000001", TWO, CARD))
    refused, untidy = workspace.journal.find()
    assert (refused.effect, refused.code, refused.difference) == ("rejected", "ERR_DATES", [])
    assert refused.violations == (Violation("line 5", "it must be a date, YYYYMMDDhhmm"),)
    assert (untidy.effect, [violation.path for violation in untidy.violations]) == ("applied", ["line 11"])


def test_a_refusal_for_what_nobody_sells_is_no_breach(folders, workspace):
    folders.put("ps000001.emm", subscription("000001", CARD, product="99999999"))
    [entry] = workspace.journal.find()
    assert (entry.code, entry.violations) == ("ERR_PRODUCT", ())


def test_a_fault_of_a_cards_hits_files_about_that_card_alone(folders, workspace):
    workspace.faults.put(Fault("f", "refuse", code="ERR_CARDNUM", subject=CARD))
    for number, cards in (("000001", CARDS), ("000002", [TWO]), ("000003", [CARD])):
        folders.put(f"ps{number}.emm", subscription(number, *cards))
    assert [entry.code for entry in workspace.journal.find()] == [None, None, "ERR_CARDNUM"]
    assert folders.read("err/errors.txt") == b"ps000003.emm:\r\nERR_CARDNUM 10\r\n"


def test_a_refusal_on_order_can_name_one_of_many_cards(folders, workspace):
    workspace.faults.put(Fault("f", "refuse", code="ERR_CARDNUM", detail=TWO))
    folders.put(NAME, golden(NAME))
    assert folders.read("err/errors.txt") == b"ps000042.emm:\r\nERR_CARDNUM 11\r\n"


def test_a_right_ends_when_the_clock_is_moved(folders, workspace):
    folders.put(NAME, golden(NAME))
    workspace.clock.advance(31 * 24 * 3600 + 5 * 3600 + 29 * 60)
    assert workspace.clock.now().isoformat() == "2026-04-15T23:59:00+00:00"
    assert workspace.holdings() == {}


def test_snapshots_hold_the_files_too(folders, workspace):
    folders.put(NAME, golden(NAME))
    workspace.snapshot("s")
    folders.put("cs000001.emm", subscription("000001", CARD))
    workspace.restore("s")
    assert (workspace.holdings(), folders.names("ok")) == (HELD, [NAME])


def test_a_reset_leaves_empty_folders(folders, workspace):
    folders.put(NAME, golden(NAME))
    workspace.reset()
    assert (workspace.holdings(), folders.names("ok")) == ({}, [])


def test_a_state_file_keeps_memory_and_files(tmp_path, simulator, folders):
    for name in NAMES:
        folders.put(name, golden(name))
    StateFile(tmp_path / "state", {"conax": simulator}).save()
    again = made()
    StateFile(tmp_path / "state", {"conax": again}).load()
    again.workspace().clock.freeze(folders.workspace.clock.now())
    assert again.workspace().memory() == simulator.workspace().memory()
    assert again.workspace().holdings() == simulator.workspace().holdings()


def test_a_file_of_20_000_cards_is_one_bounded_entry(folders, workspace):
    cards = [f"{number:011}" for number in range(1, 20_001)]
    folders.put("ps000001.emm", subscription("000001", *cards))
    [entry] = workspace.journal.find()
    assert (len(entry.parameters["cards"]), len(entry.difference)) == (101, 101)
    assert entry.difference[-1] == "… and 19,900 more"
    assert len(workspace.holdings()) == 20_000
    workspace.clock.advance(timedelta(days=1).total_seconds())
    folders.put("cs000002.emm", subscription("000002", *cards, start="202603160000"))
    assert workspace.journal.find()[-1].effect == "applied"
    assert workspace.holdings() == {}


def test_workspaces_have_folders_of_their_own(simulator: Simulator, folders):
    folders.put(NAME, golden(NAME))
    assert simulator.workspace("other").tree.names("/autreq/ok") == []
