"""The control port, call by call."""

import json

import pytest

from simulators.kit.control.app import control
from simulators.kit.faults import Fault
from simulators.kit.platform import BODY_LIMIT
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano


def test_it_lives_and_says_what_it_simulates(client):
    assert client.get("/health").json == {"status": "ok", "platforms": ["tucano"]}
    assert client.get("/ready").json == {"status": "ready", "platforms": ["tucano"]}


def test_it_counts_for_prometheus(client, caller, workspace):
    caller.create()
    caller.create()
    workspace.faults.put(Fault("f", "busy"))
    answer = client.get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert answer.text.splitlines() == [
        "# HELP simulator_requests_total Requests since the last reset.",
        "# TYPE simulator_requests_total counter",
        'simulator_requests_total{platform="tucano",operation="CREATE_ACCOUNT",outcome="answered",effect="applied"} 1',
        'simulator_requests_total{platform="tucano",operation="CREATE_ACCOUNT",outcome="answered",effect="rejected"} 1',
        "# HELP simulator_workspaces Workspaces in use.",
        "# TYPE simulator_workspaces gauge",
        'simulator_workspaces{platform="tucano"} 1',
        "# HELP simulator_journal_truncated Entries the journals' bounds have cost.",
        "# TYPE simulator_journal_truncated gauge",
        'simulator_journal_truncated{platform="tucano"} 0',
        "# HELP simulator_faults Faults in place, spent ones too.",
        "# TYPE simulator_faults gauge",
        'simulator_faults{platform="tucano"} 1',
    ]


def test_a_workspace_is_chosen_by_path_or_header_and_else_the_default(client, simulator):
    simulator.workspace("a").faults.put(Fault("in-a", "busy"))
    for answer in (client.get("/w/a/faults"), client.get("/faults", headers={"X-Workspace": "a"})):
        assert [listed["fault"]["name"] for listed in answer.json["faults"]] == ["in-a"]
    assert client.get("/faults").json == {"faults": []}


def test_a_reset_empties_the_workspace_it_names(client, caller, workspace):
    caller.create()
    assert client.post("/w/other/reset").status_code == 204
    assert workspace.journal.count() == 1
    assert client.post("/reset").status_code == 204
    assert (workspace.journal.count(), workspace.holdings()) == (0, {})


def test_the_journal_is_listed_filtered_and_exported(client, caller):
    caller.create()
    caller.show("T9")
    assert [entry["seq"] for entry in client.get("/requests").json["requests"]] == [1, 2]
    assert [entry["seq"] for entry in client.get("/requests?effect=rejected").json["requests"]] == [2]
    assert [entry["seq"] for entry in client.get("/requests?since_seq=2&until_seq=2").json["requests"]] == [2]
    lines = client.get("/requests?format=jsonl")
    assert (lines.mimetype, len(lines.text.splitlines())) == ("application/jsonl", 2)
    assert len(json.loads(client.get("/requests?format=har").text)["log"]["entries"]) == 2
    assert client.get("/requests?format=mermaid").text.startswith("sequenceDiagram")


def test_entries_are_found_and_counted(client, caller):
    caller.create()
    caller.activate("OPT_RELIGION")
    criteria = {"operation": "ACTIVATE_OPTIONS", "parameters": {"options": ["OPT_RELIGION"]}}
    found = client.post("/requests/find", json=criteria).json
    assert [entry["seq"] for entry in found["requests"]] == [2]
    assert client.post("/requests/count", json=criteria).json == {"count": 1}
    assert client.post("/requests/count", json={}).json == {"count": 2}


def test_a_sequence_is_verified_and_the_answer_is_200_either_way(client, caller, workspace):
    caller.create()
    caller.activate("OPT_RELIGION")
    body = {"mode": "exact", "sequence": [{"operation": "ACTIVATE_OPTIONS"}], "since_seq": 2}
    answer = client.post("/requests/verify", json=body)
    assert (answer.status_code, answer.json["passed"]) == (200, True)
    answer = client.post("/requests/verify", json={**body, "since_seq": 0})
    assert (answer.status_code, answer.json["passed"], answer.json["received"]) == (200, False, 2)
    assert "not expected" in answer.json["report"]


def test_the_memory_is_read_replaced_and_amended(client, caller):
    caller.create()
    memory = client.get("/platforms/tucano/state").json
    assert memory["holdings"] == {"T100001": ["account T100001"]}
    client.post("/reset")
    assert client.put("/platforms/tucano/state", json=memory).json == memory
    patched = client.patch("/platforms/tucano/state", json={"accounts": {"T100001": {"materials": {"M": "STB"}}}})
    assert patched.json["holdings"] == {"T100001": ["account T100001", "material M"]}
    assert client.patch("/platforms/tucano/state", json={"accounts": {"T100001": None}}).json["holdings"] == {}


def test_the_catalogue_is_seeded(client, caller):
    caller.create()
    assert client.post("/platforms/tucano/seed", json={"options": ["OPT_Z", "OPT_A"]}).json == {
        "options": ["OPT_A", "OPT_Z"]
    }
    assert caller.activate("OPT_Z").accepted
    assert caller.activate("OPT_RELIGION").error == ("UNKNOWN_OPTION", "OPT_RELIGION")


def test_faults_are_put_read_and_taken_away(client, workspace):
    answer = client.put("/faults/late", json={"kind": "latency", "delay_s": 0.5, "times": 2})
    listed = {
        "fault": {"name": "late", "kind": "latency", "delay_s": 0.5, "times": 2},
        "state": "in force",
        "seen": 0,
        "fired": 0,
    }
    assert answer.json == listed
    assert client.get("/faults/late").json == listed
    assert client.get("/faults").json == {"faults": [listed]}
    assert client.delete("/faults/late").status_code == 204
    client.put("/faults/late", json={"kind": "busy", "name": "late"})
    assert client.delete("/faults").status_code == 204
    assert workspace.faults.names() == []


def test_memories_are_kept_and_gone_back_to(client, caller, workspace):
    caller.create()
    answer = client.post("/snapshots/before")
    assert (answer.status_code, answer.json) == (201, {"snapshots": ["before"]})
    caller.create("S2")
    assert client.post("/snapshots/before/restore").status_code == 204
    assert list(workspace.holdings()) == ["T100001"]
    assert client.get("/snapshots").json == {"snapshots": ["before"]}
    assert client.post("/snapshots/after?platform=tucano").json == {"snapshots": ["before", "after"]}


def test_some_of_what_an_account_has_is_lost_and_named(client, caller, workspace):
    caller.create()
    caller.add("STB-1")
    lost = client.post("/platforms/tucano/forget", json={"subject": "T100001", "things": ["STB-1", "STB-2"]})
    assert lost.json == {"forgotten": ["material STB-1"]}
    assert workspace.holdings() == {"T100001": ["account T100001"]}


def test_the_clock_is_set_frozen_advanced_and_let_run(client, workspace):
    body = {"freeze": True, "set": "2026-01-01T00:00:00Z", "advance_s": 60}
    assert client.put("/clock", json=body).json == {"now": "2026-01-01T00:01:00Z", "frozen": True}
    assert client.get("/clock").json == {"now": "2026-01-01T00:01:00Z", "frozen": True}
    assert client.put("/clock", json={"set": "2027-01-01T01:00:00+01:00"}).json["now"] == "2027-01-01T00:00:00Z"
    assert client.put("/clock", json={"freeze": False}).json["frozen"] is False
    assert not workspace.clock.frozen


VERIFY = {"mode": "exact", "sequence": []}
DEEP: dict = {}
for _ in range(40):
    DEEP = {"accounts": DEEP}

INVALID = (400, "invalid")
NO_FAULT, NO_PLATFORM = (404, "unknown_fault"), (404, "unknown_platform")
NO_SNAPSHOT, NO_WORKSPACE = (404, "unknown_snapshot"), (404, "unknown_workspace")
NOT_HELD = (404, "unknown_subject")
LATE = {"set": "9999-01-01T00:00:00Z", "freeze": True, "advance_s": 1e11}

# fmt: off
REFUSED = [
    # call                           body                                 refused       said
    ("GET /requests?colour=red",     None,                                INVALID,      "RequestsQuery has platform"),
    ("GET /requests?since_seq=x",    None,                                INVALID,      "$.since_seq"),
    ("GET /requests?format=pdf",     None,                                INVALID,      "$.format"),
    ("GET /requests?platform=conax", None,                                NO_PLATFORM,  "no platform 'conax'"),
    ("GET /platforms/conax/state",   None,                                NO_PLATFORM,  "there are tucano"),
    ("POST /requests/find",          {"colour": "red"},                   INVALID,      "`colour`; Criteria has"),
    ("POST /requests/find",          [],                                  INVALID,      "a JSON object, not list"),
    ("POST /requests/verify",        {"sequence": []},                    INVALID,      "`mode`"),
    ("POST /requests/verify",        {**VERIFY, "mode": "roughly"},       INVALID,      "$.mode"),
    ("POST /requests/verify",        {**VERIFY, "within_s": 3600},        INVALID,      "<= 60"),
    ("POST /requests/verify",        {**VERIFY, "sequence": [{}]},        INVALID,      "$.sequence[0]"),
    ("PUT /platforms/tucano/state",  {"accounts": {"T1": {}}},            INVALID,      "$.accounts"),
    ("PUT /platforms/tucano/state",  DEEP,                                INVALID,      "deeper than 32"),
    ("POST /platforms/tucano/seed",  {"options": "OPT"},                  INVALID,      "$.options"),
    ("GET /faults/f",                None,                                NO_FAULT,     "no fault 'f'; there are none"),
    ("DELETE /faults/f",             None,                                NO_FAULT,     "no fault 'f'; there are none"),
    ("PUT /faults/f",                {"kind": "explosion"},               INVALID,      "$.kind"),
    ("PUT /faults/f",                {"kind": "busy", "name": "g"},       INVALID,      "'f' in the path"),
    ("PUT /faults/f",                {"kind": "busy", "colour": 1},       INVALID,      "Fault has name, kind"),
    ("PUT /faults/f",                {"kind": "hang", "status": 500},     INVALID,      "hang has no status"),
    ("PUT /faults/f",                {"kind": "busy", "operation": "X"},  INVALID,      "has no operation 'X'"),
    ("PUT /faults/f",                {"kind": "busy", "platform": "x"},   NO_PLATFORM,  "there are tucano"),
    ("PUT /faults/a b",              {"kind": "busy"},                    INVALID,      "$.name"),
    ("POST /snapshots/s/restore",    None,                                NO_SNAPSHOT,  "there are none"),
    ("POST /snapshots/s?platform=x", None,                                NO_PLATFORM,  "there are tucano"),
    ("POST /platforms/tucano/forget", {"subject": "T1"},                  NOT_HELD,     "holds nothing of T1"),
    ("POST /platforms/tucano/forget", {"subject": "T1", "things": ["A"]}, NOT_HELD,     "holds nothing of A of T1"),
    ("PUT /clock",                   {},                                  INVALID,      "set, freeze, advance_s"),
    ("PUT /clock",                   {"advance_s": -1},                   INVALID,      "$.advance_s"),
    ("PUT /clock",                   LATE,                                INVALID,      "years 1 to 9000"),
    ("PUT /clock",                   {"set": "2026-01-01T00:00:00"},      INVALID,      "timezone"),
    ("GET /w/no name/requests",      None,                                NO_WORKSPACE, "is named by"),
    ("GET /nowhere",                 None,                   (404, "not_found"),          "nothing at /nowhere"),
    ("DELETE /health",               None,                   (405, "method_not_allowed"), "not DELETE"),
]
# fmt: on


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_done_is_refused_in_a_sentence(client, refused, case):
    call, body, (status, code), said = case
    method, _, path = call.partition(" ")
    found, sentence = refused(client.open(path, method=method, json=body), status)
    assert found == code
    assert said in sentence


# fmt: off
NO_JSON = [
    # body                                 content type           status
    (b"{",                                 "application/json",    400),
    (b"\xff",                              "application/json",    400),
    (b"[" * 100_000,                       "application/json",    400),
    (b"{}",                                "text/plain",          415),
    (b"",                                  "",                    415),
    (b" " * BODY_LIMIT + b"{}",            "application/json",    413),
]
# fmt: on


@pytest.mark.parametrize(("body", "content_type", "status"), NO_JSON)
def test_what_is_no_json_or_too_much_of_it_is_refused(client, refused, body, content_type, status):
    refused(client.post("/requests/find", data=body, content_type=content_type), status)


def test_a_token_is_wanted_of_everybody_but_who_asks_whether_it_lives(simulator, refused):
    client = control({"tucano": simulator}, token="secret").test_client()
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret"}):
        assert refused(client.get("/requests", headers=headers), 401)[0] == "unauthorized"
    assert client.get("/requests", headers={"Authorization": "Bearer secret"}).status_code == 200


def test_where_there_are_several_platforms_one_must_be_named(simulator, refused):
    client = control({"tucano": simulator, "second": Simulator(tucano(options=[]))}).test_client()
    assert refused(client.post("/requests/verify", json=VERIFY), 400) == (
        "platform_missing",
        "name a platform: tucano, second",
    )
    assert client.post("/requests/verify", json={**VERIFY, "platform": "tucano"}).json["passed"]
    assert client.put("/clock", json={"freeze": True}).json["frozen"]
    assert client.get("/requests").json["requests"] == []
