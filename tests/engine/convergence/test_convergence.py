"""Whatever happens to subscriptions, lines, platforms and the engine: an audit and a reset make platform = engine.

Where a platform takes files, the runs that send them and read the answers follow. An audit is wanted only where a
platform has lost something, or gone back to what it held before.

Histories are drawn, and played in process and in virtual time, at one platform or at all of them. What each should hold
is worked out again, from what the engine shows of services and devices and from the provider's file, without its own
arithmetic. `make nightly` plays many more, and finds the shortest that goes wrong.
"""

import pytest

from harness.lab.bench import Bench
from tests.engine.convergence.kept import KEPT
from tests.engine.convergence.search import TOGETHER, played, search

SEED, SHARDS, ON_A_SERVER = 20260330, 20, 2


@pytest.fixture(scope="module")
def bench(make_shared_database):
    made = Bench("in-process", make_shared_database())
    yield made
    made.close()


@pytest.mark.parametrize(("world", "steps"), [(world, steps) for world, *steps in KEPT.values()], ids=KEPT)
def test_what_once_went_wrong_goes_right(world, steps, bench):
    assert played(bench, world, steps) == ""


@pytest.mark.parametrize("shard", range(SHARDS))
def test_one_audit_and_one_reset_make_the_platforms_follow_whatever_has_happened(
    shard, bench, make_shared_database, record_property
):
    histories = TOGETHER if make_shared_database() == "sqlite://" else ON_A_SERVER
    found = search(bench, SEED + shard, histories)
    record_property("convergence", dict(found.counts))
    assert found.divergence == ""
