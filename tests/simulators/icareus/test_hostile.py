"""Forms sent in bad faith: refused, quickly and in little memory, and the platform is still up."""

import tracemalloc

import pytest

from tests.simulators.icareus.signed import form

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SET = b"action=activateProducts&organizationId=1&userId=1&token=x&productIds="
# fmt: off
HOSTILE = {
    "half a million parameters":       b"&".join([b"a"] * 500_000),
    "nothing but separators":          b"&" * 1_000_000,
    "nothing but equals signs":        b"=" * 1_000_000,
    "a long name":                     b"a" * 1_000_000,
    "a long word of no hex":           b"action=" + b"x" * 1_000_000,
    "a long word of hex":              b"action=" + (b"0" * 39 + b"x") * 25_000,
    "a long value":                    b"action=" + b"a" * 1_000_000,
    "a number of a million digits":    b"action=getUser&token=x&userId=1&organizationId=" + b"9" * 900_000,
    "a third of a million of escapes": b"action=" + b"%41" * 340_000,
    "half an escape":                  b"action=getUser%4",
    "no escape at all":                b"action=%zz",
    "an overlong escape":              b"action=%c0%af",
    "half a pair":                     b"action=%ed%a0%80",
    "nul":                             b"action=getUser%00",
    "junk":                            bytes(range(256)) * 1000,
    "a million commas":                SET + b"," * 900_000,
    "half a million products":         SET + b",".join([b"a"] * 450_000),
    "words and at signs":              b"action=addUser&emailAddress=" + b"a@" * 400_000,
    "a query in place of a value":     b"action=getUser&organizationId=1' OR '1'='1&userId=1&token=x",
    "a template in place of a name":   b"action={{7*7}}&${jndi:ldap://127.0.0.1/x}=1",
}
# fmt: on


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_form_is_refused_and_nothing_of_it_is_believed(client, workspace, kind):
    body = HOSTILE[kind]
    tracemalloc.start()
    answer = client.post(body, headers=FORM)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.code in {"INVALID_PARAMETER", "MISSING_PARAMETER", "UNKNOWN_ACTION"}
    assert len(answer.http.content) < 1_000
    assert peak < 20 * len(body) + 1_000_000
    assert workspace.holdings() == {}
    assert len(workspace.journal.violations()) == 1
    assert client.add().ok


def test_a_token_of_a_megabyte_is_none(client, workspace):
    assert client.post({**form("getUser", userId="1"), "token": "0" * 1_000_000}).code == "INVALID_TOKEN"
    assert len(workspace.journal.find()[0].request) < 1_000


def test_the_same_forms_over_a_socket_leave_the_port_up(socket_client, workspace):
    for body in HOSTILE.values():
        assert socket_client.post(body, headers=FORM).status == 200
    assert socket_client.add().ok
    assert len(workspace.journal.violations()) == len(HOSTILE)
