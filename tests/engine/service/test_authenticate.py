"""A subscriber before ordering: known here, known there, and given the platform's kind of token."""

import base64
import hashlib
import hmac
import json

import pytest

from engine.domain.errors import InvalidError, NotAllowedError, NotAuthenticatedError, PlatformError, UnknownError
from engine.ports import Reply
from engine.service.access import AccessToken
from engine.service.authenticate import Who

NUMBER = "S0000000001"
SECRET = "a secret of at least thirty-two bytes"
CODE, PIN = AccessToken("c0de-of-many-letters"), AccessToken(identifier="ada", pass_code="4711")


@pytest.fixture
def open_shop(engine, change, subscribe):
    """A provider that takes orders, and a subscriber with an account there."""
    known = engine.context.configuration.provider("tv").connection
    signing = {"jwt_secret": SECRET, "api_provider": "headend", "token_life_minutes": "10"}
    change(connection={**known, **signing})
    subscribe(engine, customer_number="C1", subscription_type="HOME")
    engine.grant_access(NUMBER, CODE)
    engine.grant_access(NUMBER, PIN)
    return engine


WAYS = [
    Who(access_token=CODE),
    Who(access_token=PIN),
    Who(access_token=PIN, subscription_type="HOME"),
    Who(serial_number="B-1-1"),
    Who(subscription=NUMBER),
    Who(customer_number="C1"),
]


@pytest.mark.parametrize("who", WAYS, ids=["code", "pass code", "type", "item", "subscription", "customer"])
def test_a_subscriber_is_known_by_any_of_these(open_shop, platform, who, clock, dump):
    before = dump(open_shop)
    found = open_shop.authenticate(who)
    assert platform.names[-1] == "GET_ACCOUNT"
    header, payload, signature = found.jwt.split(".")
    assert json.loads(decoded(header)) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(decoded(payload)) == {
        "exp": int(clock.now().timestamp()) + 600,
        "userid": "T1",
        "apip": "headend",
    }
    expected = hmac.new(SECRET.encode(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
    assert decoded(signature) == expected
    assert found.subscription_id == 1
    assert dump(open_shop) == before


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize(
    "token",
    [
        AccessToken("another code"),
        AccessToken(identifier="ada", pass_code="4712"),
        AccessToken(identifier="eve", pass_code="4711"),
        AccessToken(identifier="c0de-of-many-letters", pass_code="4711"),
    ],
)
def test_who_is_not_known_is_told_nothing_more(open_shop, platform, token):
    sent = len(platform.messages)
    with pytest.raises(NotAuthenticatedError) as refusal:
        open_shop.authenticate(Who(access_token=token))
    assert refusal.value.message == "The access token is not known, or its pass code is another."
    assert len(platform.messages) == sent


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (Who(), "Found none; exactly one is wanted"),
        (
            Who(serial_number="B-1-1", subscription=NUMBER),
            "Found installed_item_identifier and subscription_identifier",
        ),
        (Who(subscription=NUMBER, subscription_type="HOME"), "goes with access_token_identifier only"),
        (Who(access_token=AccessToken()), "exactly one"),
        (Who(access_token=AccessToken("code", "ada")), "exactly one"),
        (Who(access_token=AccessToken("code", pass_code="1")), "go together"),
        (Who(access_token=AccessToken(identifier="ada")), "go together"),
    ],
)
def test_exactly_one_way_is_taken(open_shop, who, said):
    with pytest.raises(InvalidError, match=said):
        open_shop.authenticate(who)


@pytest.mark.parametrize(
    "who",
    [Who(serial_number="B-9"), Who(subscription="S9"), Who(customer_number="C9")],
    ids=["item", "number", "owner"],
)
def test_what_is_unknown_is_said_to_be(open_shop, who):
    with pytest.raises(UnknownError):
        open_shop.authenticate(who)


def test_of_a_customers_subscriptions_the_type_says_which(open_shop, subscribe):
    subscribe(open_shop, number="OFFICE", customer_number="C1", subscription_type="WORK")
    with pytest.raises(NotAllowedError, match=f"2 subscriptions are meant \\({NUMBER}, OFFICE\\)"):
        open_shop.authenticate(Who(access_token=CODE))
    assert open_shop.authenticate(Who(access_token=CODE, subscription_type="WORK")).subscription_id == 2
    with pytest.raises(NotAllowedError, match="0 subscriptions are meant"):
        open_shop.authenticate(Who(access_token=CODE, subscription_type="YACHT"))
    open_shop.act("DEACTIVATE_SUBSCRIPTION", NUMBER)
    assert open_shop.authenticate(Who(customer_number="C1")).subscription_id == 2


def test_who_is_off_orders_nothing(open_shop):
    open_shop.act("DEACTIVATE_SUBSCRIPTION", NUMBER)
    with pytest.raises(NotAllowedError, match="is NOT_EFFECTIVE; wanted: EFFECTIVE or SHORT_TERM_EFFECTIVE"):
        open_shop.authenticate(Who(subscription=NUMBER))


def test_who_has_no_account_there_orders_nothing(open_shop, subscribe, platform, answers):
    platform.answer_with(answers["refused"])
    subscribe(open_shop, number="NEW")
    with pytest.raises(NotAllowedError, match="has no account at tv"):
        open_shop.authenticate(Who(subscription="NEW"))
    assert open_shop.authenticate(Who(subscription=NUMBER), "tv").jwt
    with pytest.raises(UnknownError):
        open_shop.authenticate(Who(subscription=NUMBER), "none")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ("unknown account", NotAllowedError, "NOT_ALLOWED"),
        ("not sent", PlatformError, "CONNECTION_REFUSED"),
        ("lost", PlatformError, "REPLY_LOST"),
        ("busy", PlatformError, "BUSY"),
        ("unreadable", PlatformError, "UNREADABLE_REPLY"),
    ],
)
def test_who_is_not_known_at_the_platform_gets_no_token(open_shop, platform, answers, answer, kind, code):
    platform.answer_with(answers[answer])
    with pytest.raises(kind) as refusal:
        open_shop.authenticate(Who(subscription=NUMBER))
    assert refusal.value.code == code
    platform.answer_with(Reply(401, "Unauthorized"))
    with pytest.raises(PlatformError):
        open_shop.authenticate(Who(subscription=NUMBER))


@pytest.mark.parametrize("missing", ["jwt_secret", "api_provider"])
def test_a_provider_that_can_not_sign_says_what_it_lacks(open_shop, change, missing):
    known = dict(open_shop.context.configuration.provider("tv").connection)
    del known[missing]
    change(connection=known)
    with pytest.raises(NotAllowedError, match=f"connection.{missing} is wanted"):
        open_shop.authenticate(Who(subscription=NUMBER))


def test_a_new_pass_code_takes_the_place_of_the_old_one(open_shop):
    open_shop.grant_access(NUMBER, AccessToken(identifier="ada", pass_code="0815"))
    assert open_shop.authenticate(Who(access_token=AccessToken(identifier="ada", pass_code="0815")))
    with pytest.raises(NotAuthenticatedError):
        open_shop.authenticate(Who(access_token=PIN))
    open_shop.grant_access(NUMBER, CODE)
    assert open_shop.authenticate(Who(access_token=CODE))


def test_two_subscriptions_do_not_share_a_token(open_shop, subscribe, dump):
    subscribe(open_shop, number="OTHER")
    before = dump(open_shop)
    for token in (CODE, AccessToken(identifier="ada", pass_code="1")):
        with pytest.raises(NotAllowedError, match="Another subscription"):
            open_shop.grant_access("OTHER", token)
    assert dump(open_shop) == before


def test_what_opens_is_nowhere_kept_in_clear(open_shop, dump):
    rows = "\n".join(dump(open_shop))
    for secret in (CODE.authentication_code, PIN.pass_code):
        assert f"'{secret}'" not in rows
        assert secret not in repr((CODE, PIN, Who(access_token=PIN)))
