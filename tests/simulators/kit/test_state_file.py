"""Memories that outlive the process."""

import json

import pytest

from simulators.kit.simulator import Simulator
from simulators.kit.state_file import StateFile, StateFileError
from simulators.kit.workspace import Surroundings
from simulators.tucano.app import tucano


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state.json"


def fresh() -> Simulator:
    return Simulator(tucano(options=["OPT_RELIGION"]))


def test_what_was_saved_is_there_again(caller, simulator, file):
    caller.create()
    caller.add("STB-1")
    simulator.workspace("other")
    StateFile(file, {"tucano": simulator}).save()
    again = fresh()
    StateFile(file, {"tucano": again}).load()
    assert [workspace.name for workspace in again.workspaces()] == ["default", "other"]
    assert again.workspace().holdings() == simulator.workspace().holdings()
    assert again.workspace().memory() == simulator.workspace().memory()


def test_a_file_that_is_not_there_yet_is_an_empty_one(file):
    simulator = fresh()
    StateFile(file, {"tucano": simulator}).load()
    assert simulator.workspaces() == []


# fmt: off
BROKEN = [
    # content                                                           said
    ("",                                                                "truncated"),
    ("{",                                                               "truncated"),
    ("[]",                                                              "no state file of version 1"),
    ('{"version": 2, "platforms": {}}',                                 "no state file of version 1"),
    ('{"version": 1}',                                                  "no platforms"),
    ('{"version": 1, "platforms": {"conax": {}}}',                      "memories of 'conax'; there are tucano"),
    ('{"version": 1, "platforms": {"tucano": []}}',                     "no object"),
    ('{"version": 1, "platforms": {"tucano": {"a b": {}}}}',            "a workspace is named by"),
    ('{"version": 1, "platforms": {"tucano": {"a": {"x": 1}}}}',        "unknown field"),
    ("[" * 100_000,                                                     "can't be used"),
]
# fmt: on


@pytest.mark.parametrize(("content", "said"), BROKEN)
def test_a_broken_file_is_refused_in_a_sentence(file, content, said):
    file.write_text(content)
    with pytest.raises(StateFileError, match=said) as refused:
        StateFile(file, {"tucano": fresh()}).load()
    assert str(file) in str(refused.value)


def test_a_file_is_replaced_whole_or_not_at_all(caller, simulator, file, monkeypatch):
    kept = StateFile(file, {"tucano": simulator})
    caller.create()
    kept.save()
    before = file.read_bytes()
    caller.create("S2")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulators.kit.state_file.os.fsync", full)
    with pytest.raises(StateFileError, match="No space left"):
        kept.save()
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_directory_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StateFileError, match="can't be written"):
        StateFile(tmp_path / "no" / "state.json", {"tucano": fresh()}).save()


def test_every_snapshot_is_kept_in_the_file_too(file):
    simulators: dict[str, Simulator] = {}
    kept = StateFile(file, simulators)
    simulators["tucano"] = Simulator(tucano(options=["A"]), Surroundings(after_snapshot=kept.save))
    simulators["tucano"].workspace("w").snapshot("s")
    assert list(json.loads(file.read_text())["platforms"]["tucano"]) == ["w"]
