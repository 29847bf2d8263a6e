"""Icareus's wire: golden bytes, the published contract, and what is told of a subscriber."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.icareus.messages import inquire, pack
from engine.adapters.icareus.tokens import sign
from engine.domain.provider import Provider
from tests.engine.adapters.icareus.manual import published_by_icareus

CONNECTION = {
    "url": "http://icareus.test/delegate/account",
    "organization_id": "14806",
    "key": "hush",
    "country_ids": "GB=826 FI=246",
    "region_ids": "Greater London=44",
}
ADA = {
    "number": "S0000000329",
    "first_name": "Ada",
    "last_name": "Lovelace & Zoë",
    "email": "ada@example.org",
    "phone": "+44 20",
    "language": "en",
    "address": {
        "street": "12",
        "postal_code": "N1",
        "city": "London",
        "region": "greater london",
        "country": "GB",
    },
}
NOBODY = {"number": "S1", "first_name": "", "last_name": ""}
GOLDEN = (
    (
        "ADD_USER",
        {"subscriber": ADA},
        (
            b"action=addUser&organizationId=14806&firstName=Ada&lastName=Lovelace+%26+Zo%C3%AB&screenName=S0000000329"
            b"&countryId=826&regionId=44&postalCode=N1&cityName=London&phoneNumber=%2B44+20"
            b"&emailAddress=ada%40example.org&languageId=en_GB"
        ),
    ),
    (
        "ADD_USER",
        {"subscriber": NOBODY},
        (
            b"action=addUser&organizationId=14806&firstName=&lastName=&screenName=S1"
            b"&countryId=0&regionId=0&postalCode=&cityName=&phoneNumber=&emailAddress="
        ),
    ),
    (
        "CANCEL_PRODUCTS",
        {"account": "200007", "products": ["P_SPORT", "P_CINEMA"]},
        b"action=cancelProducts&organizationId=14806&userId=200007&productIds=P_CINEMA%2CP_SPORT",
    ),
    (
        "REMOVE_DEVICE",
        {"account": "200007", "device": "STB-1"},
        b"action=removeDeviceFromUser&organizationId=14806&userId=200007&deviceId=STB-1",
    ),
    ("REMOVE_USER", {"account": "200007"}, b"action=removeUser&organizationId=14806&userId=200007"),
    (
        "ADD_DEVICE",
        {"account": "200007", "device": "B+1"},
        b"action=addDeviceToUser&organizationId=14806&userId=200007&deviceId=B%2B1",
    ),
    (
        "ACTIVATE_PRODUCTS",
        {"account": "200007", "products": ["P_SPORT"]},
        b"action=activateProducts&organizationId=14806&userId=200007&productIds=P_SPORT",
    ),
)


def provider(**said):
    return Provider("ott", "OTT", "icareus", connection=CONNECTION | said)


def fields(message):
    return dict(parse_qsl(message.body.decode("ascii"), keep_blank_values=True))


def told(**said):
    return fields(pack(provider(), "ADD_USER", "1", {"subscriber": ADA | said}))


@pytest.mark.parametrize(("request_type", "parameters", "body"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_a_call_is_these_bytes(request_type, parameters, body):
    message = pack(provider(), request_type, "000123", parameters)
    assert message.body == body
    assert message.url == "http://icareus.test/delegate/account"
    assert message.headers == {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    assert message.credentials is None
    assert message.secrets == ("hush",)


@pytest.fixture(scope="module")
def keeps():
    """Whether what is sent for a request keeps to the contract that the platform publishes."""
    contract = published_by_icareus()
    forms = contract["paths"]["/delegate/account"]["post"]["requestBody"]["content"]
    schema = forms["application/x-www-form-urlencoded"]["schema"]
    validator = jsonschema_rs.Draft202012Validator({**schema, "components": contract["components"]})
    now = datetime(2030, 6, 15, tzinfo=UTC)
    return lambda message: validator.is_valid(fields(sign(provider(), message, now)))


@pytest.mark.parametrize(("request_type", "parameters", "body"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_a_call_keeps_to_the_published_contract(request_type, parameters, body, keeps):
    assert keeps(pack(provider(), request_type, "000123", parameters))


@pytest.mark.parametrize("account", ["200007", "CONNECTION-TEST"])
def test_so_does_the_question_for_an_account(account, keeps):
    assert keeps(inquire(provider(), account, "Q1"))


def test_a_call_that_does_not_is_found_out(keeps):
    assert not keeps(pack(provider(), "ADD_DEVICE", "1", {"account": "200007", "device": ""}))


@pytest.mark.parametrize(
    ("account", "field"), [("200001", b"userId=200001"), ("CONNECTION-TEST", b"screenName=CONNECTION-TEST")]
)
def test_the_question_for_an_account_is_these_bytes(account, field):
    message = inquire(provider(), account, "Q1")
    assert message.body == b"action=getUser&organizationId=14806&" + field
    assert message.secrets == ("hush",)


def test_equal_sets_are_equal_bytes():
    one, other = (
        pack(provider(), "CANCEL_PRODUCTS", "1", {"account": "200007", "products": products})
        for products in (["C", "A", "B"], ["B", "C", "A"])
    )
    assert one == other


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en_GB"),
        ("fi", "fi_FI"),
        ("es", "es_ES"),
        ("sv", "sv_SE"),
        ("FI", "fi_FI"),
        ("en-US", "en_US"),
        ("sv_fi", "sv_FI"),
        ("de-AT", "de_AT"),
    ],
)
def test_a_language_is_written_as_the_platform_does(tag, language):
    assert told(language=tag)["languageId"] == language


@pytest.mark.parametrize("tag", ["", "de", "klingon", "fil-PH", "zh-Hant-TW", "en-", "-GB", "en-GB\n"])
def test_a_language_that_the_platform_may_not_have_is_left_out(tag):
    assert "languageId" not in told(language=tag)


def test_a_country_and_a_region_that_have_no_number_are_the_providers_defaults():
    defaults = provider(default_country_id="246", default_region_id="3")
    said = fields(pack(defaults, "ADD_USER", "1", {"subscriber": NOBODY}))
    assert (said["countryId"], said["regionId"]) == ("246", "3")


def test_a_product_that_would_be_read_as_two_can_not_be_sent():
    with pytest.raises(ValueError, match="'A,B' has a comma in it"):
        pack(provider(), "ACTIVATE_PRODUCTS", "1", {"account": "200007", "products": ["A,B"]})


# A subscriber as the engine takes one: texts of no more than so many characters, without controls.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)
LANGUAGES = st.from_regex(r"[A-Za-z]{0,8}([-_][A-Za-z]{1,4}){0,2}", fullmatch=True)


@given(
    texts=st.fixed_dictionaries(dict.fromkeys(("first_name", "last_name", "phone"), TEXT)),
    places=st.fixed_dictionaries(dict.fromkeys(("postal_code", "city", "region", "country"), TEXT)),
    language=LANGUAGES,
)
def test_whatever_a_subscriber_is_called_the_call_keeps_to_the_contract(texts, places, language, keeps):
    said = {"subscriber": {**ADA, **texts, "language": language, "address": places}}
    assert keeps(pack(provider(), "ADD_USER", "1", said))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(
    account=WORDS, device=WORDS, products=st.lists(WORDS.filter(lambda word: "," not in word), min_size=1, unique=True)
)
def test_ids_arrive_as_they_are(account, device, products):
    added = fields(pack(provider(), "ADD_DEVICE", "1", {"account": account, "device": device}))
    assert (added["userId"], added["deviceId"]) == (account, device)
    activated = fields(pack(provider(), "ACTIVATE_PRODUCTS", "1", {"account": account, "products": products}))
    assert activated["productIds"].split(",") == sorted(products)
