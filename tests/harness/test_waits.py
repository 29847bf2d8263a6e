"""What the command line says of how things stand, and of changes that wait for the processing run."""

import pytest

from harness.cli.act import is_out_of_sync, outcome
from harness.cli.standing import standing


@pytest.mark.parametrize(("changes", "said"), [(1, "1 change waits"), (2, "2 changes wait")])
def test_changes_that_wait_are_told_of_and_are_no_failure(changes, said):
    executed = {
        "action": "ADD_SERVICE", "subscription": "S1", "requests": [], "in_sync": True, "waits": {"conax": changes}
    }  # fmt: skip
    assert outcome(executed).splitlines()[1:] == [f"conax: {said} for the processing run."]
    assert not is_out_of_sync(executed)


def test_a_subscription_is_told_device_by_device_in_words_that_are_right_at_any_platform():
    seat = {"distributor": "CONAX_MAIN", "paired": "", "services": ["10001001"]}
    found = {
        "in_sync": False,
        "since": "2030-01-31T20:00:00Z",
        "unfiled": 0,
        "awaiting": [],
        "account": None,
        "should_hold": {"account": False, "seats": {"01000000001": seat | {"paired": "02000000001"}}},
        "believed_held": {"seats": {"01000000001": seat}, "dated": [], "in_doubt": []},
        "differences": ["+paired 02000000001 on 01000000001"],
    }
    assert standing("conax", found).splitlines() == [
        "conax: OUT OF SYNC since 2030-01-31 20:00",
        "  device                      distributor  paired       services",
        "  01000000001  should hold    CONAX_MAIN   02000000001  10001001",
        "               believed held  CONAX_MAIN   -            10001001",
        "  in doubt       -",
        "  differences    +paired 02000000001 on 01000000001",
    ]
