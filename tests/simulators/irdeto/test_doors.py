"""What never gets to the memory: other paths, other methods, strangers, and too much of anything. And the WSDL."""

import pytest
from lxml import etree

from simulators.kit.platform import BODY_LIMIT
from tests.simulators.irdeto.conftest import envelope, request

REGISTER = envelope(
    request("REGISTER_SECURE_CLIENT", "<secureClient>A</secureClient><subscription>S</subscription><sector>M</sector>")
)


@pytest.mark.parametrize("auth", [None, ("headend", "wrong"), ("someone", "headend"), ("", "")])
def test_without_the_right_credentials_nobody_is_let_in(any_caller, workspace, auth):
    any_caller.session.auth = auth
    answer = any_caller.register()
    assert answer.status == 401
    assert answer.http.headers["WWW-Authenticate"].startswith('Basic realm="Irdeto KMS"')
    entry = workspace.journal.find()[0]
    assert (entry.operation, entry.effect, entry.code) == ("UNAUTHENTICATED", "rejected", "401")
    assert workspace.holdings() == {}


def test_the_password_is_nowhere_in_the_journal(any_caller, workspace):
    any_caller.session.auth = ("headend", "s3cret-word")
    any_caller.register()
    written = repr(workspace.journal.find())
    assert "s3cret-word" not in written
    assert "Basic" not in written.replace("Basic realm", "")


@pytest.mark.parametrize("path", ["/", "/x", "/w/other/irdeto", "s"])
def test_another_path_is_not_found_in_plain_text(any_caller, workspace, path):
    answer = any_caller.session.post(any_caller.url + path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text == f"there is nothing at /irdeto{path}\n"
    assert workspace.journal.find()[0].operation == "NOT_FOUND"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_not_allowed_and_the_answer_says_which_are(any_caller, workspace, method):
    answer = any_caller.session.request(method, any_caller.url)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert workspace.journal.find()[0].operation == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("query", ["wsdl", "WSDL"])
@pytest.mark.parametrize("path", ["/irdeto", "/w/t-1/irdeto"])
def test_the_wsdl_is_given_to_everybody_with_the_address_by_which_it_was_asked(any_caller, workspace, path, query):
    any_caller.session.auth = None
    address = any_caller.url.replace("/irdeto", path)
    answer = any_caller.session.get(f"{address}?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    found = etree.fromstring(answer.content).find("{*}service/{*}port/{*}address").get("location")
    assert found == address
    assert workspace.journal.find() == []


@pytest.mark.parametrize("host", ["kms.example", "kms.example:8443", '"><evil/>&', "k\u00fcms"])
def test_whatever_the_host_is_called_the_wsdl_can_be_read(socket_caller, host):
    answer = socket_caller.session.get(f"{socket_caller.url}?wsdl", headers={"Host": host.encode("latin-1")})
    document = etree.fromstring(answer.content)
    assert document.find("{*}service/{*}port/{*}address").get("location") == f"http://{host}/irdeto"
    assert document.find(".//{*}evil") is None


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(any_caller, workspace):
    filled = REGISTER + " " * (BODY_LIMIT - len(REGISTER))
    assert any_caller.post(filled).done
    assert any_caller.post(filled + " ").status == 413
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.effect, entry.request) == ("TOO_LARGE", "rejected", "")
    assert entry.violations[0].message == f"more than {BODY_LIMIT} bytes"


def test_ten_megabytes_are_turned_away_and_the_port_stays_up(any_caller, workspace):
    assert any_caller.post(b"x" * 10_000_000).status == 413
    assert any_caller.post(REGISTER).done
    assert list(workspace.holdings()) == ["A"]


def test_a_body_sent_in_parts_without_a_length_is_held_to_the_same_limit(any_caller):
    answer = any_caller.session.post(any_caller.url, data=iter([b"x" * BODY_LIMIT, b"x"]))
    assert answer.status_code == 413
