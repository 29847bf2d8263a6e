"""Messages, PINs, queries, sectors and the communication queue on the command line, at a platform on sockets."""

import json

import pytest

from harness.clients import EngineClient

MAIL_BY_HAND = """
[[definitions]]
code = "MAIL_BY_HAND"
name = "Mail"
kind = "mail"
provider = "irdeto"
filters = { external_system = "CRM" }
effective = true
"""


@pytest.fixture(scope="module")
def box(stack):
    """The serial number of a box at Irdeto; beside it is its card, CARD-1."""
    client = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    client.change("/provisioning/configuration/load", {"files": {"mail": MAIL_BY_HAND}})
    items = [
        {"product": product, "serial_number": serial_number, "distributors": ["IRDETO_MAIN"]}
        for product, serial_number in (("STB", "BOX-1"), ("SMARTCARD", "CARD-1"))
    ]
    ada = {"first_name": "Ada", "last_name": "Lovelace"}
    services = [{"product": "Sport", "distributors": ["IRDETO_MAIN"]}]
    assert client.act("BECOME_SUBSCRIBER", subscriber=ada, services=services, items=items)["in_sync"]
    elsewhere = [{"product": "STB", "serial_number": "BOX-2", "distributors": ["ICAREUS_MAIN"]}]
    assert client.act("BECOME_SUBSCRIBER", subscriber=ada, items=elsewhere)["in_sync"]
    return "BOX-1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("message", "BOX-1", "Good evening"), "SEND_MESSAGE"),
        (("message", "--all", "Good evening", "--screen", "--express"), "SEND_MESSAGE"),
        (("pin", "set", "BOX-1", "4711"), "SET_PIN"),
        (("pin", "reset", "BOX-1"), "RESET_PIN"),
        (("reauthorise", "BOX-1", "--provider", "irdeto"), "REAUTHORISE_SECTOR"),
    ],
)
def test_what_is_asked_of_a_device_is_done(arguments, said, headend, box):
    result = headend(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert said in result.stdout
    assert "COMPLETED" in result.stdout
    assert "4711" not in result.stdout


def test_a_pin_may_stand_in_the_environment(headend, box, monkeypatch):
    monkeypatch.setenv("HEADEND_PIN", "47")
    assert "new_pin" in headend("pin", "set", box).stderr
    assert headend("pin", "reset", box).exit_code == 0
    monkeypatch.setenv("HEADEND_PIN", "4711")
    assert headend("pin", "set", box).exit_code == 0


def test_a_query_is_answered_kind_by_kind(headend, box):
    result = headend("query", box, "--kind", "pairing", "--kind", "ENTITLEMENTS")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if not line.startswith(" ")] == ["PAIRING", "ENTITLEMENTS"]
    assert "CARD-1" in result.stdout
    assert len(json.loads(headend("query", box, "--json").stdout)["answer"]) == 9


NEXT = "Left to the next processing run (PROCESS_REQUESTS, */15 * * * *)."
AFTER = "Left to the first processing run after 2999-01-01T00:00:00Z (PROCESS_REQUESTS, */15 * * * *)."


@pytest.mark.parametrize(("when", "run"), [(("--later",), NEXT), (("--at", "2999-01-01T00:00:00Z"), AFTER)])
def test_what_is_left_for_later_is_pending_and_the_run_that_takes_it_is_named(when, run, headend, box):
    made = json.loads(headend("message", box, "Later", "--json", *when).stdout)
    assert made["life_cycle_state"] == "PENDING"
    assert headend("message", box, "Later", *when).stdout.splitlines()[2:] == [run]
    assert "Left to" not in headend("message", box, "Now").stdout


def test_what_is_pending_is_listed_with_its_moment_and_priority_where_it_has_one(headend, box):
    headend("message", box, "Later", "--at", "2999-01-01T00:00:00Z", "--express")
    head, *_others, last = headend("requests", "--provider", "irdeto", "--state", "PENDING").stdout.splitlines()
    assert head.split()[:2] == ["provider", "number"]
    assert head.endswith("priority  scheduled date")
    assert last.split()[-2:] == ["EXPRESS", "2999-01-01T00:00:00Z"]
    assert "priority" not in headend("requests", "--type", "PAIR").stdout


def test_the_answer_to_a_query_that_was_left_for_later_is_read_when_it_is_there(headend, box):
    left = headend("query", box, "--kind", "PAIRING", "--later").stdout
    look = left.split("`")[1].split()[1:]
    before = headend(*look).stdout.count("  paired")
    assert headend("run", "PROCESS_REQUESTS").exit_code == 0
    answered = headend(*look).stdout
    assert headend("query", box, "--kind", "PAIRING").stdout in f"{answered}\n"
    assert answered.count("  paired") == before + 1
    assert headend("requests", "--state", "REJECTED", "--type", "PAIR", "--answers").stdout == "No requests.\n"


def test_what_a_box_should_hold_is_shown_beside_what_it_is_believed_to_hold(headend, box):
    assert headend("outage", "irdeto").exit_code == 0
    headend("act", "ADD_SERVICE", "S0000000001", "product=Cinema", "distributors=IRDETO_MAIN")
    assert headend("outage", "irdeto", "--over").exit_code == 0
    shown = [line.split() for line in headend("show", "S0000000001").stdout.splitlines()]
    here = ["IRDETO_MAIN", "CARD-1"]
    assert ["device", "distributor", "paired", "services"] in shown
    assert [box, "should", "hold", *here, "CA_CINEMA,", "CA_SPORT"] in shown
    assert ["believed", "held", *here, "CA_SPORT"] in shown
    assert headend("reset", "S0000000001").exit_code == 0
    believed = json.loads(headend("show", "S0000000001", "--json").stdout)["providers"]["irdeto"]["believed_held"]
    assert believed["seats"] == {
        box: {"distributor": "IRDETO_MAIN", "paired": "CARD-1", "services": ["CA_CINEMA", "CA_SPORT"]}
    }


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        (("message", "BOX-9", "Hello"), 2, "Unknown installed item 'BOX-9'"),
        (("message", "CARD-1", "Hello"), 1, "CARD-1 is of product SMARTCARD"),
        (("message", "BOX-1", "Hello", "--provider", "tucano"), 1, "tucano takes no messages"),
        (("message", "BOX-1", "Ж"), 2, "text: found"),
        (("message", "BOX-1"), 2, "A SERIAL and a TEXT are wanted"),
        (("message", "BOX-1", "Hello", "--all"), 2, "--all takes only a TEXT"),
        (("message", "BOX-1", "Hello", "--later", "--at", "2999-01-01T00:00:00Z"), 2, "exclude each other"),
        (("message", "BOX-1", ""), 2, 'It is empty; wanted is one such as STB-1 "Your'),
        (("message", "BOX-1", "Hello", "--at", "2999-01-01T00:00:00"), 2, "has no time with an offset; wanted is one"),
        (("query", ""), 2, "It is empty; wanted is one such as STB-1."),
        (("pin", "set", "BOX-1"), 2, "set takes the new PIN"),
        (("pin", "reset", "BOX-1", "4711"), 2, "reset takes no PIN"),
        (("pin", "set", "BOX-1", "47"), 2, "new_pin"),
        (("query", "BOX-1", "--kind", "MOOD"), 2, "'MOOD' is not one of"),
        (("message", "BOX-2", "Hello"), 1, "IRDETO_TWIN3); icareus takes no messages."),
        (("query", "BOX-2"), 1, "BOX-2 is on ICAREUS_MAIN; wanted: one of irdeto's (IRDETO_MAIN"),
        (("requests", "--texts", "--answers"), 2, "exclude each other"),
        (("communication", "add", "S0000000001", "Hello"), 2, "--system"),
        (("communication", "add", "S9999999999", "Hello", "--system", "CRM"), 2, "Unknown subscription"),
        (
            ("communication", "add", "S0000000001", " ", "--system", "CRM"),
            2,
            "The TEXT is empty; wanted is one such as",
        ),
        (("communication", "remove", "first"), 2, "a number"),
        (("communication", "remove", "99"), 2, "Unknown communication entry"),
        (("communication", "list", "first"), 2, "list takes no words"),
    ],
)
def test_what_can_not_be_asked_is_said_in_a_sentence(arguments, status, why, headend, box):
    result = headend(*arguments)
    assert (result.exit_code, why in result.stderr) == (status, True), result.stderr


def test_what_the_platform_does_not_answer_ends_with_its_status(headend, box):
    assert headend("outage", "irdeto").exit_code == 0
    result = headend("message", box, "Hello")
    assert headend("outage", "irdeto", "--over").exit_code == 0
    assert result.exit_code == 1
    assert "CONNECTION_REFUSED" in result.stdout
    assert headend("message", box, "Hello").exit_code == 0


def test_what_is_queued_is_previewed_sent_and_taken_out(headend, box):
    first = json.loads(headend("communication", "add", "S0000000001", "Bill", "--system", "CRM", "--json").stdout)
    assert "No entries." in headend("communication", "list", "--system", "ERP").stdout
    previewed = headend("run", "MAIL_BY_HAND", "--preview").stdout
    assert "SEND_MESSAGE" in previewed
    assert "BOX-1 MAIL ANSI Bill" in previewed
    assert headend("run", "MAIL_BY_HAND").exit_code == 0
    assert "COMPLETED" in headend("communication", "list", "--state", "COMPLETED").stdout
    removed = headend("communication", "remove", str(first["id"]))
    assert "COMPLETED_AND_REMOVED" in removed.stdout
    second = json.loads(headend("communication", "add", "S0000000001", "Bill", "--system", "ERP", "--json").stdout)
    assert headend("communication", "remove", str(second["id"])).stdout == f"Entry {second['id']} is deleted.\n"
    again = headend("communication", "remove", str(first["id"]))
    assert (again.exit_code, "wanted: COMPLETED" in again.stderr) == (1, True)


def test_a_mail_run_says_how_much_it_would_send_and_what_it_could_not(headend, box):
    nobody = "S0000000002"
    headend("run", "MAIL_BY_HAND")
    for number in ("S0000000001", nobody):
        headend("communication", "add", number, "Bill", "--system", "CRM")
    for name, product in (("serial_number=BOX-3", "STB"), ("serial_number=CARD-3", "SMARTCARD")):
        item = (f"product={product}", name, "distributors=IRDETO_MAIN")
        assert headend("act", "ADD_INSTALLED_ITEM", "S0000000001", *item).exit_code in {0, 1}
    previewed = headend("run", "MAIL_BY_HAND", "--preview").stdout
    assert previewed.endswith("2 requests, 1 rejection for 2 entries; nothing was changed.\n")
    part = headend("run", "MAIL_BY_HAND", "--preview", "--limit", "1").stdout
    assert part.endswith("2 requests for 1 entry (part of all: 1 of 2); nothing was changed.\n")
    done = headend("run", "MAIL_BY_HAND")
    assert done.exit_code == 1
    assert "1 entry rejected without a request." in done.stdout
    assert "says what went wrong" in done.stdout


def test_a_run_with_rejections_says_where_to_read_of_them(headend, box):
    headend("communication", "add", "S0000000001", "Bill", "--system", "CRM")
    assert (
        headend("fault", "refuse", "code=UNKNOWN_SECURE_CLIENT", "--platform", "irdeto", "--name", "no").exit_code == 0
    )
    done = headend("run", "MAIL_BY_HAND")
    headend("fault", "--clear")
    assert done.exit_code == 1
    assert "without a request" not in done.stdout
    assert "says what went wrong" in done.stdout
