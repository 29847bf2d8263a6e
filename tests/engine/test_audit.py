"""Audits at platforms that are called: whatever happened there, an audit and a reset make platform = engine."""

import pytest

from engine.domain.errors import NotAllowedError, UnknownError
from engine.service.auditing.differences import list_differences
from engine.service.files.audited import SHARED
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


class AtConax:
    """A subscription with a card and an STB at Conax, which answers in files."""

    def __init__(self, lab):
        self.lab, self.engine, self.there = lab, lab.engine, lab.conax
        place = {"distributors": ["CONAX_MAIN"]}
        self.engine.act(
            "BECOME_SUBSCRIBER",
            number="A",
            subscriber=ADA,
            services=[{"product": product, **place} for product in ("SPORT", "CINEMA")],
            items=[
                {"product": "SMARTCARD", "serial_number": "012345678901", **place},
                {"product": "STB", "serial_number": "098765432101", **place},
            ],
        )
        self.send()

    def send(self):
        self.engine.run("PROCESS_REQUESTS")
        self.lab.clock.sleep(60)
        return self.engine.run("ERROR_HANDLING")

    def audit(self):
        """What an audit has found, when its answer has come."""
        audited = self.engine.audit("A", "conax")
        (asked,) = audited.providers
        assert (asked.differences, asked.waits, asked.error) == (0, 1, "")
        self.lab.clock.sleep(60)
        answered = self.engine.run("ERROR_HANDLING")
        assert answered.state.startswith("COMPLETED")
        self.log = [one.message for one in self.engine.run_log(answered.id).results if one.subscription]
        by = {"audit": audited.audit}
        found = list_differences(self.engine.context, by, 100).results
        return [(one.difference.value, one.thing, one.believed, one.found) for one in found]

    def ends_well(self):
        self.engine.reset("A", "conax")
        self.send()
        shown, provider = self.engine.show("A"), self.engine.context.provider("conax")
        holdings = self.there.holdings()
        assert shown.providers["conax"].in_sync
        assert held(holdings, provider) == should_hold(shown, provider, self.lab.clock.now(), holdings)
        return True


@pytest.fixture
def at_conax(lab):
    return AtConax(lab)


def test_a_card_that_was_forgotten_is_found_by_its_answer_and_has_all_again_after_one_reset(at_conax):
    assert at_conax.audit() == []
    before = at_conax.there.holdings()
    at_conax.there.forget("01234567890")
    assert [one[:2] for one in at_conax.audit()] == [
        ("MISSING_THERE", "product 10001005 on 012345678901"),
        ("MISSING_THERE", "product 10001006 on 012345678901"),
    ]
    assert at_conax.log == ["conax: differences: 2 (2 MISSING_THERE)"]
    assert at_conax.ends_well()
    assert at_conax.there.holdings() == before


def test_an_older_snapshot_of_the_cards_is_found_with_what_is_gone_and_what_is_back(at_conax):
    at_conax.there.snapshot("old")
    at_conax.engine.act("STOP_SERVICE", "A", service="SPORT")
    at_conax.engine.act("ADD_SERVICE", "A", product="RELIGION", distributors=["CONAX_MAIN"])
    at_conax.send()
    at_conax.there.restore("old")
    kinds = {one[0]: one[1].split()[1] for one in at_conax.audit()}
    assert set(kinds) == {"MISSING_THERE", "EXTRA_THERE"}
    assert at_conax.ends_well()
    assert at_conax.audit() == []


def test_an_end_that_is_another_there_is_found_and_what_ends_too_soon_is_renewed_at_once(at_conax):
    at_conax.there.snapshot("old")
    at_conax.lab.clock.sleep(32 * 24 * 3600)
    at_conax.send()
    at_conax.there.restore("old")
    found = at_conax.audit()
    assert {one[0] for one in found} == {"WRONG_WINDOW"}
    assert all(believed > there for _difference, _thing, believed, there in found)
    assert at_conax.ends_well()
    assert at_conax.audit() == []


def test_what_is_on_its_way_to_a_card_is_left_to_its_own_answer(at_conax):
    at_conax.engine.act("ADD_SERVICE", "A", product="RELIGION", distributors=["CONAX_MAIN"])
    at_conax.lab.conax.faults.put(Fault("late", "late_answer", operation="ADD_SUBSCRIPTIONS", delay_s=3600.0))
    at_conax.engine.run("PROCESS_REQUESTS")
    assert at_conax.audit() == []


@pytest.fixture
def boxed(lab):
    """A subscription with a box at Irdeto."""
    box = {"product": "STB", "serial_number": "STB-1", "distributors": ["IRDETO_MAIN"]}
    assert lab.engine.act("BECOME_SUBSCRIBER", number="A", subscriber=ADA, items=[box]).in_sync
    return lab


def kinds(found):
    return [f"{one.difference} {one.thing} {one.found}".rstrip() for one in found.differences]


def test_a_box_of_which_nobody_knew_is_found_in_the_domain_of_one_that_is_known(boxed):
    known = boxed.irdeto.memory()["clients"]["STB-1"]
    boxed.irdeto.amend_memory({"clients": {"STB-9": known | {"sector": "IRDETO_TWIN1"}}})
    assert kinds(boxed.engine.audit("A", "irdeto")) == ["EXTRA_THERE client STB-9 on IRDETO_TWIN1"]
    assert boxed.engine.reset("A", "irdeto").in_sync
    assert list(boxed.irdeto.holdings()) == ["STB-1"]


@pytest.mark.expects_refusals
def test_a_box_that_somebody_else_has_there_is_not_the_subscriptions(boxed):
    boxed.irdeto.amend_memory({"clients": {"STB-1": {"subscription": "B"}}})
    assert kinds(boxed.engine.audit("A", "irdeto")) == ["DEVICE_UNKNOWN client STB-1"]
    assert [one.error_code for one in boxed.engine.reset("A", "irdeto").requests] == ["SECURE_CLIENT_IN_USE"]


def test_a_box_that_was_moved_there_is_moved_back(boxed):
    boxed.irdeto.amend_memory({"clients": {"STB-1": {"sector": "IRDETO_TWIN1"}}})
    found = kinds(boxed.engine.audit("A", "irdeto"))
    assert found == ["MISSING_THERE client STB-1", "EXTRA_THERE client STB-1 on IRDETO_TWIN1"]
    assert boxed.engine.reset("A", "irdeto").in_sync
    assert boxed.irdeto.holdings() == {"STB-1": ["client STB-1 sector IRDETO_MAIN"]}


def test_a_card_on_which_two_are_believed_to_have_something_says_nothing_of_either(at_conax):
    place = {"distributors": ["CONAX_MAIN"]}
    at_conax.lab.conax.faults.put(Fault("mute", "no_answer", operation="CANCEL_SUBSCRIPTIONS"))
    at_conax.engine.act("REMOVE_INSTALLED_ITEM", "A", item="012345678901")
    card = {"product": "SMARTCARD", "serial_number": "012345678901", **place}
    services = [{"product": "RELIGION", **place}]
    at_conax.engine.act("BECOME_SUBSCRIBER", number="B", subscriber=ADA, services=services, items=[card])
    at_conax.send()
    before = at_conax.engine.show("B")
    for number in "AB":
        assert at_conax.engine.audit(number, "conax").providers[0].asked == 1
    at_conax.lab.clock.sleep(60)
    run = at_conax.engine.run("ERROR_HANDLING")
    said = [(one.subscription, one.message) for one in at_conax.engine.run_log(run.id).results if one.subscription]
    assert said == [(number, f"conax: 012345678901: {SHARED}") for number in "AB"]
    assert at_conax.engine.show("B") == before
