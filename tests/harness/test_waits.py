"""What the command line says of changes that wait for the processing run."""

import pytest

from harness.cli.act import is_out_of_sync, outcome


@pytest.mark.parametrize(("changes", "said"), [(1, "1 change waits"), (2, "2 changes wait")])
def test_changes_that_wait_are_told_of_and_are_no_failure(changes, said):
    executed = {
        "action": "ADD_SERVICE", "subscription": "S1", "requests": [], "in_sync": True, "waits": {"conax": changes}
    }  # fmt: skip
    assert outcome(executed).splitlines()[1:] == [f"conax: {said} for the processing run."]
    assert not is_out_of_sync(executed)
