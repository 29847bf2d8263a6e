"""`headend run`: what is set up, carried out on an engine and a platform that run on sockets."""

import json
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from engine.clock import SystemClock
from engine.domain.run import RunKind
from engine.store import runs
from engine.store.database import Database
from harness import operator_files
from harness.cli import run_deeds
from harness.clients import EngineClient

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
SPORT = {"product": "Sport", "distributors": ["TUCANO_MAIN"]}
BY_HAND = """
[[definitions]]
code = "BY_HAND"
name = "By hand"
kind = "maintenance"
effective = true
"""


@pytest.fixture(autouse=True, scope="module")
def engine(stack):
    """A client of the engine, which runs nothing by itself, however far its clock is put forward."""
    client = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    nightly = (operator_files.FOLDER / "runs.toml").read_text(encoding="utf-8")
    quiet = nightly.replace("effective = true", "effective = false")
    client.change("/provisioning/configuration/load", {"files": {"runs.toml": quiet, "by hand": BY_HAND}})
    return client


@pytest.fixture
def let_fall_due(headend, engine):
    """Let something fall due in each of these subscriptions."""

    def scheduled(*numbers):
        at = datetime.fromisoformat(engine.look("/clock")["now"]) + timedelta(hours=1)
        for number in numbers:
            engine.act("STOP_SERVICE", number, service="Sport", scheduled_date=at.isoformat())
        assert headend("clock", "advance", "2h").exit_code == 0

    return scheduled


@pytest.fixture
def due(let_fall_due, subscribed):
    """The number of a subscription in which something is due."""
    let_fall_due(subscribed)
    return subscribed


@pytest.fixture
def draft(stack):
    """A run that was never begun, as an engine leaves it that is stopped before it begins."""
    with closing(Database(stack.addresses["database"])) as database, database.transaction() as connection:
        return runs.create(connection, "BY_HAND", RunKind.MAINTENANCE, SystemClock().now())


@pytest.fixture
def going_on(headend, engine, let_fall_due, subscribed):
    """A run of two subscriptions that waits for the platform's answer to the first."""
    other = engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=[SPORT])["subscription"]
    let_fall_due(subscribed, other)
    headend("fault", "latency", "delay_s=1", "times=1", "--name", "late")
    run = engine.change("/definitions/submit", {"definition_identifier": {"alternative_code": "BY_HAND"}})["id"]
    yield str(run)
    assert engine.look("/runs/show", id=run, within_s=20)["state"] == "COMPLETED"
    headend("fault", "--clear")


def test_what_is_set_up_is_listed(headend):
    listed = headend("run")
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0].split() == ["code", "name", "kind", "schedule", "effective"]
    assert {line.split()[0]: line.split()[-1] for line in listed.stdout.splitlines()}["BY_HAND"] == "yes"
    assert "True" not in listed.stdout
    found = json.loads(headend("run", "--json").stdout)
    assert {("BY_HAND", True), ("MAINTENANCE", False)} <= {(one["code"], one["effective"]) for one in found}


def test_what_a_run_would_do_is_shown_then_done_and_logged(headend, due):
    previewed = headend("run", "BY_HAND", "--preview")
    assert previewed.exit_code == 0
    assert due in previewed.stdout
    assert previewed.stdout.endswith("\n1 action for 1 subscription; nothing was changed.\n")
    assert json.loads(headend("run", "BY_HAND", "--preview", "--json").stdout)["total"] == 1
    done = headend("run", "BY_HAND")
    assert done.exit_code == 0
    assert "COMPLETED" in done.stdout
    assert headend("run", "BY_HAND", "--preview").stdout == "Nothing is due.\n"
    newest = json.loads(headend("run", "BY_HAND", "--runs", "--limit", "1", "--json").stdout)["results"][0]
    assert (newest["state"], newest["counts"]["changed"]) == ("COMPLETED", 1)
    logged = headend("run", "--log", str(newest["id"]))
    assert (logged.exit_code, due in logged.stdout) == (0, True)
    lines = json.loads(headend("run", "--log", str(newest["id"]), "--json").stdout)
    assert [line["subscription"] for line in lines["results"]] == [due]


def test_a_run_is_given_in_json(headend):
    assert json.loads(headend("run", "BY_HAND", "--json").stdout)["state"] == "COMPLETED"


def test_runs_are_listed_by_the_page_the_newest_first(headend, engine):
    for _ in range(2):
        assert headend("run", "BY_HAND").exit_code == 0
    listed = json.loads(headend("run", "BY_HAND", "--runs", "--json").stdout)
    assert listed["total"] >= 2
    ids = [one["id"] for one in listed["results"]]
    assert ids == sorted(ids, reverse=True)
    second = json.loads(headend("run", "BY_HAND", "--runs", "--limit", "1", "--offset", "1", "--json").stdout)[
        "results"
    ]
    assert [one["id"] for one in second] == ids[1:2]
    assert headend("run", "MAINTENANCE", "--runs").stdout == "No runs.\n"
    assert str(ids[0]) in headend("run", "--runs").stdout


def test_a_run_in_which_the_platform_refuses_leaves_with_the_status_of_a_refusal(headend, due):
    headend("fault", "refuse", "code=UNKNOWN_OPTION", "times=1", "--name", "no")
    done = headend("run", "BY_HAND")
    assert done.exit_code == 1
    assert "COMPLETED_WITH_ERRORS" in done.stdout
    headend("fault", "--clear")
    assert headend("reset", due).exit_code == 0


def test_a_draft_is_deleted(headend, draft):
    assert headend("run", "--delete", str(draft)).stdout == "Deleted.\n"
    gone = headend("run", "--log", str(draft))
    assert (gone.exit_code, gone.stderr) == (2, f"Error: Unknown run '{draft}'.\n")


def test_a_draft_is_gone_on_with(headend, draft):
    resumed = headend("run", "--resume", str(draft), "--json")
    assert (resumed.exit_code, json.loads(resumed.stdout)["state"]) == (0, "COMPLETED")


def test_a_run_that_goes_on_is_the_only_one_of_its_definition(headend, going_on):
    refused = headend("run", "BY_HAND")
    assert (refused.exit_code, refused.stderr) == (1, f"Error: Run {going_on} of BY_HAND is IN_PROGRESS.\n")


def test_a_run_that_goes_on_is_interrupted_and_gone_on_with(headend, going_on):
    interrupted = headend("run", "--interrupt", going_on, "--json")
    assert interrupted.exit_code == 1
    found = json.loads(interrupted.stdout)
    assert (found["state"], found["reason"]) == ("FAILED", "Interrupted; resume it to go on.")
    assert found["counts"]["examined"] < found["total"] == 2
    resumed = headend("run", "--resume", going_on, "--json")
    assert resumed.exit_code == 0
    assert json.loads(resumed.stdout)["counts"]["examined"] == 2


def test_whoever_looks_at_a_run_no_longer_is_told_how_it_is_ended(headend, monkeypatch):
    def no_longer(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_deeds, "looked_at", no_longer)
    left = headend("run", "BY_HAND")
    newest = json.loads(headend("run", "BY_HAND", "--runs", "--limit", "1", "--json").stdout)["results"][0]["id"]
    assert (left.exit_code, f"goes on: `headend run --interrupt {newest}` ends it" in left.stderr) == (1, True)


def test_what_the_state_of_a_run_does_not_allow_is_refused(headend):
    over = json.loads(headend("run", "BY_HAND", "--json").stdout)["id"]
    for option in ("--interrupt", "--resume", "--delete"):
        refused = headend("run", option, str(over))
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert f"Run {over} is COMPLETED; wanted: " in refused.stderr


def test_a_definition_that_is_not_effective_is_refused(headend):
    refused = headend("run", "MAINTENANCE")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "Error: Definition MAINTENANCE is NOT_EFFECTIVE; wanted: EFFECTIVE.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("BY_HEART",), "Unknown definition 'BY_HEART'"),
        (("",), "definition_identifier"),
        (("BY_HEART", "--preview"), "Unknown definition 'BY_HEART'"),
        (("BY_HEART", "--runs"), "Unknown definition 'BY_HEART'"),
        (("--preview",), "--preview needs a DEFINITION."),
        (("BY_HAND", "--log", "1"), "--log takes a RUN, and no DEFINITION."),
        (("--log", "1", "--delete", "1"), "--log and --delete exclude each other."),
        (("BY_HAND", "--preview", "--runs"), "--preview and --runs exclude each other."),
        (("--log", "4711"), "Unknown run '4711'"),
        (("--interrupt", "4711"), "Unknown run '4711'"),
        (("--resume", "4711"), "Unknown run '4711'"),
        (("--delete", "4711"), "Unknown run '4711'"),
        (("--log", "0"), "0 is not in the range x>=1"),
        (("--log", "BY_HAND"), "'BY_HAND' is not a valid integer range"),
        (("--runs", "--limit", "1001"), "1001 is not in the range"),
        (("BY_HAND", "BY_HAND"), "unexpected extra argument"),
        (("--colour",), "No such option"),
    ],
)
def test_what_is_called_wrongly_is_a_sentence(headend, engine, arguments, sentence):
    before = engine.look("/runs/list", definition="BY_HAND")
    wrong = headend("run", *arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert sentence in wrong.stderr
    assert engine.look("/runs/list", definition="BY_HAND") == before
