"""The same transactionId again: the first answer again, and nothing done twice."""

import pytest

from simulators.irdeto import state as memory
from simulators.irdeto.codes import Code
from tests.simulators.irdeto.conftest import NAMESPACE, SOAP, envelope, request

REGISTER = request(
    "REGISTER_SECURE_CLIENT", "<secureClient>SC-1</secureClient><subscription>S1</subscription><sector>M</sector>", "7"
)
WINDOW = 'start="2096-01-01T18:00:00Z" end="2096-01-01T20:00:00Z"'


def test_the_same_request_again_is_answered_alike_and_done_once(caller, workspace):
    caller.register()
    first = caller.send("Hello", transaction="7")
    again = caller.send("Hello", transaction="7")
    assert again.body == first.body
    assert (again.transaction, again.reference) == ("7", "KMS-2")
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", "applied", "unchanged"]
    assert workspace.journal.find()[-1].reference == "7"


def test_a_request_repeated_after_others_undid_it_is_still_not_done_again(caller, held):
    caller.register()
    caller.pair(transaction="7")
    caller.unpair()
    assert caller.pair(transaction="7").done
    assert held() == ["client SC-1 sector MAIN"]


def test_a_message_to_all_that_is_repeated_reaches_nobody_twice(caller, workspace, held):
    caller.register("SC-1")
    caller.send("Hello", "ALL", transaction="7")
    caller.register("SC-2")
    assert caller.send("Hello", "ALL", transaction="7").done
    assert held("SC-1")[1:] == ['mail "Hello"']
    assert held("SC-2")[1:] == []
    assert workspace.journal.find()[-1].effect == "unchanged"


def test_a_refusal_is_remembered_too(caller):
    first = caller.pair(transaction="7")
    caller.register()
    again = caller.pair(transaction="7")
    assert first.code == "UNKNOWN_SECURE_CLIENT"
    assert first.detail == {"code": "UNKNOWN_SECURE_CLIENT", "transactionId": "7"}
    assert again.body == first.body


def test_a_question_is_booked_under_its_transaction_like_everything_else(caller):
    caller.register()
    first = caller.query("PAIRING", transaction="7")
    caller.pair()
    assert caller.query("PAIRING", transaction="7").body == first.body


def test_another_body_under_the_same_transaction_is_refused_and_does_not_take_its_place(caller, workspace):
    first = caller.register("SC-1", transaction="7")
    refused = caller.register("SC-2", transaction="7")
    assert (refused.code, refused.detail["transactionId"]) == ("TRANSACTION_REUSED", "7")
    assert refused.sentence == "this transactionId came before with another body: 7"
    assert caller.register("SC-1", transaction="7").body == first.body
    assert list(workspace.holdings()) == ["SC-1"]


def test_it_is_the_body_that_counts_and_not_the_envelope(caller, workspace):
    first = caller.post(envelope(REGISTER))
    assert caller.post(envelope(REGISTER, header='<a xmlns="urn:a">later</a>')).body == first.body
    assert caller.post(envelope(f"\n  {REGISTER}  <!-- a comment -->\n")).body == first.body
    renamed = f'<env:Envelope xmlns:env="{SOAP}"><env:Body>{REGISTER}</env:Body></env:Envelope>'
    assert caller.post(renamed).body == first.body
    assert caller.post(envelope(REGISTER.replace("</sector>", "</sector> "))).code == "TRANSACTION_REUSED"
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", *["unchanged"] * 3, "rejected"]


def test_a_body_is_what_it_says_and_not_how_its_namespace_is_written(caller, workspace):
    first = caller.post(envelope(REGISTER))
    plain = REGISTER.replace(f' xmlns="{NAMESPACE}"', "")
    prefixed = plain.replace("</", "<//").replace("<", "<k:").replace("<k://", "</k:")
    declared = f'<s:Envelope xmlns:s="{SOAP}" xmlns="{NAMESPACE}"><s:Body>{plain}</s:Body></s:Envelope>'
    assert caller.post(declared).body == first.body
    assert caller.post(envelope(prefixed).replace("xmlns:s=", f'xmlns:k="{NAMESPACE}" xmlns:s=')).body == first.body
    assert caller.post(envelope(prefixed.replace(">", f' xmlns:k="{NAMESPACE}">', 1))).body == first.body
    assert caller.post(envelope(REGISTER.replace(">M<", "><![CDATA[M]]><"))).body == first.body
    assert caller.post(envelope(REGISTER.replace(">M<", ">N<"))).code == "TRANSACTION_REUSED"
    assert [entry.effect for entry in workspace.journal.find()] == ["applied", *["unchanged"] * 4, "rejected"]


@pytest.mark.parametrize(
    "other",
    [
        '<entitlement caId="CA_PPV"/><entitlement caId="CA_SPORT"/>',
        '<entitlement caId="CA_SPORT"/>',
        f'<entitlement caId="CA_SPORT"/><entitlement caId="CA_PPV" {WINDOW}/>',
    ],
)
def test_other_attributes_or_another_order_are_another_body(caller, other):
    caller.register()
    two = '<entitlement caId="CA_SPORT"/><entitlement caId="CA_PPV"/>'
    assert caller.inner("ADD_ENTITLEMENTS", f"<secureClient>SC-1</secureClient>{two}", "7").done
    assert (
        caller.inner("ADD_ENTITLEMENTS", f"<secureClient>SC-1</secureClient>{other}", "7").code == "TRANSACTION_REUSED"
    )


def test_the_order_of_attributes_makes_no_other_body(caller):
    caller.register()
    ends = 'start="2096-01-01T18:00:00Z"', 'end="2096-01-01T20:00:00Z"'
    first = caller.add("CA_PPV", window=" ".join(ends), transaction="7")
    assert caller.add("CA_PPV", window=" ".join(reversed(ends)), transaction="7").body == first.body


def test_what_breaks_the_contract_is_booked_under_no_transaction_but_named(caller):
    refused = caller.ask("PAIR", "7", secureClient="SC-1")
    assert refused.detail == {"code": "MALFORMED", "transactionId": "7"}
    assert caller.register(transaction="7").done


@pytest.mark.parametrize("transaction", ["", "a b", "1" * 65, "a\u00a0b"])
def test_what_is_no_transaction_is_not_named(caller, transaction):
    body = envelope(request("DEREGISTER_SECURE_CLIENT", "<secureClient>SC-1</secureClient>", transaction))
    assert caller.post(body).detail == {"code": "MALFORMED"}


def test_only_so_many_transactions_are_remembered_and_the_oldest_goes_first(monkeypatch):
    monkeypatch.setattr(memory, "MOST_TRANSACTIONS", 2)
    state = memory.State(memory.Memory())
    answers = [state.once(transaction, "body", lambda: None).reference for transaction in ("a", "b", "c", "b", "a")]
    assert answers == ["KMS-1", "KMS-2", "KMS-3", "KMS-2", "KMS-4"]


def test_a_transaction_reused_is_refused_in_the_memory_itself():
    state = memory.State(memory.Memory())
    state.once("a", "one", lambda: None)
    assert state.once("a", "two", lambda: None).code is Code.TRANSACTION_REUSED
