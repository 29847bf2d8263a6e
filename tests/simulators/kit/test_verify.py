"""Was exactly this received, and nothing else? The report is the product: its text is held to the letter."""

import threading

import pytest

from simulators.kit.entry import Criteria
from simulators.kit.journal import Journal
from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Surroundings
from simulators.tucano.app import tucano


def step(operation: str, **parameters) -> dict:
    return {"operation": operation, "parameters": parameters} if parameters else {"operation": operation}


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.fixture
def swapped(caller, workspace):
    """An account whose options are swapped, as if from sequence number 1."""
    workspace.seed({"options": ["Entertain", "Geological", "Religion"]})
    caller.create()
    caller.suspend("Entertain", "Geological")
    caller.activate("Religion")
    return workspace


SWAP = [step("SUSPEND_OPTIONS", options=["Geological", "Entertain"]), step("ACTIVATE_OPTIONS", options=["Religion"])]
SINCE_2 = Criteria(since_seq=2)


def test_a_sequence_received_exactly_is_confirmed_and_the_order_within_a_set_means_nothing(swapped):
    answer = swapped.verify("exact", SWAP, criteria=SINCE_2)
    assert answer.passed
    assert answer.report == "tucano received exactly these 2 requests (workspace default, seq 2..3)."


DIFFERENT = """\
tucano did not receive exactly these 2 requests (workspace default, seq 2..3):
    expected                              received
  1 SUSPEND_OPTIONS  {Entertain}          #2 SUSPEND_OPTIONS  {Entertain, Geological}   options: Geological too many
  2 ACTIVATE_OPTIONS {Religion}           #3 ACTIVATE_OPTIONS {Religion}                ok
1 of 2 as expected, 1 differs."""


def test_a_difference_is_named_beside_the_requests_it_is_between(swapped):
    answer = swapped.verify("exact", [step("SUSPEND_OPTIONS", options=["Entertain"]), SWAP[1]], criteria=SINCE_2)
    assert not answer.passed
    assert lines(answer.report) == lines(DIFFERENT)


MISSING = """\
tucano did not receive exactly these 2 requests (workspace default, seq 1..3):
    expected                                   received
  1 ADD_MATERIAL     {material=STB-1}          -                                                 missing
    -                                          #1 CREATE_ACCOUNT   {subscriber=S1}               not expected
  2 SUSPEND_OPTIONS  {Entertain, Geological}   #2 SUSPEND_OPTIONS  {Entertain, Geological}       ok
    -                                          #3 ACTIVATE_OPTIONS {account=T100001, Religion}   not expected
1 of 2 as expected, 1 missing, 2 not expected."""


def test_what_is_missing_and_what_was_not_expected_have_rows_of_their_own(swapped):
    answer = swapped.verify("exact", [step("ADD_MATERIAL", material="STB-1"), SWAP[0]])
    assert lines(answer.report) == lines(MISSING)


IN_ANY_ORDER = """\
tucano did not receive exactly these 2 requests, in any order (workspace default, seq 1..3):
    expected                              received
  1 ACTIVATE_OPTIONS {Religion}           #3 ACTIVATE_OPTIONS {Religion}                ok
  2 SUSPEND_OPTIONS  {Entertain}          #2 SUSPEND_OPTIONS  {Entertain, Geological}   options: Geological too many
    -                                     #1 CREATE_ACCOUNT   {subscriber=S1}           not expected
1 of 2 as expected, 1 differs, 1 not expected."""


def test_in_any_order_forgives_the_order_and_nothing_else(swapped):
    assert swapped.verify("in_any_order", SWAP[::-1], criteria=SINCE_2).passed
    answer = swapped.verify("in_any_order", [SWAP[1], step("SUSPEND_OPTIONS", options=["Entertain"])])
    assert lines(answer.report) == lines(IN_ANY_ORDER)


def test_at_least_allows_others_between_but_keeps_the_order(swapped):
    created, activated = step("CREATE_ACCOUNT"), step("ACTIVATE_OPTIONS")
    assert swapped.verify("at_least", [created, activated]).passed
    answer = swapped.verify("at_least", [activated, created])
    assert lines(answer.report) == [
        "tucano did not receive at least these 2 requests, in this order (workspace default, seq 1..3):",
        "    expected                              received",
        "  1 ACTIVATE_OPTIONS                      -                   missing",
        "  2 CREATE_ACCOUNT                        #1 CREATE_ACCOUNT   ok",
        "1 of 2 as expected, 1 missing.",
    ]


def test_none_is_about_what_must_not_come(swapped):
    assert swapped.verify("none", [step("REMOVE_MATERIAL")]).report == (
        "tucano received none of this 1 request (workspace default, seq 1..3)."
    )
    answer = swapped.verify("none", [step("CREATE_ACCOUNT", subscriber="S1"), step("REMOVE_MATERIAL")])
    assert lines(answer.report) == [
        "tucano received what it should not have (workspace default, seq 1..3):",
        "    expected                              received",
        "    -                                     #1 CREATE_ACCOUNT {subscriber=S1}   not expected",
        "1 not expected.",
    ]


def test_none_of_nothing_named_means_nothing_at_all(workspace, caller):
    assert workspace.verify("none", []).passed
    caller.create()
    assert not workspace.verify("none", []).passed


def test_where_nothing_was_received_the_report_says_so(workspace):
    assert lines(workspace.verify("exact", [step("GET_ACCOUNT")]).report) == [
        "tucano did not receive exactly this 1 request (workspace default, nothing received):",
        "    expected                              received",
        "  1 GET_ACCOUNT                           -          missing",
        "0 of 1 as expected, 1 missing.",
    ]
    assert workspace.verify("exact", []).passed


# fmt: off
DIFFERENCES = [
    # expected                                said
    ({"options": ["OPT_RELIGION"]},           "options: OPT_PPV too many"),
    ({"options": ["OPT_X", "OPT_PPV"]},       "options: OPT_X missing, OPT_RELIGION too many"),
    ({"options": []},                         "options: OPT_PPV, OPT_RELIGION too many"),
    ({"account": "T9"},                       "account: T100001 instead of T9"),
    ({"material": "STB-1"},                   "material missing"),
    ({"account": "T9", "options": ["OPT_PPV", "OPT_RELIGION", "OPT_X"]},
                                              "account: T100001 instead of T9; options: OPT_X missing"),
]
# fmt: on


@pytest.mark.parametrize(("expected", "said"), DIFFERENCES)
def test_every_difference_is_said_in_words(caller, workspace, expected, said):
    caller.create()
    caller.activate("OPT_RELIGION", "OPT_PPV")
    answer = workspace.verify("exact", [step("ACTIVATE_OPTIONS", **expected)], criteria=SINCE_2)
    assert answer.rows[0].verdict == said


def test_only_a_passed_comparison_marks_what_it_named_as_verified(caller, workspace):
    caller.create()
    caller.show("T9")
    wrong = [step("CREATE_ACCOUNT"), step("GET_ACCOUNT", account="T8")]
    assert not workspace.verify("exact", wrong).passed
    assert [entry.operation for entry in workspace.journal.unverified_refusals()] == ["GET_ACCOUNT"]
    assert workspace.verify("at_least", [step("GET_ACCOUNT", account="T9")]).passed
    assert workspace.journal.unverified_refusals() == []
    assert [entry.verified for entry in workspace.journal.find()] == [False, True]


def test_a_comparison_waits_for_what_is_still_to_come(caller, workspace):
    later = threading.Timer(0.05, caller.create)
    later.start()
    assert workspace.verify("exact", [step("CREATE_ACCOUNT")], within_s=5).passed
    later.join()


def test_none_watches_for_the_whole_time(caller, workspace):
    later = threading.Timer(0.05, caller.create)
    later.start()
    assert not workspace.verify("none", [step("CREATE_ACCOUNT")], within_s=5).passed
    later.join()
    assert workspace.verify("none", [step("GET_ACCOUNT")], within_s=0.01).passed


def test_a_mode_nobody_knows_is_refused(workspace):
    with pytest.raises(ValueError, match="there is no mode 'roughly'; there are exact, in_any_order, at_least, none"):
        workspace.verify("roughly", [])


def test_a_journal_that_lost_entries_says_that_the_comparison_lacks_them():
    workspace = Simulator(tucano(options=[]), Surroundings(journal_entries=1)).workspace()
    assert isinstance(workspace.journal, Journal)
    workspace.journal.truncated = 3
    assert workspace.verify("exact", []).report.endswith("its 3 oldest entries are gone and were not compared.")


def test_a_long_report_is_cut(workspace):
    answer = workspace.verify("exact", [step("GET_ACCOUNT", account="T" * 500)] * 300)
    assert "... and 100 rows more" in answer.report
    assert max(map(len, answer.report.splitlines())) < 250
    assert answer.report.endswith("0 of 300 as expected, 300 missing.")
