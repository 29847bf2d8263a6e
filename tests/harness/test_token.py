"""`headend token`, and how commands find the token that they show the engine."""

import json

import pytest

from engine.service.tokens import TRUSTED_FOR
from harness import running
from harness.cli.reach import token
from harness.clients import CallError, EngineClient


def test_a_token_is_made_used_listed_and_revoked(headend, stack):
    made = json.loads(headend("token", "create", "crm", "--json").stdout)
    client = EngineClient(stack.addresses["engine"], made["token"])
    assert client.subscriptions(10) == []
    assert "crm" in headend("token", "list").stdout
    assert made["token"] not in headend("token", "list", "--json").stdout
    assert headend("token", "revoke", "crm").stdout == "crm is revoked.\n"
    with pytest.raises(CallError, match="A token is not known") as refusal:
        until_it_is_refused(client)
    assert refusal.value.status == 401


def until_it_is_refused(client):
    for _ in range(int(TRUSTED_FOR.total_seconds()) * 10_000):
        client.subscriptions(10)


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("create", "a b"), 2, "name is 'a b'"),
        (("create",), 2, "create takes a NAME"),
        (("list", "crm"), 2, "list takes no name"),
        (("revoke", "nobody"), 2, "Unknown token 'nobody'"),
    ],
)
def test_what_is_wrong_is_a_sentence(headend, arguments, status, sentence):
    result = headend("token", *arguments)
    assert result.exit_code == status
    assert sentence in result.stderr


def test_a_name_that_is_taken_is_refused(headend):
    assert headend("token", "create", "twice").exit_code == 0
    result = headend("token", "create", "twice")
    assert (result.exit_code, result.stderr) == (1, "Error: There is a token twice, in use.\n")


def test_without_a_token_a_command_says_what_is_wanted(headend):
    result = headend("show", HEADEND_TOKEN="")
    assert result.exit_code == 2
    assert "A token is wanted" in result.stderr


def test_the_token_that_was_noted_goes_to_that_engine_and_to_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADEND_HOME", str(tmp_path))
    monkeypatch.delenv("HEADEND_TOKEN", raising=False)
    assert token(None) == ""
    running.note({"engine": "http://127.0.0.1:1", "token": "noted"})
    assert token(None) == token("http://127.0.0.1:1") == "noted"
    assert token("http://192.0.2.1:1") == ""
    monkeypatch.setenv("HEADEND_TOKEN", "said")
    assert token(None) == token("http://192.0.2.1:1") == "said"
