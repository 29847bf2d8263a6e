"""What `headend provider test` says of a connection, and its exit status."""

import pytest
from click.testing import CliRunner

from harness.cli import reach
from harness.cli.provider import provider

FINE = {"provider": "conax", "reachable": True, "credentials_hold": True, "code": "", "description": "", "field": ""}
MISSING = {"code": "NOT_FOUND", "description": "There is no /autreq/ok.", "field": "home_directory"}
WRONG = {"credentials_hold": False, "code": "LOGIN_REFUSED", "description": "No.", "field": "user_name, password"}


class Engine:
    def __init__(self, found):
        self.found = found

    def send(self, _method, _path, _body):
        return {"data": self.found}


@pytest.mark.parametrize(
    ("found", "said", "status"),
    [
        ({}, "conax: reachable, the credentials hold (OK; 3 ms).", 0),
        (
            MISSING,
            "conax: reachable, the credentials hold (NOT_FOUND There is no /autreq/ok; see home_directory; 3 ms).",
            reach.REFUSED,
        ),
        (
            WRONG,
            "conax: reachable, the credentials do not hold (LOGIN_REFUSED No; see user_name, password; 3 ms).",
            reach.REFUSED,
        ),
    ],
)
def test_a_connection_is_told_in_a_sentence_that_names_what_is_to_blame(found, said, status, monkeypatch):
    monkeypatch.setattr(reach, "engine", lambda _url: Engine(FINE | {"milliseconds": 3} | found))
    told = CliRunner().invoke(provider, ["test", "conax"])
    assert (told.output.strip(), told.exit_code) == (said, status)
