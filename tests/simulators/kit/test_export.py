"""The journal in other people's formats."""

import base64
import json

import pytest
import requests

from simulators.kit import export
from simulators.kit.faults import Fault


@pytest.fixture
def told(caller, workspace, new_year):
    """A journal with everything in it: a change, a refusal, bytes that are no text, a lost reply."""
    caller.create()
    caller.show("T9;&lt;x>#")
    caller.post(b"\xff")
    workspace.faults.put(Fault("lost", "lost_reply"))
    with pytest.raises(requests.ConnectionError):
        caller.add("STB-1")
    return workspace.journal.find()


def test_json_lines_hold_one_entry_each(told):
    lines = [json.loads(line) for line in export.json_lines(told).splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4]
    assert lines[0]["at"] == "2026-01-01T00:00:00Z"
    assert lines[0]["difference"] == ["+account T100001"]
    assert (lines[3]["fault"], lines[3]["outcome"], lines[3]["effect"]) == ("lost", "lost", "applied")
    assert base64.b64decode(lines[2]["request"]) == b"\xff"


def test_an_http_archive_holds_what_was_sent_and_what_came_back(told):
    log = json.loads(export.har(told))["log"]
    assert log["version"] == "1.2"
    first, _, third, lost = log["entries"]
    assert first["request"]["method"] == "POST"
    assert first["request"]["url"] == "http://tucano/tucano"
    assert first["request"]["postData"]["text"] == told[0].request
    assert first["request"]["bodySize"] == len(told[0].request)
    assert (first["response"]["status"], first["response"]["statusText"]) == (200, "OK")
    assert first["response"]["content"]["mimeType"] == "text/xml; charset=utf-8"
    assert third["request"]["bodySize"] == 1
    assert (lost["response"]["status"], lost["response"]["bodySize"]) == (0, -1)


def test_a_sequence_diagram_shows_who_said_what_and_what_changed(told):
    assert export.mermaid(told).splitlines() == [
        "sequenceDiagram",
        "    participant caller",
        "    participant tucano",
        "    caller->>tucano: #35;1 CREATE_ACCOUNT T100001",
        "    tucano-->>caller: applied",
        "    Note right of tucano: +account T100001",
        "    caller->>tucano: #35;2 GET_ACCOUNT T9#59;#60;x#62;#35;",
        "    tucano-->>caller: UNKNOWN_ACCOUNT",
        "    caller->>tucano: #35;3 MALFORMED",
        "    tucano-->>caller: MALFORMED",
        "    caller->>tucano: #35;4 ADD_MATERIAL T100001",
        "    tucano--xcaller: lost, fault lost",
        "    Note right of tucano: +material STB-1",
    ]


def test_nothing_that_happened_is_exported_as_nothing():
    assert export.json_lines([]) == ""
    assert json.loads(export.har([]))["log"]["entries"] == []
    assert export.mermaid([]).splitlines() == ["sequenceDiagram", "    participant caller"]
