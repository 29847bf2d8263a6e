"""`headend audit`: what differs, as a table, as JSON and as CSV; by one audit, by a run, or of one subscription."""

import csv
import io
import json

import pytest

from harness.clients import ControlClient


@pytest.fixture
def forgotten(headend, stack, subscribed):
    """The number of a subscription of which Tucano has forgotten the service."""
    account = json.loads(headend("show", subscribed, "--json").stdout)["providers"]["tucano"]["account"]
    ControlClient(stack.addresses["control"]).forget("tucano", account, ["OPT_SPORT"])
    return subscribed


def test_what_differs_is_shown_and_listed_in_whatever_form_and_put_right_by_a_reset(headend, forgotten):
    result = headend("audit", forgotten)
    head, row, *others = result.stdout.splitlines()
    assert result.exit_code == 1
    assert head.split() == ["subscription", "provider", "difference", "thing", "believed", "found"]
    assert row.split() == [forgotten, "tucano", "MISSING_THERE", "option", "OPT_SPORT", "held"]
    assert "tucano: differences: 1." in others
    assert "irdeto: nothing to ask about." in others
    listed = headend("audit", "--of", forgotten)
    assert (listed.exit_code, listed.stdout.splitlines()[-1]) == (0, "1 in all: 1 MISSING_THERE.")
    found = json.loads(headend("audit", "--of", forgotten, "--difference", "MISSING_THERE", "--json").stdout)
    assert (found["total"], found["counts"]) == (1, {"MISSING_THERE": 1})
    (one,) = found["results"]
    (in_csv,) = csv.DictReader(io.StringIO(headend("audit", "--number", str(one["process_id"]), "--csv").stdout))
    assert in_csv == {name: str(value) for name, value in one.items()}
    assert headend("audit", "--of", forgotten, "--difference", "WRONG_WINDOW").stdout == "No differences.\n"
    assert headend("reset", forgotten).exit_code == 0
    again = headend("audit", forgotten, "--provider", "tucano")
    assert (again.exit_code, again.stdout) == (0, "tucano: differences: 0.\n")


def test_what_a_run_has_found_is_listed_by_its_number(headend, forgotten):
    run = json.loads(headend("run", "AUDIT", "--json").stdout)
    found = json.loads(headend("audit", "--run", str(run["id"]), "--json").stdout)
    assert [(one["subscription"], one["thing"]) for one in found["results"]] == [(forgotten, "option OPT_SPORT")]
    assert headend("audit", "--run", str(run["id"]), "--offset", "1").stdout == "None here, of 1: 1 MISSING_THERE.\n"


@pytest.mark.parametrize(
    ("wrongly", "status", "said"),
    [
        (("S1", "--of", "S2"), 2, "no SUBSCRIPTION"),
        (("--csv", "--json"), 2, "exclude each other"),
        (("--run", "1", "--number", "2"), 2, "wanted is one of them"),
        (("--run", "4711"), 2, "Unknown run '4711'."),
        (("NOBODY",), 2, "subscription"),
        (("--provider", "elsewhere"), 2, "provider"),
    ],
)
def test_what_can_t_be_asked_is_refused_in_a_sentence(wrongly, status, said, headend):
    result = headend("audit", *wrongly)
    assert (result.exit_code, said in result.output) == (status, True)
