"""Envelopes sent in bad faith: refused, quickly and in little memory, and the platform is still up."""

import tracemalloc
from pathlib import Path

import pytest

from tests.simulators.irdeto.conftest import NAMESPACE, SOAP, envelope, request

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DEEP = 140_000  # just inside the limit of a body


def register(client: str) -> str:
    return envelope(
        request(
            "REGISTER_SECURE_CLIENT",
            f"<secureClient>{client}</secureClient><subscription>S</subscription><sector>M</sector>",
        )
    )


def hostile() -> dict[str, bytes]:
    secret = Path(__file__).as_uri()
    return {
        "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>{register("&l9;")}'.encode(),
        "laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a x="&l9;"/>'.encode(),
        "one small entity": f'<!DOCTYPE a [<!ENTITY x "SC-1">]>{register("&x;")}'.encode(),
        "external entity": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret}">]>{register("&x;")}'.encode(),
        "external subset": f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">{register("SC-1")}'.encode(),
        "parameter entity": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
        "a mere document type": f"<!DOCTYPE s:Envelope>{register('SC-1')}".encode(),
        "undeclared entity": register("&x;").encode(),
        "deep nesting": b"<a>" * DEEP + b"</a>" * DEEP,
        "deep nesting in an envelope": envelope("<a>" * 1000 + "</a>" * 1000).encode(),
        "deep nesting without an end": b"<a>" * DEEP,
        "a hundred thousand attributes": b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
        "many namespaces": envelope(
            "<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(9_000)) + "/>"
        ).encode(),
        "a long name": b"<" + b"a" * 1_000_000 + b"/>",
        "nul": register("\x00").encode(),
        "a reference to nul": register("&#0;").encode(),
        "junk": bytes(range(256)) * 1000,
        "the wrong encoding": register("SC-1").encode("utf-16"),
        "half a character": register("É").encode()[:-60],
        "an inclusion": b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>',
        "another type": register("SC-1").replace("<secureClient>", '<secureClient xmlns:x="http://www.w3.org/2001/'
            'XMLSchema-instance" x:type="x:no">').encode(),
        "a schema of its own": register("SC-1").replace("<secureClient>", '<secureClient xmlns:x="http://www.w3.org/'
            f'2001/XMLSchema-instance" x:schemaLocation="{NAMESPACE} {secret}" a="b">').encode(),
        "a prefix with two meanings": envelope(f'<k:PAIR xmlns:k="{NAMESPACE}"><k:transactionId xmlns:k="urn:x"/>'
            "</k:PAIR>").encode(),
        "pins without an end": f'<s:Envelope xmlns:s="{SOAP}">{"<pin " * 9_000}'.encode(),
    }  # fmt: skip


@pytest.mark.parametrize("kind", hostile())
def test_a_hostile_envelope_is_a_client_fault_and_nothing_of_it_is_believed(caller, workspace, kind):
    body = hostile()[kind]
    tracemalloc.start()
    answer = caller.post(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (answer.fault, answer.code) == ("Client", "MALFORMED")
    assert peak < 20 * len(body) + 1_000_000
    assert workspace.holdings() == {}
    assert len(workspace.journal.violations()) == 1
    assert "import tracemalloc" not in answer.body.decode()
    assert caller.register().done


def test_the_same_envelopes_over_a_socket_leave_the_port_up(socket_caller, workspace):
    for body in hostile().values():
        assert socket_caller.post(body).code == "MALFORMED"
    assert socket_caller.register().done
    assert len(workspace.journal.violations()) == len(hostile())


def test_the_largest_set_of_entitlements_is_not_hostile(caller, workspace):
    products = [f"CA_{number}" for number in range(1000)]
    workspace.seed({"products": products})
    caller.register()
    assert caller.add(*products, window='start="2026-01-01T18:00:00Z" end="2096-01-01T20:00:00Z"').done
    assert caller.add(*products, "CA_1000").code == "MALFORMED"
    assert caller.remove(*products[1:]).done
    assert len(workspace.holdings()["SC-1"]) == 2
