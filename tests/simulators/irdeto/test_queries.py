"""What is shown of a secure client: a section for each kind, in the order asked."""

import pytest

from simulators.irdeto.codes import Kind

PLAIN = {
    "PAIRING": [("paired", "no")],
    "ENTITLEMENTS": [],
    "BASIC": [("secureClient", "SC-1"), ("subscription", "S1"), ("registered", "2026-01-01T00:00:00Z")],
    "SECURITY": [("pin", "as delivered")],
    "ANCHORING": [("anchored", "no")],
    "TMS_ATTRIBUTE": [],
    "SECTOR": [("sector", "MAIN"), ("reauthorised", "0")],
    "PVR": [("enabled", "no")],
    "DEVICE_DOMAIN": [("domain", "S1"), ("member", "SC-1")],
}


def test_there_are_nine_kinds_and_each_can_be_asked_for_alone(caller, new_year):
    assert list(PLAIN) == list(Kind)
    caller.register()
    assert [caller.query(kind).sections for kind in PLAIN] == [[section] for section in PLAIN.items()]


@pytest.mark.parametrize(
    "kinds", [list(reversed(PLAIN)), ["SECTOR", "PAIRING"], ["PVR", "PVR"], ["BASIC"] * 100, list(PLAIN)]
)
def test_any_selection_is_answered_in_the_order_asked(caller, workspace, new_year, kinds):
    caller.register()
    assert caller.query(*kinds).sections == [(kind, PLAIN[kind]) for kind in kinds]
    entry = workspace.journal.find()[-1]
    assert (entry.effect, entry.parameters) == ("unchanged", {"secureClient": "SC-1", "kinds": kinds})


def test_a_secure_client_is_shown_with_all_that_is_on_it(caller, new_year):
    caller.register("SC-1", "S1", "MAIN")
    caller.register("SC-2", "S1", "TWIN1")
    caller.register("SC-3", "S3", "MAIN")
    caller.pair()
    caller.add("CA_SPORT", "CA_CINEMA")
    caller.add("CA_PPV", window='start="2026-01-01T18:00:00Z" end="2026-01-01T20:00:00Z"')
    caller.set_pin("1234")
    assert dict(caller.query("PAIRING", "ENTITLEMENTS", "SECURITY", "DEVICE_DOMAIN").sections) == {
        "PAIRING": [("paired", "yes"), ("smartcard", "C-1")],
        "ENTITLEMENTS": [
            ("CA_CINEMA", "without end"),
            ("CA_PPV", "2026-01-01T18:00:00Z/2026-01-01T20:00:00Z"),
            ("CA_SPORT", "without end"),
        ],
        "SECURITY": [("pin", "set")],
        "DEVICE_DOMAIN": [("domain", "S1"), ("member", "SC-1"), ("member", "SC-2")],
    }
    caller.reset_pin("4321")
    assert caller.query("SECURITY").sections == [("SECURITY", [("pin", "reset")])]


@pytest.mark.parametrize("kind", ["pairing", "MAILBOX", "", " PAIRING", "SECTOR\n"])
def test_another_kind_is_refused_whatever_is_asked_beside_it(caller, workspace, kind):
    caller.register()
    answer = caller.query("PAIRING", kind, "NOTHING")
    assert (answer.code, answer.sections) == ("UNKNOWN_KIND", [])
    assert answer.sentence.removeprefix("there is nothing of this kind to ask for").removeprefix(": ") == kind
    assert workspace.journal.violations() == []


def test_a_kind_without_end_is_not_repeated_without_end(caller):
    caller.register()
    assert caller.query("K" * 100_000).sentence.endswith(f": {'K' * 64}")
