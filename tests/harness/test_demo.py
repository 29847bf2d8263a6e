"""The demo on real sockets: as a user starts it, a process, where all goes well; else called in this one."""

import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness import operator_files
from harness.cli.main import main


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from harness.cli.main import main; main()", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments], catch_exceptions=False)


@pytest.fixture
def operator(tmp_path: Path) -> Path:
    """A copy of the demo operator's files, to be spoilt."""
    return Path(shutil.copytree(operator_files.FOLDER, tmp_path / "operator"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def played() -> subprocess.CompletedProcess[str]:
    """All stories, for programs: they are played once, for it takes its time."""
    return demo("--json")


def test_every_step_goes_as_the_manual_says(played):
    assert played.returncode == 0, played.stderr
    steps = json.loads(played.stdout)
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
    assert [step["platform"] for step in steps[8:]] == [
        *(["irdeto"] * 4 + ["icareus"] * 2 + ["conax"] * 26),
        *("tucano", "icareus", "irdeto", "tucano", "tucano", "icareus", "irdeto"),
        *("tucano", "tucano", "tucano", "icareus", "irdeto", "tucano"),
        *("tucano", "irdeto", "tucano", "tucano", "tucano", "irdeto", "tucano", "tucano", "irdeto", "tucano"),
    ]
    assert all(step["passed"] for step in steps)


def test_four_viewing_points_need_one_another_and_keep_their_channels_apart(played):
    refused, together, put_on, taken_off = json.loads(played.stdout)[8:12]
    assert (refused["in_sync"], refused["requests"], refused["effects"]) == (None, [], [])
    assert "wanted: IRDETO_TWIN1 in use" in refused["refusal"]
    assert [one["command"] for one in together["requests"]] == [
        *["REGISTER_SECURE_CLIENT"] * 4,
        *["PAIR"] * 4,
        *["ADD_ENTITLEMENTS"] * 4,
    ]
    assert [one["effects"] for one in (put_on, taken_off)] == [["+entitlement CA_SPORT"], ["-entitlement CA_SPORT"]]


def test_a_card_that_is_refused_leaves_its_neighbours_in_peace(played):
    sent, answered, again = json.loads(played.stdout)[14:][4:7]
    assert sent["files"] == ["vp000001.emm", "ps000002.emm", "vp000003.emm", "ps000004.emm", "vp000005.emm"]
    assert {one["life_cycle_state"] for one in sent["requests"]} == {"PENDING"}
    assert [one["error_code"] for one in answered["requests"] if one["life_cycle_state"] == "REJECTED"] == [
        "ERR_CARDNUM"
    ]
    assert (answered["files"], answered["in_sync"]) == ([], False)
    assert (again["files"], again["in_sync"]) == (["ps000006.emm", "ps000007.emm"], True)


def test_what_is_renewed_for_a_year_was_held_each_time_until_then(played):
    year = json.loads(played.stdout)[14:40][-12:]
    for before, after in pairwise(year):
        gained = {line.removeprefix("+") for line in before["effects"] if line.startswith("+")}
        assert {line.removeprefix("-") for line in after["effects"] if line.startswith("-")} == gained != set()
    assert "S0000000007 Sport until 2032-02-29" in year[3]["shown"]


def test_three_platforms_that_were_down_at_night_follow_after_one_run(played):
    missed, preview, morning = (json.loads(played.stdout)[40:53][part] for part in (slice(4, 7), 8, slice(9, 12)))
    assert [one["in_sync"] for one in (*missed, preview, *morning)] == [False] * 4 + [True] * 3
    assert [one["error_code"] for step in missed for one in step["requests"]] == ["CONNECTION_REFUSED"] * 3
    sent = [one["command"] for step in morning for one in step["requests"]]
    assert (
        [line.split()[1] for line in preview["shown"]]
        == sent
        == [
            "ACTIVATE_OPTIONS",
            "ACTIVATE_PRODUCTS",
            "REMOVE_ENTITLEMENTS",
        ]
    )


def test_what_a_platform_has_lost_is_found_by_an_audit_once(played):
    restored, _forgotten, audit, _reset, _seen, again = json.loads(played.stdout)[53:][-6:]
    assert (restored["in_sync"], audit["in_sync"], again["in_sync"]) == (True, False, True)
    assert [line.split()[2] for line in audit["shown"]] == ["MISSING_THERE"] * 3
    assert (audit["effects"], again["shown"]) == ([], [])


@pytest.fixture(scope="module")
def told() -> str:
    """Two stories, for people."""
    return demo("box-replaced", "bundles").stdout


def test_stories_are_listed_and_played_by_name_and_told_the_same_to_the_byte_each_time(told):
    listed = json.loads(called("--list", "--json").stdout)
    assert [one["story"] for one in listed] == [
        *("bundles", "viewing-points", "box-replaced", "conax-month"),
        "outage-night",
        "restored",
    ]
    played = demo("box-replaced").stdout.removesuffix("All 2 steps went as the manual says.\n")
    assert "-device STB-0041, +device STB-0042" in played
    assert "token=***" in played
    assert told.startswith(played)
    assert called("no-such-story").exit_code == 2


def test_each_story_has_a_heading_and_numbers_of_its_own(told):
    lines = [line for line in told.splitlines() if line.startswith("==") or line[:1].isdigit()]
    assert lines[0].startswith("== box-replaced == Icareus: ")
    assert lines[3].startswith("== bundles == Tucano: ")
    assert [line[:2] for line in lines[1:3] + lines[4:]] == [*("1.", "2."), *(f"{number}." for number in range(1, 9))]
    assert "5. Tucano goes down   (OUTAGE_BEGINS)" in lines
    assert told.startswith("Of messages in XML, the declaration, the envelope of SOAP")


def test_a_story_that_is_named_twice_is_refused_before_anything_starts():
    done = called("box-replaced", "box-replaced")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "box-replaced: found twice; wanted: each story once." in done.stderr


def test_an_action_that_is_not_refused_where_it_must_be_is_a_readable_difference(operator):
    replace(operator / "irdeto.toml", 'required_distributor = "IRDETO_TWIN1"\n', "")
    done = called("viewing-points", "--operator", str(operator))
    assert done.exit_code == 1
    assert "wanted  IRDETO_TWIN2, required distributor: found nothing" in done.stdout


def test_a_story_about_a_platform_that_the_operator_has_no_file_for_is_a_sentence(operator):
    (operator / "icareus.toml").unlink()
    done = called("box-replaced", "--operator", str(operator))
    assert done.exit_code == 2
    assert "icareus.toml is wanted; the operator has no such file" in done.stderr


def test_two_runs_are_the_same_to_the_byte(played):
    assert demo("--json").stdout == played.stdout


def test_files_are_told_by_their_names_and_a_month_of_renewals_in_a_line(operator):
    replace(operator / "conax.toml", "maximum_records = 20000", "maximum_records = 2")
    done = called("conax-month", "--operator", str(operator))
    assert done.exit_code == 1
    assert "\n     > vp000001.emm U 000001 00000001 U U U EMM U 00002 S01000000001 V02000000001 ZZZ\n" in done.stdout
    assert "\n     < /contego/autreq/err/ps000002.emm ps000002.emm: ERR_CARDNUM 11\n" in done.stdout
    assert "wanted  ps000004.emm\n" in done.stderr
    assert "did not receive exactly these" in done.stderr


def test_a_mapping_that_differs_from_the_manual_is_a_readable_difference(operator):
    replace(
        operator / "tucano.toml",
        'product = "GEOLOGICAL"\nca_id = "OPT_GEOLOGICAL"',
        'product = "GEOLOGICAL"\nca_id = "OPT_ROCKS"',
    )
    done = called("bundles", "--operator", str(operator))
    assert done.exit_code == 1
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
    done = called("--operator", str(operator))
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
