"""A token where none belongs: not one is written down, whatever is wrong with the call, and wherever it stands."""

from base64 import b64decode

import pytest

from simulators.kit import export
from simulators.kit.charset import charset_of
from tests.simulators.icareus import signed
from tests.simulators.icareus.conftest import USER
from tests.simulators.icareus.signed import ADA, ORGANIZATION, form

TOKEN = signed.token([ORGANIZATION, USER])
ESCAPED = "".join(f"%{ord(each):02X}" for each in TOKEN)
CALL = form("getUser", userId=USER)
FORM = "application/x-www-form-urlencoded"
PATHS = ["/", "/delegate", "/delegate/", "/delegate/account/", "//delegate/account", "/w", "/w/other/delegate", "/x/y"]


@pytest.fixture
def post(client):
    """Send a body to any path of the port."""

    def sent(body: bytes | str, path: str = "/delegate/account", content_type: str = FORM):
        client.session.post(f"http://icareus{path}", data=body, headers={"Content-Type": content_type}, timeout=5)

    return sent


def leaks(entries) -> list[str]:
    """What of the journal and its exports gives a token back."""
    bodies = [
        b64decode(entry.request) if entry.request_base64 else entry.request.encode(charset_of(entry.content_type))
        for entry in entries
    ]
    told = {
        "entries": repr(entries),
        "bodies": repr([body.replace(b"\0", b"") for body in bodies]),
        "json lines": export.json_lines(entries),
        "HAR": export.har(entries),
        "diagram": export.mermaid(entries),
    }
    secrets = (TOKEN, TOKEN[10:], TOKEN.upper(), ESCAPED, ESCAPED[30:])
    return [f"{secret} in {where}" for where, text in told.items() for secret in secrets if secret in text]


@pytest.mark.parametrize("path", PATHS)
def test_a_call_on_another_path_leaves_no_token(client, simulator, post, path):
    body = "&".join(f"{name}={value}" for name, value in CALL.items())
    post(body, path)
    post(f"token={ESCAPED}&action=getUser", path)
    client.session.put(f"http://icareus{path}", data=body)
    entries = [entry for workspace in simulator.workspaces() for entry in workspace.journal.find()]
    assert [entry.status for entry in entries] == [404, 404, 404]
    assert "token=***" in entries[0].request
    assert leaks(entries) == []


@pytest.mark.parametrize("path", [f"/{TOKEN}", f"/delegate/account/{TOKEN}/x", f"/delegate/account;token={TOKEN}"])
def test_a_token_in_the_path_is_masked_there_and_in_the_answer(post, workspace, path):
    post("", path)
    entry = workspace.journal.find()[0]
    assert entry.path == path.replace(TOKEN, "***")
    assert entry.response == f"there is nothing at {entry.path}\n"
    assert leaks([entry]) == []


@pytest.mark.parametrize("escaped", [False, True])
def test_a_token_for_a_name_is_masked_in_all_of_the_entry(client, workspace, escaped):
    if escaped:
        call = form("addUser", **{**ADA, "screenName": TOKEN})
        body = "&".join(f"{name}={ESCAPED if value == TOKEN else value}" for name, value in call.items())
        assert client.post(body.replace("+", "%2B"), headers={"Content-Type": FORM}).ok
    else:
        assert client.add(TOKEN).ok
    client.add_device(TOKEN)
    client.add(TOKEN)
    assert client.send("getUser", screenName=TOKEN.upper()).code == "UNKNOWN_USER"
    entries = workspace.journal.find()
    assert [entry.effect for entry in entries] == ["applied", "applied", "rejected", "rejected"]
    assert [entry.subject for entry in entries] == [USER, USER, "***", "***"]
    assert entries[1].difference == ["+device ***"]
    assert entries[0].parameters["screenName"] == "***"
    assert leaks(entries) == []


@pytest.mark.parametrize("written", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "claimed", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-7", "cp037", "x-none", "punycode"]
)
@pytest.mark.parametrize("even", [True, False])
def test_whatever_character_set_a_body_has_or_claims_no_token_comes_back(post, workspace, written, claimed, even):
    text = f"action=getUser&organizationId={ORGANIZATION}&userId={USER}&token={TOKEN}"
    body = f"{text}{'&' * ((len(text) % 2) is even)}".encode(written)
    post(body, content_type=f"{FORM}; charset={claimed}")
    post(body, "/", f"{FORM}; charset={claimed}")
    assert len(workspace.journal.find()) == 2
    assert leaks(workspace.journal.find()) == []


def test_a_token_in_the_name_of_a_type_is_masked_too(post, workspace):
    post("a", content_type=f"text/{TOKEN}")
    assert workspace.journal.find()[0].content_type == "text/***"
    assert leaks(workspace.journal.find()) == []


def test_what_is_no_token_is_kept(client, workspace):
    for name in (TOKEN[:41], f"02{TOKEN[2:]}", "ab" * 20):
        assert client.add(name).ok
        assert workspace.journal.find()[-1].parameters["screenName"] == name
        assert f"screenName={name}" in workspace.journal.find()[-1].request
