"""Messages, queries, pairs and authorisations of cards on the command line, at a platform that can't be reached."""

import json

import pytest

from harness.cli.requested import requests_table
from harness.clients import EngineClient

CARDS = """
[[providers]]
code = "cards"
name = "Cards"
protocol = "conax"
effective = true
connection = { host_name = "127.0.0.1", port = 1, user_name = "us", password = "hush" }
distributors = [{ code = "CARDS_MAIN", name = "Main" }]
services = [{ product = "SPORT", ca_id = "10001001" }, { product = "CINEMA", ca_id = "10001002" }]
hardware = [{ product = "STB", type = "STB" }, { product = "SMARTCARD", type = "SMARTCARD" }]
retry = { attempts = 1 }

[[definitions]]
code = "ANSWERS"
name = "Answers"
kind = "error_handling"
provider = "cards"
effective = true
"""
CARD, STB = "01234567890", "09000000000"
NEXT = "Left to the next processing run (PROCESS_REQUESTS, */15 * * * *)."


@pytest.fixture(scope="module")
def card(stack):
    """The serial number of a card at Conax, with an STB beside it; and a box at Irdeto."""
    client = EngineClient(stack.addresses["engine"], stack.addresses["token"])
    client.change("/provisioning/configuration/load", {"files": {"cards": CARDS}})
    items = [
        {"product": "SMARTCARD", "serial_number": CARD, "distributors": ["CARDS_MAIN"]},
        {"product": "STB", "serial_number": STB, "distributors": ["CARDS_MAIN"]},
        {"product": "STB", "serial_number": "BOX-1", "distributors": ["IRDETO_MAIN"]},
    ]
    services = [{"product": "Sport", "distributors": ["CARDS_MAIN", "IRDETO_MAIN"]}]
    client.act("BECOME_SUBSCRIBER", subscriber={"first_name": "Ada", "last_name": "L"}, services=services, items=items)
    return CARD


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("message", CARD, "Good evening"), "SEND_MAIL_MESSAGE_TO_CLIENT"),
        (("message", CARD, "Good evening", "--screen", "--duration", "60"), "SEND_BARK_MESSAGE_TO_CLIENT"),
        (("query", CARD), "QUERY_STATUS"),
        (("query", CARD, "--provider", "cards", "--express"), "QUERY_STATUS"),
        (("pair", CARD), "CREATE_PAIRING"),
        (("authorisation", "add", CARD, "Sport"), "ADD_SUBSCRIPTIONS"),
    ],
)
def test_what_is_asked_for_a_card_is_pending_and_the_run_that_takes_it_is_named(arguments, said, headend, card):
    result = headend(*arguments, "--later")
    assert (result.exit_code, result.stderr) == (0, "")
    assert said in result.stdout
    assert NEXT in result.stdout


def test_the_device_says_which_platform_is_meant(headend, card):
    assert json.loads(headend("message", card, "Hi", "--later", "--json").stdout)["provider"] == "cards"
    assert json.loads(headend("message", "BOX-1", "Hi", "--later", "--json").stdout)["provider"] == "irdeto"


def test_several_products_are_several_requests(headend, card):
    start = ("--start", "2999-01-31T20:00:00+01:00")
    result = headend("authorisation", "cancel", card, "Cinema", "--later", "--json", *start)
    (made,) = [json.loads(result.stdout)]
    assert (made["type"], made["parameters_set"]["start_date"]) == ("CANCEL_SUBSCRIPTIONS", "2999-01-31T19:00:00+00:00")
    refused = headend("authorisation", "add", card, "Cinema", "--later")
    assert (refused.exit_code, f"Request {made['number']} of cards" in refused.stderr) == (1, True)


def test_what_is_not_put_there_at_once_stays_for_the_processing_run(headend, card):
    result = headend("message", card, "Now")
    assert (result.exit_code, NEXT in result.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        (("message", CARD, "Hi", "--mode", "RAW"), 2, "--mode is nothing for conax"),
        (("message", "--all", "Hi", "--provider", "cards"), 2, "--all is nothing for conax"),
        (("message", "BOX-1", "Hi", "--duration", "9"), 2, "--duration is nothing for irdeto"),
        (("message", CARD, "x" * 142), 2, "text"),
        (("message", CARD, "Hi", "--sequence", "256"), 2, "is not in the range 1<=x<=255"),
        (("query", CARD, "--kind", "PVR"), 2, "--kind is nothing for conax"),
        (("query", "NOBODYS"), 2, "Unknown installed item 'NOBODYS'"),
        (("pin", "set", CARD, "4711"), 1, f"{CARD} is of product SMARTCARD"),
        (("pair", STB), 1, f"{STB} is of product STB"),
        (("pair", CARD, "--stb", "BOX-1"), 1, "BOX-1 is on IRDETO_MAIN; wanted: one of cards's (CARDS_MAIN)"),
        (("authorisation", "add", CARD), 2, "Missing argument 'PRODUCT…'"),
        (("authorisation", "add", CARD, "Opera"), 2, "Unknown product 'Opera'"),
        (("authorisation", "add", CARD, "Sport", "--start", "tomorrow"), 2, "'tomorrow' is no moment"),
    ],
)
def test_what_can_not_be_asked_is_said_in_a_sentence(arguments, status, why, headend, card):
    result = headend(*arguments)
    assert (result.exit_code, why in result.stderr) == (status, True), result.stderr


def test_requests_are_told_with_their_files_where_one_goes_in_a_file(headend, card):
    (made,) = json.loads(headend("requests", "--provider", "cards", "--limit", "1", "--json").stdout)
    assert "file" not in requests_table([made]).split()
    head, _line, row = requests_table([made, made | {"file": "ps000012"}]).splitlines()
    assert (head.split()[-1], row.split()[-1]) == ("file", "ps000012")
