"""The demo as a user starts it: its own process, real sockets."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import operator_files


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from harness.cli.main import main; main()", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def operator(tmp_path: Path) -> Path:
    """A copy of the demo operator's files, to be spoilt."""
    return Path(shutil.copytree(operator_files.FOLDER, tmp_path / "operator"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_every_step_goes_as_the_manual_says():
    done = demo("--json")
    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)
    assert [step["action"] for step in steps[:8]] == [
        "BECOME_SUBSCRIBER",
        "SWAP_SERVICE",
        "BECOME_SUBSCRIBER",
        "SWAP_SERVICE",
        "OUTAGE_BEGINS",
        "ADD_SERVICE",
        "OUTAGE_ENDS",
        "RESET",
    ]
    upgrade = steps[3]
    assert [(one["platform"], one["command"], one["parameters"]["options"]) for one in upgrade["requests"]] == [
        ("tucano", "SUSPEND_OPTIONS", ["OPT_ENTERTAIN"]),
        ("tucano", "ACTIVATE_OPTIONS", ["OPT_RELIGION"]),
    ]
    assert upgrade["effects"] == ["-option OPT_ENTERTAIN", "+option OPT_RELIGION"]
    assert steps[5]["requests"][0]["life_cycle_state"] == "REJECTED"
    assert [step["in_sync"] for step in steps[:8]] == [True, True, True, True, True, False, False, True]
    assert [step["platform"] for step in steps[8:]] == ["irdeto"] * 4 + ["icareus"] * 2
    assert all(step["passed"] for step in steps)


def test_four_viewing_points_need_one_another_and_keep_their_channels_apart():
    done = demo("viewing-points", "--json")
    assert done.returncode == 0, done.stderr
    refused, together, put_on, taken_off = json.loads(done.stdout)
    assert (refused["in_sync"], refused["requests"], refused["effects"]) == (None, [], [])
    assert "wanted: IRDETO_TWIN1 in use" in refused["refusal"]
    assert [one["command"] for one in together["requests"]] == [
        *["REGISTER_SECURE_CLIENT"] * 4,
        *["PAIR"] * 4,
        *["ADD_ENTITLEMENTS"] * 4,
    ]
    assert [one["effects"] for one in (put_on, taken_off)] == [["+entitlement CA_SPORT"], ["-entitlement CA_SPORT"]]


def test_stories_are_listed_and_played_by_name():
    listed = json.loads(demo("--list", "--json").stdout)
    assert [one["story"] for one in listed] == ["bundles", "viewing-points", "box-replaced"]
    played = demo("box-replaced")
    assert "All 2 steps went as the manual says." in played.stdout
    assert "-device STB-0041, +device STB-0042" in played.stdout
    assert "token=***" in played.stdout
    assert demo("no-such-story").returncode == 2


def test_each_story_has_a_heading_and_numbers_of_its_own():
    told = demo("box-replaced", "bundles").stdout
    lines = [line for line in told.splitlines() if line.startswith("==") or line[:1].isdigit()]
    assert lines[0].startswith("== box-replaced == Icareus: ")
    assert lines[3].startswith("== bundles == Tucano: ")
    assert [line[:2] for line in lines[1:3] + lines[4:]] == [*("1.", "2."), *(f"{number}." for number in range(1, 9))]
    assert "5. Tucano goes down   (OUTAGE_BEGINS)" in lines
    assert told.startswith("Of messages in XML, the declaration, the envelope of SOAP")


def test_a_story_that_is_named_twice_is_refused_before_anything_starts():
    done = demo("box-replaced", "box-replaced")
    assert (done.returncode, done.stdout) == (2, "")
    assert "box-replaced: found twice; wanted: each story once." in done.stderr


def test_an_action_that_is_not_refused_where_it_must_be_is_a_readable_difference(operator):
    replace(operator / "irdeto.toml", 'required_distributor = "IRDETO_TWIN1"\n', "")
    done = demo("viewing-points", "--operator", str(operator))
    assert done.returncode == 1
    assert "wanted  IRDETO_TWIN2, required distributor: found nothing" in done.stdout


def test_a_story_about_a_platform_that_the_operator_has_no_file_for_is_a_sentence(operator):
    (operator / "icareus.toml").unlink()
    done = demo("box-replaced", "--operator", str(operator))
    assert done.returncode == 2
    assert "icareus.toml is wanted; the operator has no such file" in done.stderr


def test_two_runs_are_the_same_to_the_byte():
    assert demo().stdout == demo().stdout


def test_a_mapping_that_differs_from_the_manual_is_a_readable_difference(operator):
    replace(
        operator / "tucano.toml",
        'product = "GEOLOGICAL"\nca_id = "OPT_GEOLOGICAL"',
        'product = "GEOLOGICAL"\nca_id = "OPT_ROCKS"',
    )
    done = demo("--operator", str(operator))
    assert done.returncode == 1
    assert "wanted  ACTIVATE_OPTIONS options={OPT_ENTERTAIN, OPT_GEOLOGICAL} COMPLETED" in done.stderr
    assert "found   ACTIVATE_OPTIONS options={OPT_ENTERTAIN, OPT_ROCKS} COMPLETED" in done.stderr
    assert "tucano did not receive exactly these" in done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("catalogue.toml", 'code = "SPORT"', "code = SPORT", "catalogue.toml: not TOML: Invalid value (at line"),
        (
            "catalogue.toml",
            "tier = 3",
            'tier = "high"',
            "catalogue.toml: products[3].tier: Expected `int | null`, got `str`",
        ),
        ("catalogue.toml", "tier = 3", "teir = 3", "catalogue.toml: Unknown field 'products[3].teir', perhaps"),
        ("tucano.toml", 'protocol = "tucano"', 'protocol = "smoke"', "protocol: found 'smoke'; wanted: "),
    ],
)
def test_a_broken_file_is_a_sentence_with_file_and_path(operator, file, old, new, sentence):
    replace(operator / file, old, new)
    done = demo("--operator", str(operator))
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
