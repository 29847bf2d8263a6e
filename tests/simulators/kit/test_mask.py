"""Secrets of a call never reach the journal, nor what is made of it."""

import json
from base64 import b64decode
from dataclasses import replace

import pytest

from simulators.kit import export
from simulators.kit.mask import Mask
from simulators.kit.platform import Call, Deed, Reply, Request, Violation
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from simulators.tucano.state import Catalogue, Memory, State

SECRET = "s3cret"


@pytest.fixture
def journal():
    """The journal of a platform that takes every request for the same call, and answers with the body."""

    def kept(call: Call, *bodies: bytes, content_type: str = "text/plain"):
        def read(request: Request) -> Call:
            reply = Reply(200, request.body, request.content_type)
            return replace(call, perform=lambda _, __: Deed(reply))

        simulator = Simulator(replace(tucano(options=[]), read=read))
        for body in bodies:
            simulator.answer(Request("POST", "/x", body, content_type=content_type))
        return simulator.workspace().journal.find()

    return kept


def call(**said) -> Call:
    return Call(**{"operation": "SAY", "perform": lambda _, __: Deed(Reply(200, b"", "text/plain")), **said})


def test_a_secret_is_masked_in_the_request_the_response_and_the_parameters(journal):
    parameters = {"pin": SECRET, "more": [{"again": f"the {SECRET}."}, 7], "id": f"{SECRET}5"}
    (entry,) = journal(call(secrets=(SECRET,), parameters=parameters), b"pin=s3cret&id=s3cret5")
    assert (entry.request, entry.response) == ("pin=***&id=s3cret5", "pin=***&id=s3cret5")
    assert entry.parameters == {"pin": "***", "more": [{"again": "the ***."}, 7], "id": "s3cret5"}


def test_a_secret_is_masked_in_every_character_set_and_among_bytes_that_are_none(journal):
    (utf16,) = journal(call(secrets=(SECRET,)), SECRET.encode("utf-16"), content_type="text/plain; charset=utf-16")
    assert (utf16.request, utf16.request_base64) == ("***", False)
    (binary,) = journal(call(secrets=(SECRET,)), b"\xff s3cret \xfe")
    assert (b64decode(binary.request), binary.request_base64) == (b"\xff *** \xfe", True)


def test_a_secret_is_masked_where_a_violation_quotes_it(journal):
    (entry,) = journal(call(secrets=(SECRET,), violations=(Violation("/s3cret", "no s3cret here"),)), b"")
    assert entry.violations == (Violation("/***", "no *** here"),)


def test_a_secret_is_in_no_export_and_in_no_view_of_the_call(journal):
    said = call(secrets=(SECRET,), subject="S1", parameters={"pin": SECRET}, violations=(Violation("/", SECRET),))
    entries = journal(said, b"pin=s3cret", b"\xff s3cret")
    log = json.loads(export.har(entries))["log"]["entries"]
    assert log[0]["request"]["postData"]["text"] == "pin=***"
    binary = b64decode(log[1]["request"]["postData"]["text"])
    told = [export.json_lines(entries), export.har(entries), export.mermaid(entries), repr(entries), repr(binary)]
    assert [text for text in told if SECRET in text] == []
    assert SECRET not in repr(replace(said, parameters={}, violations=()))


def test_what_is_hidden_by_its_looks_is_hidden_in_every_text_of_the_entry():
    lines = iter((frozenset(), frozenset({f"device {SECRET}"})))

    def read(request: Request) -> Call:
        line = f"S {SECRET}"
        return call(
            hide=lambda text: text.replace(SECRET, "***"),
            perform=lambda _, __: Deed(Reply(200, request.body, request.content_type), subject=line),
            parameters={"a": [line]},
            reference=line,
            violations=(Violation(line, line),),
        )

    def fresh(catalogue: Catalogue) -> State:
        state = State(Memory(catalogue))
        state.holdings = lambda *_: next(lines)
        return state

    simulator = Simulator(replace(tucano(options=[]), read=read, fresh=fresh))
    simulator.answer(Request("POST", f"/{SECRET}", SECRET.encode(), content_type=f"text/plain; a={SECRET}"))
    (entry,) = simulator.workspace().journal.find()
    assert (entry.subject, entry.reference, entry.path) == ("S ***", "S ***", "/***")
    assert (entry.difference, entry.content_type) == (["+device ***"], "text/plain; a=***")
    assert SECRET not in repr(entry)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "cp037", "x-none", "punycode", "idna"])
def test_a_body_in_another_character_set_than_it_claims_gives_no_secret_back(journal, charset):
    (entry,) = journal(call(secrets=(SECRET,)), b"a=s3cret", content_type=f"text/plain; charset={charset}")
    assert (b64decode(entry.request)[-5:], entry.request_base64) == (b"a=***", True)
    (kept,) = journal(call(secrets=("another",)), b"a=s3cret", content_type=f"text/plain; charset={charset}")
    assert kept.request_base64 is (charset in {"x-none", "punycode", "idna"})


def test_a_body_that_names_an_alphabet_of_host_names_is_not_worked_on_for_minutes(journal):
    (entry,) = journal(call(), b"a-" + b"b" * 1_000_000, content_type="text/plain; charset=Punycode")
    assert entry.request_base64


def test_nothing_is_masked_where_there_is_no_secret(journal):
    parameters = {"a": [1, "***"]}
    (entry,) = journal(call(secrets=("",), parameters=parameters), b"a b")
    assert (entry.request, entry.parameters) == ("a b", parameters)


def test_of_two_secrets_the_longer_is_masked_first():
    assert Mask(("a", "a-b", "")).text("a-b a ab") == "*** *** ab"
    assert Mask(("a.",)).text("ab a.") == "ab ***"
