"""The same reference again: the first answer again, and nothing done twice."""

import pytest

from simulators.tucano import state as memory
from simulators.tucano.codes import Code


def test_the_same_command_again_is_answered_alike_and_done_once(caller, workspace):
    first = caller.create("S1", reference="7")
    again = caller.create("S1", reference="7")
    assert again.body == first.body
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", "unchanged"]
    assert list(workspace.holdings()) == ["T100001"]


def test_a_command_repeated_after_others_undid_it_is_still_not_done_again(caller, workspace):
    caller.create()
    caller.add("STB-1", reference="7")
    caller.remove("STB-1")
    assert caller.add("STB-1", reference="7").accepted
    assert workspace.holdings()["T100001"] == ["account T100001"]


def test_a_refusal_is_remembered_too(caller):
    first = caller.add("STB-1", reference="7")
    caller.create()
    again = caller.add("STB-1", reference="7")
    assert first.error == ("UNKNOWN_ACCOUNT", "T100001")
    assert again.body == first.body


@pytest.mark.parametrize("other", ["<!-- x -->", " "])
def test_another_body_under_the_same_reference_is_refused_even_if_it_means_the_same(caller, other):
    caller.create("S1", reference="7")
    body = caller.command("CREATE_ACCOUNT", '<subscriber number="S1"/>', "7") + other
    assert caller.post(body).error == ("REFERENCE_REUSED", "7")


def test_the_refused_body_does_not_take_the_place_of_the_first(caller):
    first = caller.create("S1", reference="7")
    assert caller.create("S2", reference="7").error == ("REFERENCE_REUSED", "7")
    assert caller.create("S1", reference="7").body == first.body


def test_a_question_is_booked_under_its_reference_like_everything_else(caller):
    caller.create()
    first = caller.show(reference="7")
    caller.add("STB-1")
    assert caller.show(reference="7").body == first.body


def test_every_new_answer_has_a_transaction_of_its_own_refusals_too(caller):
    answers = [caller.create("S1"), caller.create("S1"), caller.post("<junk/>"), caller.create("S2")]
    assert [answer.transaction for answer in answers] == ["TX-1", "TX-2", "TX-3", "TX-4"]


def test_what_was_malformed_is_booked_under_no_reference(caller):
    assert caller.send("ADD_MATERIAL", '<account id="T1"/>', reference="7").error[0] == "MALFORMED"
    assert caller.create(reference="7").accepted


def test_only_so_many_references_are_remembered_and_the_oldest_goes_first(monkeypatch):
    monkeypatch.setattr(memory, "MOST_REFERENCES", 2)
    state = memory.State(memory.Memory())
    answers = [state.once(reference, "body", lambda: None).transaction for reference in ("a", "b", "c", "b", "a")]
    assert answers == ["TX-1", "TX-2", "TX-3", "TX-2", "TX-4"]


def test_a_reference_reused_is_refused_in_the_memory_itself():
    state = memory.State(memory.Memory())
    state.once("a", "one", lambda: None)
    assert state.once("a", "two", lambda: None).code is Code.REFERENCE_REUSED
