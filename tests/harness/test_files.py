"""Files of requests on the command line, at a Conax on a socket."""

import json
import re

import pytest

from harness.clients import EngineClient

CARD, STB, ADD = "012345678901", "098765432109", "ps000002"
ADA = {"first_name": "Ada", "last_name": "Lovelace"}
MOMENT = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d")


@pytest.fixture(scope="module")
def number(stack):
    """A subscription with a card and an STB at Conax, to which two files were sent for it."""
    client = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    items = [
        {"product": "SMARTCARD", "serial_number": CARD, "distributors": ["CONAX_MAIN"]},
        {"product": "STB", "serial_number": STB, "distributors": ["CONAX_MAIN"]},
    ]
    services = [{"product": "Sport", "distributors": ["CONAX_MAIN"]}]
    made = client.act("BECOME_SUBSCRIBER", subscriber=ADA, services=services, items=items)
    client.change("/definitions/submit", {"definition_identifier": {"alternative_code": "PROCESS_REQUESTS"}})
    assert client.look("/runs/show", id=1, within_s=20)["state"] == "COMPLETED"
    return made["subscription"]


def told(result):
    """What was printed, without the moments."""
    assert result.exit_code == 0, result.output
    return MOMENT.sub("…", result.stdout).splitlines()


def test_files_are_followed_from_their_sending_to_their_answer(headend, number):
    assert [line.split() for line in told(headend("files", "--provider", "conax"))][1:] == [
        ["conax", "vp000001.emm", "CREATE_PAIRING", STB, "1", "SENT", "…", "-", "-"],
        ["conax", f"{ADD}.emm", "ADD_SUBSCRIPTIONS", "10001005", "1", "SENT", "…", "-", "-"],
    ]
    shown = told(headend("show", number))
    assert f"conax: awaiting the answer of {ADD}, vp000001 since …" in shown
    assert f"  {CARD}  10001005  yes         …  …  of {ADD} awaited" in shown
    assert told(headend("show"))[1].endswith("waiting: conax")
    assert told(headend("run", "ERROR_HANDLING", "--preview"))[-1] == "2 files; nothing was changed."
    told(headend("run", "ERROR_HANDLING"))
    assert told(headend("files", "--state", "SENT")) == ["No files."]
    shown = told(headend("show", number))
    assert "conax: in sync" in shown
    assert f"  {CARD}  10001005  yes         …  …  -" in shown
    result = headend("files", "resend", ADD)
    assert (result.exit_code, result.stderr) == (1, f"Error: File {ADD} is ACCEPTED; wanted: SENT.\n")


def test_a_file_is_shown_with_what_is_in_it(headend, number):
    _head, line, period, *text = told(headend("files", "show", f"{ADD}.emm", "--text"))
    assert (line.split()[1], period) == (f"{ADD}.emm", "from … until …")
    assert (text[0], text[2], text[-2:]) == ("U", "10001005", [CARD[:11], "ZZZ"])
    found = json.loads(headend("files", "show", ADD, "--json").stdout)
    assert (found["reference_number"], found["text"]) == ("000002", None)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "ps000001"),
        ("list", "--text"),
        ("show",),
        ("resend",),
        ("show", "ps000001", "--overdue"),
        ("resend", "ps000001", "--text"),
        ("show", "ps999999"),
        ("list", "--provider", "nobody"),
    ],
)
def test_who_calls_wrongly_is_told_so(arguments, headend):
    result = headend("files", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
