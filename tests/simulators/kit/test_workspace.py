"""Workspaces: apart from each other, new again in no time, and put back to where they were."""

from datetime import timedelta
from time import time

import pytest

from simulators.kit import simulator as kit
from simulators.kit import workspace as workspaces
from simulators.kit.clock import SharedClock
from simulators.kit.faults import Fault
from simulators.kit.simulator import WorkspaceError, WorkspacesFullError
from simulators.kit.workspace import SnapshotError
from simulators.tucano.app import tucano


def test_workspaces_share_nothing(any_caller, simulator):
    root = any_caller.url.removesuffix("/tucano")
    for name in ("a", "b"):
        any_caller.url = f"{root}/w/{name}/tucano"
        assert any_caller.create().root.find("account").get("id") == "T100001"
    a, b = simulator.workspace("a"), simulator.workspace("b")
    a.faults.put(Fault("f", "busy"))
    a.clock.advance(3600)
    assert any_caller.show().accepted
    assert [entry.seq for entry in b.journal.find()] == [1, 2]
    assert [entry.workspace for entry in a.journal.find()] == ["a"]
    assert (a.clock.now() - b.clock.now()).total_seconds() > 3000
    assert [workspace.name for workspace in simulator.workspaces()] == ["a", "b"]


def test_a_reset_workspace_is_as_new_but_for_its_catalogue(caller, workspace, new_year):
    workspace.seed({"options": ["OPT_NEW"]})
    caller.create()
    workspace.snapshot("s")
    workspace.faults.put(Fault("f", "busy"))
    workspace.reset()
    assert (workspace.holdings(), workspace.journal.count(), workspace.faults.names(), workspace.snapshots) == (
        {},
        0,
        [],
        [],
    )
    assert not workspace.clock.frozen
    assert caller.create().root.get("id") == "TX-1"
    assert caller.activate("OPT_NEW").accepted


def test_a_dropped_workspace_is_fresh_when_it_is_asked_for_again(caller, simulator, workspace):
    caller.create()
    simulator.drop("default")
    assert simulator.found("default") is None
    assert simulator.workspace().holdings() == {}
    simulator.drop("never was")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "x" * 65, "a\n"])
def test_a_name_that_is_none_is_refused(simulator, name):
    with pytest.raises(WorkspaceError):
        simulator.workspace(name)


def test_there_are_only_so_many_workspaces(monkeypatch, caller, simulator):
    monkeypatch.setattr(kit, "MOST_WORKSPACES", 1)
    caller.create()
    with pytest.raises(WorkspacesFullError):
        simulator.workspace("second")
    answer = caller.session.post("http://tucano/w/second/tucano")
    assert (answer.status_code, "most there may be" in answer.text) == (507, True)
    assert caller.session.post("http://tucano/w/no%20name/tucano").status_code == 404


def test_a_snapshot_is_gone_back_to_and_stays(caller, workspace):
    caller.create()
    caller.add("STB-1")
    workspace.snapshot("before")
    caller.remove("STB-1")
    caller.create("S2")
    for _ in range(2):
        workspace.restore("before")
        assert workspace.holdings() == {"T100001": ["account T100001", "material STB-1"]}
        caller.remove("STB-1", reference=f"again-{workspace.journal.count()}")
    assert workspace.snapshots == ["before"]
    assert workspace.journal.count() == 6


def test_a_snapshot_nobody_took_is_named_with_those_there_are(workspace, monkeypatch):
    workspace.snapshot("a")
    with pytest.raises(SnapshotError, match="there is no snapshot 'b'; there are a"):
        workspace.restore("b")
    monkeypatch.setattr(workspaces, "MOST_SNAPSHOTS", 1)
    with pytest.raises(SnapshotError, match="most there may be"):
        workspace.snapshot("b")
    workspace.snapshot("a")


def test_an_account_is_forgotten_behind_the_callers_back(caller, workspace):
    caller.create()
    caller.add("STB-1")
    assert workspace.forget("T100001")
    assert not workspace.forget("T100001")
    assert caller.show().error == ("UNKNOWN_ACCOUNT", "T100001")
    created = caller.create("S1")
    assert created.root.find("account").get("id") == "T100002"
    assert caller.add("STB-1", "T100002").accepted


def test_a_memory_survives_as_a_document(caller, workspace, simulator, new_year):
    caller.create()
    caller.add("STB-1")
    caller.activate("OPT_PPV", window='start="2026-01-01T18:00:00Z" end="2026-01-01T20:00:00Z"', reference="7")
    other = simulator.workspace("other")
    other.clock.freeze(new_year)
    other.remember(workspace.memory())
    assert other.holdings() == workspace.holdings()
    assert other.memory() == workspace.memory()
    caller.url = "http://tucano/w/other/tucano"
    assert caller.create("S1").error == ("ACCOUNT_EXISTS", "T100001")
    assert caller.create("S2").root.find("account").get("id") == "T100002"


def one(**account) -> dict:
    return {"accounts": {"T1": {"subscriber": "S1", **account}}}


def two(first: dict, second: dict) -> dict:
    return {"accounts": {"T1": first, "T2": second}}


def windowed(start: str, end: str) -> dict:
    return one(options={"O": {"window": [start, end]}})


# fmt: off
NO_MEMORY = [
    # document                                                              said
    ([],                                                                    "no memory of Tucano's"),
    ({"account": {}},                                                       "unknown field `account`"),
    ({"accounts": {"T1": {}}},                                              "subscriber"),
    ({"accounts": {"T 1": {"subscriber": "S1"}}},                           "regex"),
    (one(materials={"M": "\x00"}),                                          "regex"),
    (two({"subscriber": "S1"}, {"subscriber": "S1"}),                       "subscriber S1 is on T1 and on T2"),
    (two({"subscriber": "S1", "materials": {"M": ""}},
         {"subscriber": "S2", "materials": {"M": ""}}),                     "material M is on T1 and on T2"),
    (windowed("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),              "the end after the start"),
    (windowed("2026-01-01T00:00:00+01:00", "2026-01-02T00:00:00Z"),         "in UTC"),
]
# fmt: on


@pytest.mark.parametrize(("document", "said"), NO_MEMORY)
def test_what_is_no_memory_is_refused_and_changes_nothing(caller, workspace, document, said):
    caller.create()
    with pytest.raises(ValueError, match=said):
        workspace.remember(document)
    assert list(workspace.holdings()) == ["T100001"]


def test_a_memory_is_amended_and_null_forgets(caller, workspace):
    caller.create("S1")
    caller.create("S2")
    workspace.amend_memory({"accounts": {"T100001": {"options": {"OPT_RELIGION": {}}}, "T100002": None}})
    assert workspace.holdings() == {"T100001": ["account T100001", "option OPT_RELIGION"]}


def test_a_loaded_account_is_never_overwritten_by_a_new_one(caller, workspace):
    workspace.remember({"catalogue": {}, "accounts": {"T100001": {"subscriber": "S9"}}})
    assert caller.create("S1").root.find("account").get("id") == "T100002"


def test_a_catalogue_that_is_none_is_refused(workspace):
    with pytest.raises(ValueError, match="no catalogue of Tucano's"):
        workspace.seed({"services": ["OPT_A"]})


def test_an_outage_block_survives_a_reset_within(workspace):
    with workspace.down(), workspace.down():
        assert len(workspace.faults.names()) == 2
        workspace.reset()
    assert workspace.faults.names() == []


def test_workspaces_that_share_a_clock_move_together_and_each_heeds_its_own_faults():
    clocks = {"a": SharedClock(time), "b": SharedClock(time)}
    around = workspaces.Surroundings(shared=clocks.__getitem__)
    one, other = (kit.Simulator(tucano(options=[]), around) for _ in range(2))
    told = []
    other.watch("a", lambda: told.append("other"))
    other.workspace("a").faults.put(Fault("f", "outage", duration_s=60))
    told.clear()
    one.workspace("a").clock.advance(3600)
    assert told == ["other"]
    assert other.workspace("a").clock.now() - other.workspace("b").clock.now() > timedelta(minutes=59)
    assert not other.workspace("a").faults.down()
