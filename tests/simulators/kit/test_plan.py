"""Which fault hits which call: counted, timed, drawn; the same seed, the same run."""

from datetime import timedelta

import pytest

from simulators.kit.faults import Fault
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano


def hits(workspace, calls: int, operation: str = "GET_ACCOUNT", subject: str = "T1") -> list[str | None]:
    """The faults that hit so many calls in a row."""
    with workspace.lock:
        at = workspace.clock.now().timestamp()
        drawn = [workspace.faults.draw(operation, subject, at, lambda _: True) for _ in range(calls)]
    return [armed and armed.fault.name for armed in drawn]


def states(workspace) -> dict[str, str]:
    return {listed.fault.name: listed.state for listed in workspace.faults.listed()}


def test_without_faults_nothing_is_hit(workspace):
    assert hits(workspace, 2) == [None, None]


def test_a_counted_fault_is_spent_and_still_listed(workspace):
    workspace.faults.put(Fault("f", "busy", times=2))
    assert hits(workspace, 3) == ["f", "f", None]
    assert states(workspace) == {"f": "spent"}
    assert workspace.faults.listed()[0].fired == 2


def test_the_first_calls_may_be_let_pass(workspace):
    workspace.faults.put(Fault("f", "busy", succeed_first=2, times=1))
    assert hits(workspace, 4) == [None, None, "f", None]


def test_a_fault_is_for_one_operation_and_one_subject(workspace):
    workspace.faults.put(Fault("f", "busy", operation="ADD_MATERIAL", subject="T2"))
    assert hits(workspace, 1, "ADD_MATERIAL", "T1") == [None]
    assert hits(workspace, 1, "GET_ACCOUNT", "T2") == [None]
    assert hits(workspace, 1, "ADD_MATERIAL", "T2") == ["f"]


def test_the_youngest_fault_that_matches_wins_and_the_others_are_not_counted(workspace):
    workspace.faults.put(Fault("always", "busy"))
    workspace.faults.put(Fault("once", "hang", times=1))
    assert hits(workspace, 2) == ["once", "always"]
    assert [listed.seen for listed in workspace.faults.listed()] == [1, 1]


def test_putting_a_fault_again_starts_its_count_again_and_makes_it_the_youngest(workspace):
    workspace.faults.put(Fault("f", "busy", times=1))
    workspace.faults.put(Fault("g", "busy"))
    hits(workspace, 1)
    workspace.faults.put(Fault("f", "busy", times=1))
    assert hits(workspace, 2) == ["f", "g"]


def test_a_window_opens_closes_and_comes_again(workspace, new_year):
    start = new_year + timedelta(seconds=10)
    workspace.faults.put(Fault("f", "busy", start=start, duration_s=5, repeat_s=60))
    seen = []
    for second in (0, 9, 10, 14, 15, 69, 70, 74, 75):
        workspace.clock.set(new_year + timedelta(seconds=second))
        seen.append((second, hits(workspace, 1)[0]))
    assert [second for second, hit in seen if hit] == [10, 14, 70, 74]


def test_a_fault_heals_by_itself(workspace, new_year):
    workspace.faults.put(Fault("f", "busy", ttl_s=5))
    assert (hits(workspace, 1), states(workspace)) == (["f"], {"f": "in force"})
    workspace.clock.advance(5)
    assert (hits(workspace, 1), states(workspace)) == ([None], {"f": "healed"})


def test_a_fault_outside_its_window_waits(workspace, new_year):
    workspace.faults.put(Fault("f", "busy", start=new_year + timedelta(days=1)))
    assert states(workspace) == {"f": "waiting"}


@pytest.mark.parametrize(
    ("fields", "edges"),
    [
        ({}, []),
        ({"duration_s": 5.0}, [5]),
        ({"ttl_s": 7.0}, [7]),
        ({"duration_s": 5.0, "repeat_s": 20.0, "ttl_s": 30.0}, [5, 20, 25, 30]),
    ],
)
def test_the_next_edge_of_an_outage_is_known_in_advance(workspace, new_year, fields, edges):
    workspace.faults.put(Fault("f", "outage", **fields))
    found = []
    for _ in edges:
        edge = workspace.faults.next_edge()
        found.append(edge - new_year.timestamp())
        workspace.clock.advance(edge - workspace.clock.now().timestamp())
    assert found == edges


def mix(platform_seed: int, fault_seed: int | None = None) -> list[str | None]:
    workspace = Simulator(tucano(options=[], seed=platform_seed)).workspace()
    workspace.faults.put(Fault("f", "busy", probability=0.5, seed=fault_seed))
    return hits(workspace, 64)


def test_the_same_seed_gives_the_same_run_and_another_one_another():
    assert mix(1) == mix(1)
    assert mix(1) != mix(2)
    assert mix(1, fault_seed=9) == mix(2, fault_seed=9)
    assert 16 < sum(hit is not None for hit in mix(1)) < 48


def test_jitter_stays_around_the_delay(workspace):
    workspace.faults.put(Fault("f", "latency", delay_s=1.0, jitter_s=0.25))
    with workspace.lock:
        armed = workspace.faults.draw("GET_ACCOUNT", "", workspace.clock.now().timestamp(), lambda _: True)
    delays = [armed.delay_s() for _ in range(200)]
    assert min(delays) >= 0.75
    assert max(delays) <= 1.25
    assert len(set(delays)) > 100


def test_faults_are_removed_by_name_and_all_at_once(workspace):
    workspace.faults.put(Fault("f", "busy"))
    workspace.faults.put(Fault("g", "busy"))
    workspace.faults.remove("g")
    assert workspace.faults.names() == ["f"]
    workspace.faults.clear()
    assert hits(workspace, 1) == [None]
    with pytest.raises(KeyError):
        workspace.faults.remove("g")
