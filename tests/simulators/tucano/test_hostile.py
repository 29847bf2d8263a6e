"""Bodies sent in bad faith: refused, quickly and in little memory, and the platform is still up."""

import tracemalloc
from pathlib import Path

import pytest

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DEEP = 140_000  # just inside the limit of a body


def hostile() -> dict[str, bytes]:
    secret = Path(__file__).as_uri()
    return {
        "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(),
        "laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a x="&l9;"/>'.encode(),
        "external entity": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]><command name="&x;"/>'.encode(),
        "external subset": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
        "parameter entity": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
        "undeclared entity": b"<command>&x;</command>",
        "deep nesting": b"<a>" * DEEP + b"</a>" * DEEP,
        "deep nesting without an end": b"<a>" * DEEP,
        "a hundred thousand attributes": b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
        "a long name": b"<" + b"a" * 1_000_000 + b"/>",
        "nul": b'<command name="GET_ACCOUNT" reference="\x00"/>',
        "a reference to nul": b'<command name="GET_ACCOUNT" reference="&#0;"/>',
        "junk": bytes(range(256)) * 1000,
        "the wrong encoding": '<command name="GÉT"/>'.encode("utf-16"),
        "half a character": '<command name="É'.encode()[:-1],
        "a namespace": b'<command xmlns="urn:x" name="GET_ACCOUNT" reference="1"><account id="T1"/></command>',
        "an inclusion": b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>',
    }


def test_the_largest_set_of_options_is_not_hostile(caller, workspace):
    options = [f"OPT_{number}" for number in range(1000)]
    workspace.seed({"options": options})
    caller.create()
    window = 'start="2026-01-01T18:00:00Z" end="2096-01-01T20:00:00Z"'
    assert caller.activate(*options, window=window).accepted
    assert caller.activate(*options, "OPT_1000").error[0] == "MALFORMED"
    assert len(workspace.holdings()["T100001"]) == 1001


@pytest.mark.parametrize("kind", hostile())
def test_a_hostile_body_is_malformed_and_nothing_of_it_is_believed(caller, workspace, kind):
    body = hostile()[kind]
    tracemalloc.start()
    answer = caller.post(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.error[0] == "MALFORMED"
    assert peak < 20 * len(body) + 1_000_000
    assert workspace.holdings() == {}
    assert len(workspace.journal.violations()) == 1
    assert "import tracemalloc" not in answer.body.decode()
    assert caller.create().accepted


def test_the_same_bodies_over_a_socket_leave_the_port_up(socket_caller, workspace):
    for body in hostile().values():
        assert socket_caller.post(body).error[0] == "MALFORMED"
    assert socket_caller.create().accepted
    assert len(workspace.journal.violations()) == len(hostile())
