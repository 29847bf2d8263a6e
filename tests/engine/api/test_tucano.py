"""The calls about subscribers who order: authenticated here and at the platform, or refused by either."""

import pytest

from engine.ports import Failure
from tests.engine.api.bodies import CODE, IDENTIFIER, PIN

AUTHENTICATE, GRANT = "/tucano/subscriber/authenticate", "/tucano/subscriber/access_tokens"
SIGNING = {"jwt_secret": "a secret of at least thirty-two bytes", "api_provider": "headend", "token_life_minutes": "10"}
BY_CODE, BY_PIN = {"access_token_identifier": CODE}, {"access_token_identifier": PIN}


@pytest.fixture
def open_shop(engine, change, subscribe, client):
    """A provider that takes orders, and a subscriber who may."""
    change(connection={**engine.context.configuration.provider("tv").connection, **SIGNING})
    subscribe(engine)
    for shown in (BY_CODE, BY_PIN):
        assert client.post(GRANT, json=IDENTIFIER | shown).json["data"] == {"number": "S0000000001"}
    return engine


def said(answer):
    return answer.status_code, answer.json["status"]["code"], answer.json["status"]["description"]


def test_a_subscriber_gets_the_token_with_which_he_orders(client, open_shop, platform):
    for shown in (BY_CODE, BY_PIN, IDENTIFIER, {"installed_item_identifier": {"serial_number": "B-1-1"}}):
        data = client.post(AUTHENTICATE, json=shown).json["data"]
        assert (data["subscription_id"], data["jwt"].count(".")) == (1, 2)
        assert platform.names[-1] == "GET_ACCOUNT"


def test_who_is_not_known_by_what_he_shows_is_refused_and_it_is_not_repeated(client, open_shop):
    for shown in (
        {"authentication_code": "gu3ssed"},
        {**PIN, "pass_code": "gu3ssed"},
        {**PIN, "identifier": "gu3ssed"},
    ):
        answer = client.post(AUTHENTICATE, json={"access_token_identifier": shown})
        assert said(answer) == (403, "NOT_AUTHENTICATED", "access_token_identifier")
        assert "gu3ssed" not in answer.text


def test_who_is_none_or_not_on_is_refused(client, open_shop):
    assert said(client.post(AUTHENTICATE, json={})) == (400, "INVALID", "body")
    assert said(client.post(AUTHENTICATE, json=IDENTIFIER | BY_CODE)) == (400, "INVALID", "body")
    elsewhere = BY_CODE | {"subscription_type_identifier": {"alternative_code": "OFFICE"}}
    assert said(client.post(AUTHENTICATE, json=elsewhere)) == (409, "NOT_ALLOWED", "subscription_type_identifier")
    client.post("/subscriptions/deactivate_subscription", json=IDENTIFIER)
    assert said(client.post(AUTHENTICATE, json=BY_CODE))[:2] == (409, "NOT_ALLOWED")


def test_a_platform_that_can_not_be_asked_is_said_in_its_words(client, open_shop, platform):
    platform.answer_with(*[Failure("CONNECTION_REFUSED", "Nobody listens.", sent=False)] * 3)
    answer = client.post(AUTHENTICATE, json=BY_CODE)
    assert said(answer) == (502, "CONNECTION_REFUSED", "")
    assert answer.json["status"]["message"].startswith("tv can't be asked: ")


def test_an_access_token_opens_one_subscription(client, open_shop, subscribe, engine):
    subscribe(engine, number="S2")
    for shown in (BY_CODE, BY_PIN):
        taken = client.post(GRANT, json={"subscription_identifier": {"number": "S2"}} | shown)
        assert said(taken) == (409, "NOT_ALLOWED", "access_token_identifier")
    assert client.post(GRANT, json=IDENTIFIER | BY_CODE).status_code == 200
