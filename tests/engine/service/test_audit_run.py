"""The audit run: all that platforms should know is asked about, and what they say is believed."""

import pytest

from engine.domain.errors import NotAllowedError
from engine.service.auditing.differences import list_differences
from simulators.kit.faults import Fault

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
DEFINITION = """
[[definitions]]
code = "OF_SOME"
name = "Audit of some"
kind = "audit"
provider = "tucano"
filters = { subscription_types = "VIP", at_once = "1" }
effective = true
"""


def subscribe(lab, number, platform, *items, **more):
    place = [f"{platform.upper()}_MAIN"]
    lab.engine.act(
        "BECOME_SUBSCRIBER",
        number=number,
        subscriber=ADA,
        services=[{"product": "SPORT", "distributors": place}],
        items=[{"product": product, "serial_number": serial, "distributors": place} for product, serial in items],
        **more,
    )


@pytest.fixture
def of_some(lab, lab_bench):
    """The operator of the lab audits some subscriptions at Tucano."""
    lab.engine.load_configuration({"audits.toml": DEFINITION})
    lab_bench.point(lab.engine)


def found_by(lab, run):
    found = list_differences(lab.engine.context, {"run": run.id}, 100)
    assert found.total == len(found.results)
    return [f"{one.subscription} {one.provider} {one.difference} {one.thing}" for one in found.results]


@pytest.mark.expects_refusals
def test_whatever_any_platform_has_forgotten_is_found_and_belongs_to_the_run(lab):
    subscribe(lab, "A", "tucano")
    subscribe(lab, "B", "icareus")
    subscribe(lab, "C", "irdeto", ("STB", "STB-1"))
    subscribe(lab, "D", "conax", ("SMARTCARD", "012345678901"))
    lab.engine.run("PROCESS_REQUESTS")
    lab.clock.sleep(60)
    lab.engine.run("ERROR_HANDLING")
    foreseen = [(one.subscription, one.provider, one.request) for one in lab.engine.preview("AUDIT").results]
    assert sorted(foreseen) == [
        ("A", "tucano", "AUDIT"),
        ("B", "icareus", "AUDIT"),
        ("C", "irdeto", "AUDIT"),
        ("D", "conax", "QUERY_STATUS"),
    ]
    for platform in lab.platforms.values():
        for subject in platform.holdings():
            platform.forget(subject)
    run = lab.engine.run("AUDIT")
    assert (run.state, run.total, run.counts.examined, run.counts.changed) == ("COMPLETED", 4, 4, 3)
    assert sorted(found_by(lab, run)) == [
        "A tucano ACCOUNT_UNKNOWN account",
        "A tucano MISSING_THERE option OPT_SPORT",
        "B icareus ACCOUNT_UNKNOWN account",
        "B icareus MISSING_THERE product SVOD_SPORT",
        "C irdeto DEVICE_UNKNOWN client STB-1",
        "C irdeto MISSING_THERE entitlement CA_SPORT on STB-1",
    ]
    lab.clock.sleep(60)
    lab.engine.run("ERROR_HANDLING")
    assert found_by(lab, run)[6:] == ["D conax MISSING_THERE product 10001005 on 012345678901"]
    assert "A: tucano: differences: 2 (1 ACCOUNT_UNKNOWN, 1 MISSING_THERE)" in [
        f"{one.subscription}: {one.message}" for one in lab.engine.run_log(run.id).results
    ]
    for number, platform in zip("ABC", ("tucano", "icareus", "irdeto"), strict=True):
        assert lab.engine.reset(number, platform).in_sync
    again = lab.engine.run("AUDIT")
    assert (again.counts.changed, found_by(lab, again)) == (0, [])


@pytest.mark.usefixtures("of_some")
def test_only_what_the_filters_mean_is_asked_about_and_what_is_not_answered_is_an_error(lab):
    subscribe(lab, "A", "tucano", subscription_type="VIP")
    subscribe(lab, "B", "tucano")
    lab.tucano.faults.put(Fault("mute", "garbled", operation="GET_ACCOUNT"))
    run = lab.engine.run("OF_SOME")
    assert (run.state, run.counts.examined, run.counts.errors) == ("COMPLETED_WITH_ERRORS", 1, 1)
    (line,) = lab.engine.run_log(run.id).results
    assert (line.subscription, line.error) == ("A", True)
    assert line.message.startswith("tucano: UNREADABLE_REPLY: ")
    assert lab.engine.show("A").providers["tucano"].in_sync


@pytest.mark.usefixtures("of_some")
@pytest.mark.expects_refusals
def test_a_platform_that_keeps_failing_ends_the_run_which_goes_on_when_it_is_resumed(lab):
    subscribe(lab, "A", "tucano", subscription_type="VIP")
    lab.tucano.forget("T100001")
    lab.reconfigure('[[providers]]\ncode = "tucano"\nbreaker = { failures = 1, pause_s = 5.0 }')
    with lab.tucano.down():
        run = lab.engine.run("OF_SOME")
        assert (run.state, run.counts.examined) == ("FAILED", 0)
        assert "tucano keeps failing" in run.reason
    lab.clock.sleep(60)
    lab.engine.resume(run.id)
    assert lab.engine.wait_for(run.id, 10).state == "COMPLETED"
    assert len(found_by(lab, run)) == 2


@pytest.mark.usefixtures("of_some")
def test_there_is_no_audit_of_a_provider_that_is_not_effective(lab):
    lab.engine.set_provider_effective("tucano", effective=False)
    run = lab.engine.run("OF_SOME")
    assert (run.state, run.reason[:36]) == ("FAILED", "Provider tucano is NOT_EFFECTIVE: no")
    with pytest.raises(NotAllowedError):
        lab.engine.preview("OF_SOME")
