"""What never gets to the memory: other paths, other methods, other bodies, and too much of anything."""

from urllib.parse import urlencode

import pytest

from simulators.kit.platform import BODY_LIMIT
from tests.simulators.icareus.signed import ADA, form

CALL = urlencode(form("addUser", **ADA))


def turned_away(workspace, operation: str, status: str) -> None:
    entry = workspace.journal.find()[0]
    assert (entry.operation, entry.outcome, entry.effect, entry.code) == (operation, "answered", "rejected", status)
    assert workspace.holdings() == {}


@pytest.mark.parametrize("path", ["/", "/x", "s", "/openapi.json"])
def test_another_path_is_not_found_in_plain_text(any_client, workspace, path):
    answer = any_client.session.post(any_client.url + path, data=CALL)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert answer.text == f"there is nothing at /delegate/account{path}\n"
    turned_away(workspace, "NOT_FOUND", "404")
    assert workspace.journal.violations() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_not_allowed_and_the_answer_says_which_are(any_client, workspace, method):
    answer = any_client.session.request(method, any_client.url, data=form("addUser", **ADA))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    turned_away(workspace, "METHOD_NOT_ALLOWED", "405")
    assert workspace.journal.violations()[0].violations[0].message == f"{method} is not allowed"


def test_a_call_in_the_query_is_no_call(any_client, workspace):
    assert any_client.session.get(f"{any_client.url}?{CALL}").status_code == 405
    answer = any_client.session.post(f"{any_client.url}?{CALL}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert workspace.holdings() == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=ISO-8859-1",
        "application/x-www-form-urlencoded; charset=nonsense",
        "application/x-www-form-urlencodedx",
    ],
)
def test_a_body_that_is_no_form_in_utf_8_is_not_read(any_client, workspace, content_type):
    answer = any_client.post(CALL, headers={"Content-Type": content_type} if content_type else None)
    assert (answer.status, answer.http.headers["Accept"]) == (415, "application/x-www-form-urlencoded")
    turned_away(workspace, "UNSUPPORTED_MEDIA_TYPE", "415")
    assert len(workspace.journal.violations()) == 1


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_not(any_client, workspace):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    filled = CALL + "&comments=" + "x" * (BODY_LIMIT - len(CALL) - len("&comments="))
    assert any_client.post(filled, headers=headers).code == "INVALID_PARAMETER"
    assert any_client.post(filled + "x", headers=headers).status == 413
    entry = workspace.journal.find()[-1]
    assert (entry.operation, entry.effect, entry.request) == ("TOO_LARGE", "rejected", "")
    assert entry.violations[0].message == f"more than {BODY_LIMIT} bytes"
    assert any_client.session.post(any_client.url, data=iter([b"x" * BODY_LIMIT, b"x"])).status_code == 413


def test_the_contract_is_given_to_everybody_and_is_no_call(any_client, workspace):
    answer = any_client.session.get(any_client.url + "?openapi")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["openapi"] == "3.1.0"
    assert workspace.journal.find() == []


def test_a_workspace_is_named_before_the_path(any_client, simulator, workspace):
    any_client.url = any_client.url.replace("/delegate", "/w/other/delegate")
    simulator.workspace("other").clock.freeze(workspace.clock.now())
    assert any_client.add().ok
    assert any_client.session.get(any_client.url + "?openapi").status_code == 200
    assert (workspace.holdings(), len(simulator.workspace("other").holdings())) == ({}, 1)
