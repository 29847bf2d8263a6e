"""The journal: complete, in order, bounded, and able to wake who waits."""

import threading
from datetime import UTC, datetime

import pytest

from simulators.kit.credentials import basic
from simulators.kit.entry import Criteria
from simulators.kit.follow import Follower
from simulators.kit.journal import MOST_TEXT
from simulators.kit.platform import BODY_LIMIT, Request
from simulators.kit.simulator import Simulator
from simulators.kit.workspace import Surroundings
from simulators.tucano.app import tucano


def seqs(entries) -> list[int]:
    return [entry.seq for entry in entries]


@pytest.fixture
def three(caller, workspace):
    """Three entries: applied, unchanged, rejected."""
    caller.create("S1")
    caller.suspend("OPT_RELIGION")
    caller.show("T9")
    return workspace.journal


def test_an_entry_tells_the_whole_exchange(caller, workspace, new_year):
    caller.create("Sé", reference="7")
    entry = workspace.journal.find()[0]
    assert (entry.seq, entry.workspace, entry.platform, entry.channel) == (1, "default", "tucano", "http")
    assert entry.at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (entry.operation, entry.subject, entry.reference) == ("CREATE_ACCOUNT", "T100001", "7")
    assert entry.request == '<command name="CREATE_ACCOUNT" reference="7"><subscriber number="Sé"/></command>'
    assert (entry.method, entry.path, entry.content_type) == ("POST", "/tucano", "text/xml; charset=UTF-8")
    assert (entry.status, entry.response_type) == (200, "text/xml; charset=utf-8")
    assert entry.response.endswith('<account id="T100001"/></response>')
    assert (entry.outcome, entry.effect, entry.difference) == ("answered", "applied", ["+account T100001"])
    assert (entry.code, entry.fault, entry.violations, entry.verified) == (None, None, (), False)
    assert entry.process_s > 0


def test_a_body_that_is_no_text_is_kept_in_base64(caller, workspace):
    caller.post(b"\xff\xfe\xfd")
    entry = workspace.journal.find()[0]
    assert (entry.request, entry.request_base64, entry.response_base64) == ("//79", True, False)


# fmt: off
CRITERIA = [
    (Criteria(),                                             [1, 2, 3]),
    (Criteria(platform="tucano"),                            [1, 2, 3]),
    (Criteria(platform="conax"),                             []),
    (Criteria(operation="GET_ACCOUNT"),                      [3]),
    (Criteria(subject="T100001"),                            [1, 2]),
    (Criteria(outcome="answered"),                           [1, 2, 3]),
    (Criteria(outcome="lost"),                               []),
    (Criteria(effect="unchanged"),                           [2]),
    (Criteria(parameters={"options": ["OPT_RELIGION"]}),     [2]),
    (Criteria(parameters={"account": "T9", "x": 1}),         []),
    (Criteria(since_seq=2),                                  [2, 3]),
    (Criteria(until_seq=2),                                  [1, 2]),
    (Criteria(since_seq=2, until_seq=2, effect="rejected"),  []),
]
# fmt: on


@pytest.mark.parametrize(("criteria", "found"), CRITERIA)
def test_entries_are_found_by_what_they_hold(three, criteria, found):
    assert seqs(three.find(criteria)) == found
    assert three.count(criteria) == len(found)


def test_refusals_and_violations_can_be_asked_for(three, caller):
    caller.post("junk")
    assert seqs(three.unverified_refusals()) == [3, 4]
    assert seqs(three.violations()) == [4]


def test_the_oldest_entries_go_when_the_bound_is_reached():
    simulator = Simulator(tucano(options=[]), Surroundings(journal_entries=2))
    workspace = simulator.workspace()
    for number in range(5):
        simulator.answer(Request("GET", f"/{number}"))
    assert seqs(workspace.journal.find()) == [4, 5]
    assert (workspace.journal.truncated, workspace.journal.next_seq) == (3, 6)
    assert sum(workspace.journal.tallied().values()) == 5


def test_large_bodies_push_out_old_entries_too(workspace, simulator):
    body, calls = b" " * BODY_LIMIT, MOST_TEXT // BODY_LIMIT + 2
    for _ in range(calls):
        simulator.answer(Request("POST", "/tucano", body, authorization=basic("headend", "headend")))
    assert workspace.journal.truncated > 0
    assert sum(len(entry.request) + len(entry.response) for entry in workspace.journal.find()) <= MOST_TEXT


def test_waiting_ends_with_the_entry_that_was_waited_for(caller, workspace):
    later = threading.Timer(0.05, caller.create)
    later.start()
    assert seqs(workspace.journal.wait_for(Criteria(operation="CREATE_ACCOUNT"), 1, within_s=5)) == [1]
    later.join()


def test_waiting_in_vain_ends_with_what_there_is(three):
    assert seqs(three.wait_for(Criteria(), 4, within_s=0.01)) == [1, 2, 3]


def test_a_reset_ends_every_wait_on_the_old_journal(workspace):
    ended = threading.Event()

    def wait() -> None:
        workspace.journal.wait_for(n=1, within_s=60)
        ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    workspace.reset()
    assert ended.wait(5)
    waiting.join()


def test_a_follower_sees_entries_as_they_come_across_resets_until_it_is_stopped(caller, workspace):
    seen, three_seen = [], threading.Event()
    follower = Follower(workspace)

    def follow() -> None:
        for entry in follower:
            seen.append(entry and entry.operation)
            if len(seen) == 3:
                three_seen.set()

    following = threading.Thread(target=follow)
    following.start()
    caller.create()
    caller.show()
    workspace.journal.wait_until(lambda: len(seen) == 2, 0.2)
    workspace.reset()
    caller.show("T9")
    assert three_seen.wait(5)
    follower.stop()
    following.join(5)
    assert not following.is_alive()
    assert seen == ["CREATE_ACCOUNT", "GET_ACCOUNT", "GET_ACCOUNT"]


def test_a_follower_beats_when_it_is_quiet_and_ends_with_its_workspace(workspace, simulator):
    follower = iter(Follower(workspace, beat_s=0.01))
    assert next(follower) is None
    simulator.drop("default")
    assert list(follower) == []
