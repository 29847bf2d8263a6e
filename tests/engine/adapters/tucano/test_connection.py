"""What a provider at Tucano is configured with."""

import pytest

from engine.adapters.tucano import TUCANO
from engine.adapters.tucano.connection import CONNECTION_PARAMETERS, token_life_minutes
from engine.adapters.tucano.messages import inquire
from engine.domain.provider import Provider

CONNECTION = {"end_point": "http://tucano.test", "user_name": "us", "password": "hush", "jwt_secret": "s" * 32}


def test_two_parameters_are_secret_and_three_are_wanted():
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.secret] == ["password", "jwt_secret"]
    assert [name for name, one in CONNECTION_PARAMETERS.items() if one.mandatory] == [
        "end_point",
        "user_name",
        "password",
    ]
    assert not TUCANO.only_one_provider


@pytest.mark.parametrize("life", ["1", "15", "1440"])
def test_a_life_of_a_token_is_a_number_of_minutes_within_a_day(life):
    assert CONNECTION_PARAMETERS["token_life_minutes"].wanted(life) == ""
    assert token_life_minutes({"token_life_minutes": life}) == int(life)


@pytest.mark.parametrize("life", ["", "0", "1441", "-1", "1.5", "1e2", " 1", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 5000])
def test_nothing_else_is(life):
    assert CONNECTION_PARAMETERS["token_life_minutes"].wanted(life) == "a whole number from 1 to 1440"


def test_a_token_lives_for_a_quarter_of_an_hour_unless_said_otherwise():
    assert token_life_minutes({}) == 15


@pytest.mark.parametrize(("secret", "fine"), [("s" * 31, False), ("s" * 32, True), ("é" * 16, True), ("é" * 15, False)])
def test_a_secret_to_sign_with_has_32_bytes(secret, fine):
    assert (CONNECTION_PARAMETERS["jwt_secret"].wanted(secret) == "") is fine


def test_the_question_for_an_account_is_these_bytes_and_carries_what_must_not_be_kept():
    message = inquire(Provider("tv", "TV", "tucano", connection=CONNECTION), "T1", "Q7")
    assert message.body == (
        b"<?xml version='1.0' encoding='UTF-8'?>\n"
        b'<command name="GET_ACCOUNT" reference="Q7"><account id="T1"/></command>'
    )
    assert (message.url, message.credentials) == ("http://tucano.test", ("us", "hush"))
    assert set(message.secrets) == {"hush", "s" * 32}


def test_nothing_of_the_tokens_is_ever_sent():
    connection = CONNECTION | {"api_provider": "APIP-1", "token_life_minutes": "77"}
    message = inquire(Provider("tv", "TV", "tucano", connection=connection), "T1", "Q7")
    sent = message.body.decode() + repr(message.headers) + message.url + "".join(message.credentials)
    assert not any(value in sent for value in ("s" * 32, "APIP-1", "77"))
