"""`headend access`, `headend authenticate`: by what a subscriber shows who he is, before he orders."""

import json

import jwt
import pytest

PIN = ("--identifier", "ada", "--pass-code", "4711")


@pytest.fixture
def box(subscribed, headend):
    """The serial number of the subscription's box."""
    return json.loads(headend("show", subscribed, "--json").stdout)["installed_items"][0]["serial_number"]


def test_an_access_token_opens_a_subscription_and_authenticates_the_subscriber(headend, subscribed):
    opened = headend("access", subscribed, *PIN)
    assert (opened.exit_code, opened.stdout) == (0, f"The access token opens {subscribed}.\n")
    shown = json.loads(headend("show", subscribed, "--json").stdout)
    found = headend("authenticate", *PIN)
    assert found.exit_code == 0
    said = jwt.decode(found.stdout.strip(), options={"verify_signature": False})
    assert said["userid"] == shown["providers"]["tucano"]["account"]
    assert json.loads(headend("authenticate", *PIN, "--json").stdout)["subscription_id"] == shown["id"]
    refused = headend("authenticate", *PIN[:3], "4712")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "The access token is not known, or its pass code is another." in refused.stderr


def test_a_code_comes_from_the_environment_so_that_it_is_on_no_command_line(headend, subscribed):
    said = {"HEADEND_AUTHENTICATION_CODE": "c0de-of-many-letters"}
    assert json.loads(headend("access", subscribed, "--json", **said).stdout) == {"number": subscribed}
    assert headend("authenticate", **said).exit_code == 0


def test_a_subscriber_is_known_by_his_box_and_by_his_subscription(headend, subscribed, box):
    for known_by in (("--item", box), ("--subscription", subscribed)):
        found = headend("authenticate", *known_by)
        assert (found.exit_code, found.stdout.count(".")) == (0, 2), found.stderr


def test_an_access_token_opens_one_subscription_only(headend, subscribed):
    other = json.loads(
        headend("act", "BECOME_SUBSCRIBER", "--json", "subscriber.first_name=G", "subscriber.last_name=H").stdout
    )["subscription"]
    mine = ("--identifier", subscribed, "--pass-code", "1")
    assert headend("access", subscribed, *mine).exit_code == 0
    refused = headend("access", other, *mine)
    assert (refused.exit_code, refused.stderr) == (1, "Error: Another subscription has this access token.\n")


def test_who_has_ended_is_refused(headend, subscribed):
    assert headend("act", "TERMINATE_SUBSCRIPTION", subscribed).exit_code == 0
    refused = headend("authenticate", "--subscription", subscribed)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{subscribed} is CANCELLED; wanted: " in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("access",), "Missing argument 'SUBSCRIPTION'"),
        (("access", "{}"), "access_token_identifier"),
        (("access", "{}", "--identifier", "ada"), "a pass code and an identifier go together"),
        (("access", "{}", "--code", "c", "--identifier", "ada", "--pass-code", "1"), "exactly one is"),
        (("access", "S9999999999", *PIN), "Unknown subscription 'S9999999999'"),
        (("authenticate",), "Found none; exactly one is wanted of access_token_identifier"),
        (("authenticate", *PIN, "--subscription", "{}"), "Found access_token_identifier and subscription_identifier"),
        (("authenticate", "--item", "NONE"), "Unknown installed item 'NONE'"),
        (("authenticate", "--customer", "NOBODY"), "Unknown customer 'NOBODY'"),
        (("authenticate", "--subscription", "S9999999999"), "Unknown subscription 'S9999999999'"),
        (("authenticate", "--subscription", "{}", "--type", "HOME"), "goes with access_token_identifier only"),
        (("authenticate", "{}"), "unexpected extra argument"),
    ],
)
def test_what_is_called_wrongly_is_a_sentence(headend, subscribed, arguments, sentence):
    wrong = headend(*(one.replace("{}", subscribed) for one in arguments))
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert sentence in wrong.stderr
