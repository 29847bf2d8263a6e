"""`headend show --out-of-sync`: who differs at which platform, since when, and how many do."""

import json

import pytest

PROVIDERS = ["tucano", "icareus", "irdeto", "conax"]


@pytest.fixture
def differing(headend, subscribed):
    """The number of a subscription to which Tucano, while it was down, was not told of a service."""
    headend("outage", "tucano")
    headend("act", "ADD_SERVICE", subscribed, "product=Cinema", "distributors=TUCANO_MAIN")
    headend("outage", "tucano", "--over")
    return subscribed


def test_who_is_out_of_sync_is_shown_with_since_when_and_what_differs_and_counted(headend, differing):
    assert "tucano: OUT OF SYNC since 20" in headend("show", differing).stdout
    found = headend("show", "--out-of-sync").stdout
    head, row, _empty, *counts = found.splitlines()
    assert head.split() == ["subscription", "provider", "since", "pending", "differences"]
    assert (row.split()[:2], row.split()[-2:]) == ([differing, "tucano"], ["+option", "OPT_CINEMA"])
    assert [line.split() for line in counts] == [
        ["provider", "out", "of", "sync"],
        *([code, str(int(code == "tucano"))] for code in sorted(PROVIDERS)),
    ]
    of_one = json.loads(headend("show", "--out-of-sync", "--json", "--provider", "tucano", "--limit", "1").stdout)
    assert of_one["counts"] == {"tucano": 1}
    assert (of_one["results"][0]["subscription"], of_one["after"]) == (differing, 1)
    assert json.loads(headend("show", "--out-of-sync", "--count", "--json", "--type", "HOME").stdout)["tucano"] == 0
    assert headend("reset", differing).exit_code == 0
    assert "More" not in headend("show", "--out-of-sync", "--created-from", "2030-01-01").stdout


@pytest.mark.parametrize("wrongly", [("--count",), ("--type", "HOME"), ("S1", "--out-of-sync")])
def test_what_goes_with_who_is_out_of_sync_goes_with_nothing_else(wrongly, headend):
    assert headend("show", *wrongly).exit_code == 2
