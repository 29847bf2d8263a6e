"""Audits at platforms that are called: whatever happened there, an audit and a reset make platform = engine."""

import pytest

from engine.domain.errors import NotAllowedError, UnknownError
from harness.should import held, should_hold
from simulators.kit.faults import Fault

ADA = {"first_name": "Ada", "last_name": "Lovelace"}
TONIGHT = {"start": "2999-01-01T10:00:00Z", "end": "2999-01-01T12:00:00Z"}
CALLED = ("tucano", "icareus", "irdeto")


class Watched:
    """A subscription at one platform of a lab, from both sides."""

    def __init__(self, lab, platform):
        self.lab, self.platform, self.engine = lab, platform, lab.engine
        self.there = lab.platforms[platform]
        self.place = [f"{platform.upper()}_MAIN"]
        self.number = self.act(
            "BECOME_SUBSCRIBER",
            number="A",
            subscriber=ADA,
            services=[{"product": "SPORT", "distributors": self.place}],
            items=[{"product": "STB", "serial_number": "STB-1", "distributors": self.place}],
        ).subscription
        self.there.snapshot("young")
        self.act("ADD_SERVICE", "A", product="CINEMA", distributors=self.place)
        self.act("ADD_SERVICE_USAGE", "A", product="PREMIERE", distributors=self.place, **TONIGHT)
        self.there.snapshot("old")

    def act(self, *said, **details):
        done = self.engine.act(*said, **details)
        assert done.in_sync
        return done

    def audit(self):
        found = self.engine.audit("A", self.platform)
        (one,) = found.providers
        assert not one.error
        assert one.differences == len(found.differences)
        return sorted(f"{each.difference} {each.thing}" for each in found.differences)

    def is_followed(self):
        shown, provider = self.engine.show("A"), self.engine.context.provider(self.platform)
        holdings = self.there.holdings()
        should = should_hold(shown, provider, self.lab.clock.now(), holdings)
        return shown.providers[self.platform].in_sync and held(holdings, provider) == should

    @property
    def subject(self):
        (subject,) = self.there.holdings()
        return subject


@pytest.fixture(params=CALLED)
def watched(lab, request):
    return Watched(lab, request.param)


def ends_well(watched):
    """One reset is all that is wanted; and then nobody finds anything."""
    assert watched.engine.reset("A", watched.platform).in_sync
    assert watched.is_followed()
    assert watched.audit() == []
    return True


def test_where_nothing_has_happened_nothing_is_found_and_nothing_changes(watched):
    before = watched.engine.show("A")
    assert watched.audit() == []
    assert watched.engine.show("A") == before


@pytest.mark.expects_refusals
def test_all_that_was_forgotten_is_found_and_one_reset_brings_it_back(watched):
    watched.there.forget(watched.subject)
    unknown = "DEVICE_UNKNOWN client STB-1" if watched.platform == "irdeto" else "ACCOUNT_UNKNOWN account"
    found = watched.audit()
    assert unknown in found
    assert len(found) == {"tucano": 5, "icareus": 5, "irdeto": 4}[watched.platform]
    assert not watched.engine.show("A").providers[watched.platform].in_sync
    assert ends_well(watched)


def test_an_older_snapshot_lacks_what_came_later(watched):
    watched.there.restore("young")
    found = watched.audit()
    assert [one.split()[0] for one in found] == ["MISSING_THERE", "MISSING_THERE"]
    assert ends_well(watched)


@pytest.mark.expects_refusals
def test_an_older_snapshot_has_what_was_taken_away_since_and_one_reset_takes_it_away_again(watched):
    watched.act("REMOVE_INSTALLED_ITEM", "A", item="STB-1")
    watched.act("STOP_SERVICE", "A", service="SPORT")
    watched.there.restore("old")
    assert all(one.startswith("EXTRA_THERE") for one in watched.audit())
    assert ends_well(watched)


def test_one_thing_that_somebody_has_taken_away_there_is_found(watched):
    service = next(line for line in watched.there.holdings()[watched.subject] if "SPORT" in line)
    watched.there.forget(watched.subject, service.split()[-1])
    on = " on STB-1" if watched.platform == "irdeto" else ""
    assert watched.audit() == [f"MISSING_THERE {service}{on}"]
    assert ends_well(watched)


def test_what_a_window_became_there_is_found_with_both(watched):
    if watched.platform == "icareus":
        pytest.skip("knows no windows")
    watched.there.restore("young")
    watched.audit()
    watched.engine.reset("A", watched.platform)
    shorter = TONIGHT | {"end": "2999-01-01T11:00:00Z"}
    (usage,) = [one.number for one in watched.engine.show("A").services if one.window]
    watched.act("CANCEL_SERVICE_USAGE", "A", service=str(usage))
    watched.act("ADD_SERVICE_USAGE", "A", product="PREMIERE", distributors=watched.place, **shorter)
    watched.there.restore("old")
    found = watched.engine.audit("A", watched.platform).differences
    assert [(one.difference, one.believed, one.found) for one in found] == [
        ("WRONG_WINDOW", "2999-01-01T10:00:00Z/2999-01-01T11:00:00Z", "2999-01-01T10:00:00Z/2999-01-01T12:00:00Z")
    ]
    assert ends_well(watched)


def test_an_account_whose_answer_was_lost_is_known_again_by_its_subscriber(lab):
    lab.tucano.faults.put(Fault("lost", "lost_reply", operation="CREATE_ACCOUNT"))
    box = {"product": "STB", "serial_number": "STB-1", "distributors": ["TUCANO_MAIN"]}
    lab.engine.act("BECOME_SUBSCRIBER", number="A", subscriber=ADA, items=[box])
    lab.tucano.faults.clear()
    found = lab.engine.audit("A", "tucano")
    assert (found.providers[0].differences, found.providers[0].settled) == (0, 1)
    assert lab.engine.show("A").providers["tucano"].account == "T100001"
    assert lab.engine.reset("A", "tucano").in_sync
    assert lab.tucano.holdings() == {"T100001": ["account T100001", "material STB-1"]}


@pytest.mark.expects_refusals
def test_an_answer_that_can_t_be_read_changes_nothing_and_is_said(watched):
    watched.there.forget(watched.subject)
    before = watched.engine.show("A")
    watched.there.faults.put(Fault("broken", "garbled"))
    (one,) = watched.engine.audit("A", watched.platform).providers
    assert one.error.startswith("UNREADABLE_REPLY: ")
    assert one.differences == 0
    assert watched.engine.show("A") == before
    watched.there.faults.clear()


def test_nothing_is_asked_of_a_provider_that_is_not_effective_nor_for_whom_nobody_knows(lab):
    lab.engine.set_provider_effective("tucano", effective=False)
    with pytest.raises(NotAllowedError, match="NOT_EFFECTIVE"):
        lab.engine.audit("A", "tucano")
    with pytest.raises(UnknownError, match="subscription"):
        lab.engine.audit("A", "irdeto")
    with pytest.raises(UnknownError, match="provider"):
        lab.engine.audit("A", "elsewhere")
