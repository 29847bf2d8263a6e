"""The pytest plug-in: the fixture `lab`, its options, and what a failed test says of the exchange.

Nothing of engine or simulators is imported before a test asks for a lab.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.lab.bench import Bench
    from harness.lab.lab import Lab

MODES = ("in-process", "responses", "sockets")
MARKERS = {
    "expects_refusals": "the platform refuses requests of this test that the test does not verify",
    "expects_violations": "requests of this test break the platform's published contract",
}
LAB = pytest.StashKey["Lab"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How labs reach their platforms."""
    group = parser.getgroup("headend")
    group.addoption("--lab-mode", choices=MODES, default="in-process", help="how the engine reaches the platforms")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known; they are tags in a feature."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.fixture(scope="session")
def lab_database() -> str:
    """The URL of the labs' database, which is theirs alone; a suite may say another."""
    return "sqlite://"


@pytest.fixture(scope="session")
def lab_bench(request: pytest.FixtureRequest, lab_database: str) -> Iterator["Bench"]:
    """What all labs of the session share."""
    # Imported here, so that a suite which uses no lab does not pay for one.
    from harness.lab.bench import Bench  # noqa: PLC0415

    bench = Bench(request.config.getoption("--lab-mode"), lab_database)
    yield bench
    bench.close()


@pytest.fixture
def lab(request: pytest.FixtureRequest, lab_bench: "Bench") -> Iterator["Lab"]:
    """An engine and the platforms that it drives, fresh for the test.

    The test fails at its end if a platform saw a breach of its published contract, or refused a request that the test
    did not verify, unless it is marked as expecting that.
    """
    from harness.lab.lab import Lab  # noqa: PLC0415  (as above)

    fresh = Lab(lab_bench)
    request.node.stash[LAB] = fresh
    yield fresh
    journals = [workspace.journal for workspace in fresh.platforms.touched().values()]
    expected = {name for name in MARKERS if request.node.get_closest_marker(name)}
    met = {
        "expects_violations": [one for journal in journals for one in journal.violations()],
        "expects_refusals": [one for journal in journals for one in journal.unverified_refusals()],
    }
    fresh.close()
    breaches, refusals = ([] if name in expected else found for name, found in met.items())
    if breaches or refusals:
        pytest.fail(unexpected(breaches, refusals), pytrace=False)


def unexpected(breaches: list[Any], refusals: list[Any]) -> str:
    """What the platforms saw that the test did not speak of."""
    lines = [f"{one.platform}: contract violation in #{one.seq} {one.operation}: {one.violations}" for one in breaches]
    lines += [f"{one.platform}: refused and not verified: #{one.seq} {one.operation} {one.code}" for one in refusals]
    return "\n".join(["The platforms met what the test did not expect:", *lines])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Show the exchange of a failed test, as a table and as a sequence diagram; once, whatever fails after."""
    report = yield
    fresh = item.stash.get(LAB, None)
    if report.failed and fresh is not None:
        del item.stash[LAB]
        from harness.report import exchange_table, sequence_diagram  # noqa: PLC0415  (only a failure needs it)

        fresh.unmark()
        for platform in fresh.platforms.touched():
            report.sections.append((f"exchange with {platform}", exchange_table(fresh.exchanges(platform))))
        report.sections.append(("sequence diagram (Mermaid)", sequence_diagram(fresh.exchanges())))
    return report
