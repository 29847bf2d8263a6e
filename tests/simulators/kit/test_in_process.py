"""Calls without sockets, as `requests` and `responses` make them."""

import io

import pytest
import requests
import responses
from urllib3.util import Timeout

from simulators.kit.faults import Fault
from simulators.kit.in_process import SimulatorAdapter, answer_with

COMMAND = '<command name="CREATE_ACCOUNT" reference="1"><subscriber number="S1"/></command>'
XML = {"Content-Type": "text/xml; charset=UTF-8"}


@pytest.mark.parametrize(
    "body",
    [
        COMMAND,
        COMMAND.encode(),
        io.BytesIO(COMMAND.encode()),
        pytest.param(iter([COMMAND[:9].encode(), COMMAND[9:]]), id="parts"),
    ],
)
def test_a_body_may_come_in_any_way_requests_knows(caller, workspace, body):
    response = caller.session.post(caller.url, data=body, headers=XML)
    assert b'status="ACCEPTED"' in response.content
    assert workspace.journal.find()[0].request == COMMAND


def test_an_answer_is_one_as_requests_gives_it(caller):
    response = caller.session.post(caller.url, data=COMMAND, headers=XML)
    assert (response.ok, response.status_code, response.reason, response.url) == (True, 200, "OK", caller.url)
    assert response.encoding == "utf-8"
    assert response.headers["content-length"] == str(len(response.content))
    assert response.request.body == COMMAND
    assert response.raw.read() == b""


def test_an_adapter_answers_out_of_its_own_workspace(simulator, session):
    session.mount("http://tucano", SimulatorAdapter(simulator, "own"))
    session.post("http://tucano/tucano", data=COMMAND, headers=XML)
    session.post("http://tucano/w/other/tucano", data=COMMAND, headers=XML)
    assert [workspace.name for workspace in simulator.workspaces()] == ["own", "other"]
    assert [workspace.journal.count() for workspace in simulator.workspaces()] == [1, 1]


@pytest.mark.parametrize("timeout", [0.5, (9, 0.5), Timeout(connect=9, read=0.5)])
def test_a_timeout_may_be_told_in_any_way_requests_knows(caller, workspace, timeout):
    workspace.faults.put(Fault("f", "latency", delay_s=0.6))
    with pytest.raises(requests.ReadTimeout):
        caller.create(timeout=timeout)
    assert workspace.journal.find()[0].outcome == "timed_out"


@pytest.mark.parametrize("timeout", [None, (1, None)])
def test_who_would_wait_for_ever_waits_for_any_delay_but_not_for_an_answer_that_never_comes(caller, workspace, timeout):
    workspace.faults.put(Fault("f", "latency", delay_s=3600.0, times=1))
    assert caller.create(timeout=timeout).accepted
    workspace.faults.put(Fault("f", "hang"))
    with pytest.raises(requests.ReadTimeout):
        caller.create(timeout=timeout)


@responses.activate
def test_a_session_that_is_not_ours_is_answered_through_responses(simulator, workspace):
    responses.add_callback(responses.POST, "http://tucano/tucano", callback=answer_with(simulator))
    answer = requests.post("http://tucano/tucano", data=COMMAND, headers=XML, auth=("headend", "headend"), timeout=1)
    assert b'<account id="T100001"/>' in answer.content
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert list(workspace.holdings()) == ["T100001"]


@pytest.mark.parametrize(
    ("kind", "fields", "raised"),
    [
        ("lost_reply", {}, requests.ConnectionError),
        ("reset", {}, requests.ConnectionError),
        ("hang", {}, requests.ReadTimeout),
        ("latency", {"delay_s": 9.0}, requests.ReadTimeout),
        ("slow_body", {"delay_s": 9.0}, requests.ReadTimeout),
        ("truncated", {}, requests.exceptions.ChunkedEncodingError),
    ],
)
@responses.activate
def test_a_line_breaks_through_responses_too(simulator, workspace, kind, fields, raised):
    responses.add_callback(responses.POST, "http://tucano/tucano", callback=answer_with(simulator))
    workspace.faults.put(Fault("f", kind, times=1, **fields))
    with pytest.raises(raised):
        requests.post("http://tucano/tucano", data=COMMAND, headers=XML, auth=("headend", "headend"), timeout=1)
    assert workspace.journal.find()[0].fault == "f"
    with workspace.down(), pytest.raises(requests.ConnectionError):
        requests.post("http://tucano/tucano", data=COMMAND, timeout=1)
