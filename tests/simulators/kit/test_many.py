"""A call about many at once, and the address by which a platform was asked."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from simulators.kit.in_process import SimulatorAdapter
from simulators.kit.platform import Call, Deed, Platform, Reply, Request
from simulators.kit.serving import Server
from simulators.kit.simulator import Simulator
from simulators.tucano.app import tucano
from simulators.tucano.state import State

DONE = Deed(Reply(200, b"", "text/plain"))


def lose(*lost: str, known: Iterable[str] | None = None) -> Call[State]:
    """A call that loses accounts."""

    def perform(state: State, _) -> Deed:
        for account in lost:
            state.forget(account)
        return DONE

    return Call(operation="LOSE", subject="ALL", perform=perform, about=lambda state: known or tuple(state.subjects()))


@pytest.fixture
def answer():
    """Has one call answered by a Tucano with two accounts; gives the journal's entry."""

    def answered(call: Call[State], body: bytes = b"", content_type: str = ""):
        simulator = Simulator(replace(tucano(options=["OPT_A"]), read=lambda _: call))
        state = simulator.workspace().state
        state.create_account("S1", {})
        state.create_account("S2", {})
        state.activate_options("T100002", {"OPT_A": None})
        simulator.answer(Request("POST", "/tucano", body, content_type=content_type))
        return simulator.workspace().journal.find()[0]

    return answered


def test_a_call_about_many_says_of_each_what_changed(answer):
    entry = answer(lose("T100001", "T100002"))
    assert (entry.subject, entry.effect) == ("ALL", "applied")
    assert entry.difference == ["-T100001: account T100001", "-T100002: account T100002", "-T100002: option OPT_A"]


def test_a_call_about_many_that_changes_nobody_is_unchanged(answer):
    entry = answer(lose("T9"))
    assert (entry.effect, entry.difference) == ("unchanged", [])


@pytest.fixture
def addresses():
    """A platform that answers with the address by which it was asked."""

    def read(request: Request) -> Reply:
        return Reply(200, f"{request.origin}{request.path}".encode(), "text/plain")

    platform: Platform[State] = replace(tucano(options=[]), read=read)
    return Simulator(platform)


def test_a_platform_knows_the_address_by_which_it_was_asked(addresses, session):
    with Server(addresses.wsgi, simulator=addresses) as server:
        for path in ("/tucano", "/w/t-1/tucano/orders"):
            assert session.get(f"{server.url}{path}?x").text == f"{server.url}{path}"
        assert session.get(f"{server.url}/a", headers={"Host": "kms.example:80"}).text == "http://kms.example:80/a"


def test_a_platform_without_a_socket_knows_it_too(addresses, session):
    session.mount("http://kms", SimulatorAdapter(addresses))
    assert session.get("http://kms:81/w/t-1/a").text == "http://kms:81/w/t-1/a"
