"""Every kind of fault, without sockets and with them: the same exceptions, the same memory, the same journal."""

import http.client

import pytest
import requests
from urllib3.exceptions import (
    IncompleteRead,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from simulators.kit.faults import Fault
from simulators.tucano.codes import Code

HANG_UP = [requests.ConnectionError, ProtocolError, http.client.RemoteDisconnected]
RESET = [requests.ConnectionError, ProtocolError, ConnectionResetError]
TIMED_OUT = [requests.ReadTimeout, ReadTimeoutError]
CUT = [requests.exceptions.ChunkedEncodingError, ProtocolError, IncompleteRead]
STALLED = [requests.ConnectionError, ReadTimeoutError]
BEFORE, AFTER = "before_effect", "after_effect"

# fmt: off
BREAKS = [
    # kind            fields                            raised     outcome      acted
    ("lost_request",  {},                               HANG_UP,   "lost",      False),
    ("lost_reply",    {},                               HANG_UP,   "lost",      True),
    ("hang",          {},                               TIMED_OUT, "timed_out", False),
    ("hang",          {"when": AFTER},                  TIMED_OUT, "timed_out", True),
    ("latency",       {"delay_s": 30.0},                TIMED_OUT, "timed_out", True),
    ("slow_body",     {"delay_s": 30.0},                STALLED,   "timed_out", True),
    ("truncated",     {},                               CUT,       "partial",   True),
    ("truncated",     {"size_bytes": 1},                CUT,       "partial",   True),
    ("reset",         {},                               RESET,     "reset",     False),
    ("reset",         {"when": AFTER},                  RESET,     "reset",     True),
]
SPOILS = [
    # kind            fields                            status  acted
    ("busy",          {},                               503,    False),
    ("http_status",   {"status": 418},                  418,    False),
    ("http_status",   {"status": 599, "when": AFTER},   599,    True),
    ("latency",       {"delay_s": 0.01},                200,    True),
    ("slow_body",     {"delay_s": 0.01},                200,    True),
]
# fmt: on


def causes(error: BaseException) -> list[type]:
    """An exception's type, and those of what it says it was caused by."""
    found = [type(error)]
    inner = getattr(error, "reason", None) or next((arg for arg in error.args if isinstance(arg, Exception)), None)
    return found + causes(inner) if inner else found


@pytest.fixture
def patient(any_caller):
    """A caller who waits for a moment only, where waiting is in vain."""
    any_caller.timeout = 0.25
    any_caller.create()
    return any_caller


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_line_raises_what_it_would_and_the_journal_tells_the_truth(patient, workspace, case):
    kind, fields, raised, outcome, acted = case
    workspace.faults.put(Fault("f", kind, times=1, **fields))
    with pytest.raises(requests.RequestException) as broken:
        patient.add("STB-1")
    assert causes(broken.value) == raised
    entry = workspace.journal.wait_for(n=2)[1]
    workspace.journal.wait_until(lambda: entry.outcome == outcome, 2)
    assert (entry.fault, entry.outcome, entry.effect) == ("f", outcome, "applied" if acted else "none")
    assert entry.difference == (["+material STB-1"] if acted else [])
    assert ("material STB-1" in workspace.holdings()["T100001"]) is acted
    assert patient.add("STB-1").accepted


@pytest.mark.parametrize("case", SPOILS)
def test_a_spoilt_answer_still_comes(patient, workspace, case):
    kind, fields, status, acted = case
    workspace.faults.put(Fault("f", kind, **fields))
    answer = patient.add("STB-1")
    assert answer.status == status
    entry = workspace.journal.find()[1]
    assert (entry.outcome, entry.effect, entry.status) == ("answered", "applied" if acted else "none", status)
    assert ("material STB-1" in workspace.holdings()["T100001"]) is acted
    assert (entry.added_delay_s > 0) is ("delay_s" in fields)


def test_a_garbled_body_is_no_xml_any_more_and_as_long_as_before(patient, workspace):
    whole = patient.show(reference="1").body
    workspace.faults.put(Fault("f", "garbled", times=1))
    response = patient.show(reference="1").http
    assert response.content != whole
    assert len(response.content) == len(whole)
    assert response.content[0] == whole[0] ^ 0xFF
    assert workspace.journal.find()[-1].response_base64


@pytest.mark.parametrize("code", list(Code))
def test_the_platform_can_be_made_to_refuse_in_every_one_of_its_words(patient, workspace, code):
    workspace.faults.put(Fault("f", "refuse", code=code.value, times=1, detail="because"))
    assert patient.add("STB-1", reference="7").error == (code.value, "because")
    entry = workspace.journal.find()[-1]
    assert (entry.effect, entry.code, entry.outcome) == ("rejected", code.value, "answered")
    assert patient.add("STB-1", reference="7").error == (code.value, "because")


def test_a_refusal_without_a_text_of_its_own_names_whom_it_is_about(patient, workspace):
    workspace.faults.put(Fault("f", "refuse", code="UNKNOWN_ACCOUNT"))
    assert patient.add("STB-1").error == ("UNKNOWN_ACCOUNT", "T100001")


def test_what_was_not_understood_can_not_be_refused_in_words(patient, workspace):
    workspace.faults.put(Fault("f", "refuse", code="UNKNOWN_ACCOUNT"))
    assert patient.post("junk").error[0] == "MALFORMED"


def test_nobody_listens_during_an_outage_and_nothing_is_written_down(patient, workspace):
    with workspace.down(), pytest.raises(requests.ConnectionError) as refused:
        patient.add("STB-1")
    assert causes(refused.value) == [requests.ConnectionError, MaxRetryError, NewConnectionError]
    assert isinstance(refused.value.args[0].reason.__cause__, ConnectionRefusedError)
    assert workspace.journal.count() == 1
    assert patient.add("STB-1").accepted


def test_an_answer_that_was_lost_is_given_again_for_the_same_reference(patient, workspace):
    workspace.faults.put(Fault("f", "lost_reply", times=1))
    with pytest.raises(requests.ConnectionError):
        patient.add("STB-1", reference="7")
    assert patient.add("STB-1", reference="7").accepted
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", "applied", "unchanged"]


def test_a_delay_moves_a_clock_that_stands_still(patient, workspace, new_year):
    workspace.faults.put(Fault("f", "latency", delay_s=0.2))
    patient.show()
    assert (workspace.clock.now() - new_year).total_seconds() == pytest.approx(0.2)


def read_raw(caller, read) -> list[type] | bytes:
    """Read an unread answer as a careful client does."""
    request = requests.Request("POST", caller.url, data=caller.command("GET_ACCOUNT", '<account id="T100001"/>', "9"))
    request.auth = ("headend", "headend")
    request.headers["Content-Type"] = "text/xml"
    prepared = caller.session.prepare_request(request)
    response = caller.session.send(prepared, stream=True, timeout=(0.25, 0.25), allow_redirects=False)
    try:
        return read(response)
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return causes(error)
    finally:
        response.close()


READS = {
    "raw.read(n)": lambda response: [response.raw.read(64, decode_content=False) for _ in range(9)],
    "raw.read(much)": lambda response: [response.raw.read(1 << 20, decode_content=False) for _ in range(2)],
    "raw.read()": lambda response: response.raw.read(decode_content=False),
    "content": lambda response: response.content,
    "iter_content": lambda response: list(response.iter_content(16)),
}


@pytest.mark.parametrize("how", READS)
@pytest.mark.parametrize("kind", ["truncated", "slow_body"])
def test_reading_a_broken_body_fails_alike_with_and_without_sockets(request, workspace, how, kind):
    found = []
    for name in ("caller", "socket_caller"):
        caller = request.getfixturevalue(name)
        workspace.reset()
        caller.create(reference="1")
        workspace.faults.put(Fault("f", kind, **({"delay_s": 30.0} if kind == "slow_body" else {})))
        found.append(read_raw(caller, READS[how]))
    assert found[0] == found[1]
    assert isinstance(found[0], list)
    assert found[0][-1] in {IncompleteRead, http.client.IncompleteRead, ReadTimeoutError}


@pytest.mark.parametrize("how", READS)
def test_reading_a_whole_body_gives_the_same_with_and_without_sockets(request, workspace, how):
    found = []
    for name in ("caller", "socket_caller"):
        workspace.reset()
        request.getfixturevalue(name).create(reference="1")
        found.append(read_raw(request.getfixturevalue(name), READS[how]))
    assert found[0] == found[1]
