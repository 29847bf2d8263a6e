"""The control port of a platform that takes files: its folders, its faults, and when files are taken."""

import json

import pytest

from simulators.kit.control.app import control
from simulators.kit.ftp_in_process import FtpConnection
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from tests.simulators.kit.conftest import LETTER, send
from tests.simulators.kit.letters import letters


@pytest.fixture
def post():
    """Letters that wait until it is said."""
    return Simulator(letters(None))


@pytest.fixture
def ada(post):
    return FtpConnection(post, "ada", "secret")


@pytest.fixture
def client(post):
    return control({"tucano": Simulator(tucano(options=[])), "letters": post}).test_client()


def test_files_that_wait_are_taken_when_it_is_said(client, ada, office, refused):
    send(ada)
    assert client.post("/platforms/letters/process").json == {"processed": 1}
    assert client.post("/platforms/letters/process").json == {"processed": 0}
    assert client.get("/platforms/letters/state").json["holdings"] == {"bob": ["tea"]}
    assert refused(client.post("/platforms/tucano/process"), 400)[1].startswith("tucano takes calls")


def test_the_folders_are_in_the_memory_and_can_be_sent_back(client, ada, office):
    office.clock.freeze()
    send(ada)
    ada.write("/in/b.tmp", [b"\xff"])
    document = client.get("/platforms/letters/state").json
    assert document["tree"]["files"]["/in/a.emm"]["text"] == LETTER.decode()
    assert document["tree"]["files"]["/in/b.tmp"]["base64"] == "/w=="
    ada.remove("/in/a.emm")
    assert client.put("/platforms/letters/state", json=document).json == document
    assert ada.names("/in") == ["a.emm", "b.tmp"]
    patch = {"tree": {"files": {"/in/b.tmp": None, "/ok/c.emm": {"text": "put"}}}}
    assert client.patch("/platforms/letters/state", json=patch).status_code == 200
    assert (ada.names("/in"), ada.read("/ok/c.emm")) == (["a.emm"], b"put")


def test_what_is_no_tree_is_refused_and_changes_nothing(client, ada, refused):
    patch = {"tree": {"files": {"/nowhere/a": {"text": ""}}}}
    sentence = refused(client.patch("/platforms/letters/state", json=patch), 400)[1]
    assert sentence == "/nowhere: No such file or directory"
    assert ada.names("/") == ["err", "in", "ok"]


def test_a_snapshot_keeps_the_folders(client, ada):
    send(ada)
    client.post("/snapshots/before")
    ada.remove("/in/a.emm")
    client.post("/snapshots/before/restore")
    assert ada.names("/in") == ["a.emm"]


def test_a_fault_is_put_wherever_it_can_be(client, office, refused):
    assert client.put("/faults/full", json={"kind": "disk_full"}).status_code == 200
    assert office.faults.names() == ["full"]
    assert client.put("/faults/down", json={"kind": "outage"}).status_code == 200
    assert len(client.get("/faults").json["faults"]) == 3
    wrong = client.put("/faults/no", json={"kind": "disk_full", "platform": "tucano"})
    assert "tucano speaks http, where there is no disk_full" in refused(wrong, 400)[1]


def test_the_journal_goes_out_in_every_format_and_har_has_calls_only(client, ada):
    send(ada, content=b"GIVE BOB tea")
    client.post("/platforms/letters/process")
    lines = client.get("/requests?format=jsonl").text.splitlines()
    assert [json.loads(line)["channel"] for line in lines] == ["ftp"]
    assert client.get("/requests?format=har").json["log"]["entries"] == []
    assert "letters-->>caller: UNKNOWN" in client.get("/requests?format=mermaid").text
    assert 'platform="letters",operation="GIVE"' in client.get("/metrics").text
