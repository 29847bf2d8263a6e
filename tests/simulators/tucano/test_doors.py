"""What never gets to the memory: other paths, other methods, strangers, and too much of anything."""

import pytest

from simulators.kit.platform import BODY_LIMIT


@pytest.mark.parametrize("auth", [None, ("headend", "wrong"), ("someone", "headend"), ("", "")])
def test_without_the_right_credentials_nobody_is_let_in(any_caller, workspace, auth):
    any_caller.session.auth = auth
    answer = any_caller.create()
    assert answer.status == 401
    assert answer.http.headers["WWW-Authenticate"].startswith('Basic realm="Tucano"')
    entry = workspace.journal.find()[0]
    assert (entry.operation, entry.outcome, entry.effect, entry.code) == (
        "UNAUTHENTICATED",
        "answered",
        "rejected",
        "401",
    )
    assert workspace.holdings() == {}


def test_the_password_is_nowhere_in_the_journal(any_caller, workspace):
    any_caller.session.auth = ("headend", "s3cret-word")
    any_caller.create()
    written = repr(workspace.journal.find())
    assert "s3cret-word" not in written
    assert "Basic" not in written.replace("Basic realm", "")


@pytest.mark.parametrize("path", ["/order", "/orders/", "/orders/1", "/Orders", "/w/other/tucano", "//orders"])
def test_another_path_is_not_found_in_plain_text(any_caller, workspace, path):
    answer = any_caller.session.post(any_caller.url + path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text == f"there is nothing at /tucano{path}\n"
    assert workspace.journal.find()[0].operation == "NOT_FOUND"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_not_allowed_and_the_answer_says_which_are(any_caller, workspace, method):
    answer = any_caller.session.request(method, any_caller.url)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert workspace.journal.find()[0].operation == "METHOD_NOT_ALLOWED"


def test_the_contract_is_given_to_everybody_and_is_no_call(any_caller, workspace):
    any_caller.session.auth = None
    answer = any_caller.session.get(any_caller.url + "?xsd")
    assert answer.status_code == 200
    assert b'<xs:element name="command"' in answer.content
    assert workspace.journal.find() == []


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(any_caller, workspace):
    command = any_caller.command("CREATE_ACCOUNT", '<subscriber number="S1"/>')
    filled = command + " " * (BODY_LIMIT - len(command))
    assert any_caller.post(filled).accepted
    assert any_caller.post(filled + " ").status == 413
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.effect, entry.request) == ("TOO_LARGE", "rejected", "")
    assert entry.violations[0].message == f"more than {BODY_LIMIT} bytes"


def test_a_body_sent_in_parts_without_a_length_is_held_to_the_same_limit(any_caller):
    answer = any_caller.session.post(any_caller.url, data=iter([b"x" * BODY_LIMIT, b"x"]))
    assert answer.status_code == 413
