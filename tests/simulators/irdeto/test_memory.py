"""The memory as a document: taken back as it was given, and refused if no request could have led to it."""

import pytest

from simulators.irdeto.codes import Kind


def full(caller) -> None:
    caller.register("SC-1")
    caller.register("SC-2", "S2", "TWIN1")
    caller.pair()
    caller.add("CA_SPORT")
    caller.add("CA_PPV", window='start="2026-01-01T18:00:00Z" end="2096-01-01T20:00:00Z"')
    caller.send("Hello", "ALL")
    caller.send("00ff", mode="RAW")
    caller.set_pin("1234")
    caller.reset_pin("4321", "SC-2")
    caller.reauthorise()
    caller.query(*Kind)
    caller.pair(card="C-9")


def test_a_memory_is_taken_back_as_it_was_given(caller, workspace):
    full(caller)
    document, holdings = workspace.memory(), workspace.holdings()
    workspace.reset()
    assert workspace.holdings() == {}
    workspace.remember(document)
    assert (workspace.memory(), workspace.holdings()) == (document, holdings)
    assert caller.register("SC-3").reference == "KMS-12"
    assert caller.pair("SC-2", "C-1").code == "ALREADY_PAIRED"


def test_a_snapshot_is_a_memory_of_its_own(caller, workspace):
    full(caller)
    workspace.snapshot("s")
    holdings = workspace.holdings()
    caller.deregister("SC-1")
    caller.send("later", "SC-2")
    workspace.restore("s")
    assert workspace.holdings() == holdings
    caller.deregister("SC-1")
    workspace.restore("s")
    assert workspace.holdings() == holdings


CLIENT = {"subscription": "S1", "sector": "M", "registered": "2026-01-01T00:00:00Z"}


# fmt: off
NO_MEMORIES = [
    ({"clients": {"ALL": CLIENT}},                                        "no secure client can be called ALL"),
    ({"clients": {"A": {**CLIENT, "smartcard": "C"}, "B": {**CLIENT, "smartcard": "C"}}},
                                                                          "C is paired with A and with B"),
    ({"clients": {"a b": CLIENT}},                                        "no memory of Irdeto's"),
    ({"clients": {"A": {**CLIENT, "registered": "2026-01-01T00:00:00.5Z"}}}, "instants in UTC, to the second"),
    ({"clients": {"A": {**CLIENT, "pin": {"digits": "12"}}}},             "a PIN has four digits"),
    ({"clients": {"A": {**CLIENT, "pin": {"digits": "1234", "how": "set"}}}}, "count of changes"),
    ({"clients": {"A": {**CLIENT, "messages": [{"type": "SMS", "mode": "ANSI", "text": "x"}]}}}, "SMS"),
    ({"clients": {"A": {**CLIENT, "entitlements": {"CA": {"window": ["2026-01-02T00:00:00Z"] * 2}}}}},
                                                                          "the end after the start"),
    ({"answers": {"7": {"fingerprint": "f", "answer": {"code": "NO_CODE"}}}}, "NO_CODE"),
    ({"accounts": {}},                                                    "accounts"),
    ({"next_reference": 0},                                               "next_reference"),
]
# fmt: on


@pytest.mark.parametrize(("document", "said"), NO_MEMORIES)
def test_what_is_no_memory_of_irdetos_is_refused_and_nothing_has_changed(caller, workspace, document, said):
    caller.register()
    before = workspace.memory()
    with pytest.raises(ValueError, match=said):
        workspace.remember(document)
    assert workspace.memory() == before


def test_what_is_no_catalogue_of_irdetos_is_refused(workspace):
    with pytest.raises(ValueError, match="this is no catalogue of Irdeto's"):
        workspace.seed({"options": []})
