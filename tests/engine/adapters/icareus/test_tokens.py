"""The token of a call: the manual's own example, what it covers, and when it is made."""

import string
from datetime import UTC, datetime
from hashlib import md5
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.icareus.messages import inquire, pack
from engine.adapters.icareus.tokens import sign, token
from engine.domain.provider import Provider

CONNECTION = {"url": "http://icareus.test/delegate/account", "organization_id": "14806", "key": "secret"}
PROVIDER = Provider("ott", "OTT", "icareus", connection=CONNECTION)
VALUES = ("14806", "a", "a", "c", "1", "1", "a", "a", "1", "b@icareus.com")
MOMENT = 0x48DE1DC0
NOW = datetime.fromtimestamp(MOMENT, UTC)
A = {
    "number": "c",
    "first_name": "a",
    "last_name": "a",
    "email": "b@icareus.com",
    "phone": "1",
    "language": "",
    "address": {"postal_code": "a", "city": "a", "country": "GB", "region": "X"},
}
OF_ONES = {"default_country_id": "1", "default_region_id": "1"}


def fields(message):
    return parse_qsl(message.body.decode("ascii"), keep_blank_values=True)


def md5_of(text):
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def token_of(message):
    return dict(fields(message))["token"]


def test_the_manuals_example_comes_out():
    assert token(VALUES, "secret", MOMENT) == "0148de1dc07b011f04a63b03f32bcf9d9568784036"


@pytest.mark.parametrize("language", ["", "fi"])
def test_a_call_with_the_examples_values_has_its_token_whatever_the_language(language):
    provider = Provider("ott", "OTT", "icareus", connection=CONNECTION | OF_ONES)
    unsigned = pack(provider, "ADD_USER", "000001", {"subscriber": A | {"language": language}})
    assert token_of(sign(provider, unsigned, NOW)) == "0148de1dc07b011f04a63b03f32bcf9d9568784036"


def test_the_token_is_the_last_field_and_a_secret():
    unsigned = inquire(PROVIDER, "200001", "Q1")
    signed = sign(PROVIDER, unsigned, NOW)
    made = md5_of("14806:200001:48de1dc0:secret")
    assert signed.body == unsigned.body + f"&token=0148de1dc0{made}".encode()
    assert set(signed.secrets) == {"secret", f"0148de1dc0{made}"}
    assert b"secret" not in signed.body
    assert (signed.url, signed.headers) == (unsigned.url, unsigned.headers)


def test_each_second_has_a_token_of_its_own():
    unsigned = inquire(PROVIDER, "200001", "Q1")
    made = {token_of(sign(PROVIDER, unsigned, datetime.fromtimestamp(MOMENT + second, UTC))) for second in range(60)}
    assert len(made) == 60


@pytest.mark.parametrize(
    ("moment", "time"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), "00000000"),
        (datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC), "ffffffff"),
        (datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC), "00000000"),
        (datetime(2999, 2, 1, tzinfo=UTC), "8fa67700"),
    ],
)
def test_the_time_has_eight_digits_even_when_they_begin_again(moment, time):
    assert token_of(sign(PROVIDER, inquire(PROVIDER, "200001", "Q1"), moment))[2:10] == time


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(name=TEXTS, city=TEXTS, key=TEXTS.filter(bool))
def test_whatever_a_subscriber_is_called_the_token_covers_what_arrives(name, city, key):
    provider = Provider("ott", "OTT", "icareus", connection=CONNECTION | OF_ONES | {"key": key})
    said = A | {"first_name": name, "address": {"city": city}}
    arrived = fields(sign(provider, pack(provider, "ADD_USER", "1", {"subscriber": said}), NOW))
    made = dict(arrived)["token"]
    assert len(made) == 42
    assert set(made) <= set(string.hexdigits.lower())
    signed = ":".join([value for field, value in arrived if field not in {"action", "token"}] + ["48de1dc0", key])
    assert made == f"0148de1dc0{md5_of(signed)}"
    assert (dict(arrived)["firstName"], dict(arrived)["cityName"]) == (name, city)
