"""Irdeto's wire: golden bytes, character sets, the published description."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.adapters.irdeto.messages import inquire, pack
from engine.domain.provider import Provider
from engine.service import transcript

WSDL = etree.parse(Path(__file__).parents[4] / "simulators" / "irdeto" / "irdeto.wsdl")
SCHEMA = etree.XMLSchema(WSDL.find(".//{http://www.w3.org/2001/XMLSchema}schema"))
KMS = {"kms": "urn:headend:irdeto-kms:1"}
CLIENT = {"secure_client": "STB-1"}
WINDOWS = {"1002": ["2030-07-01T18:00:00+00:00", "2030-07-01T23:00:00+00:00"]}
GOLDEN = (
    (
        "REGISTER_SECURE_CLIENT",
        CLIENT | {"subscription": "S1", "distributor": "IRDETO_MAIN"},
        "<subscription>S1</subscription><sector>IRDETO_MAIN</sector>",
    ),
    ("DEREGISTER_SECURE_CLIENT", CLIENT, ""),
    ("PAIR", CLIENT | {"smartcard": "CARD-1"}, "<smartcard>CARD-1</smartcard>"),
    ("UNPAIR", CLIENT | {"smartcard": "CARD-1"}, "<smartcard>CARD-1</smartcard>"),
    (
        "ADD_ENTITLEMENTS",
        CLIENT | {"entitlements": ["1002", "1001"], "windows": WINDOWS},
        """<entitlement caId="1001"/>
        <entitlement caId="1002" start="2030-07-01T18:00:00Z" end="2030-07-01T23:00:00Z"/>""",
    ),
    ("REMOVE_ENTITLEMENTS", CLIENT | {"entitlements": ["B", "A"]}, "<caId>A</caId><caId>B</caId>"),
    (
        "SEND_MESSAGE",
        CLIENT | {"type": "MAIL", "text_mode": "ANSI", "text": "Pay <now> & watch"},
        "<type>MAIL</type><textMode>ANSI</textMode><text>Pay &lt;now&gt; &amp; watch</text>",
    ),
    (
        "SEND_MESSAGE",
        {"secure_client": "ALL", "type": "MESSAGE", "text_mode": "UNICODE", "text": "Hé"},
        "<type>MESSAGE</type><textMode>UNICODE</textMode><text>004800E9</text>",
    ),
    ("SET_PIN", CLIENT | {"pin": "4711"}, "<pin>4711</pin>"),
    ("RESET_PIN", CLIENT | {"pin": "0001"}, "<pin>0001</pin>"),
    ("QUERY_SECURE_CLIENT", CLIENT | {"kinds": ["PVR", "BASIC"]}, "<kind>PVR</kind><kind>BASIC</kind>"),
    ("REAUTHORISE_SECTOR", CLIENT, ""),
)
NAMES = [f"{row[0]}-{number}" for number, row in enumerate(GOLDEN)]


def provider(charset=""):
    connection = {"end_point": "http://kms.test/irdeto", "user_name": "us", "password": "secret", "default_pin": "4711"}
    return Provider(
        "kms", "KMS", "irdeto", connection=connection | ({"character_set_encoding": charset} if charset else {})
    )


def call_in(message):
    return etree.fromstring(message.body)[0][0]


@pytest.mark.parametrize(("name", "parameters", "inside"), GOLDEN, ids=NAMES)
def test_a_call_is_these_bytes(name, parameters, inside):
    message = pack(provider(), name, "000123", parameters)
    document = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{name} xmlns="urn:headend:irdeto-kms:1"><transactionId>000123</transactionId>'
        f"<secureClient>{parameters['secure_client']}</secureClient>"
        f"{''.join(line.strip() for line in inside.splitlines())}</{name}></soap:Body></soap:Envelope>"
    )
    assert message.body == b"<?xml version='1.0' encoding='UTF-8'?>\n" + document.encode()
    assert message.url == "http://kms.test/irdeto"
    assert message.headers == {
        "Content-Type": "text/xml; charset=UTF-8",
        "SOAPAction": f'"urn:headend:irdeto-kms:1/{name}"',
    }
    assert message.credentials == ("us", "secret")


@pytest.mark.parametrize(("name", "parameters", "inside"), GOLDEN, ids=NAMES)
def test_a_call_keeps_to_the_published_description(name, parameters, inside):
    SCHEMA.assertValid(call_in(pack(provider(), name, "000123", parameters)))


def test_every_request_is_an_operation_of_the_published_description_and_the_other_way_round():
    operations = WSDL.findall(
        ".//{http://schemas.xmlsoap.org/wsdl/}portType/{http://schemas.xmlsoap.org/wsdl/}operation"
    )
    assert {one.get("name") for one in operations} == {row[0] for row in GOLDEN}


@pytest.mark.parametrize("name", ["ADD_ENTITLEMENTS", "REMOVE_ENTITLEMENTS"])
def test_equal_sets_are_equal_bytes(name):
    one, other = (
        pack(provider(), name, "1", CLIENT | {"entitlements": ids}) for ids in (["C", "A", "B"], ["B", "C", "A"])
    )
    assert one == other


def test_the_question_is_for_the_basics_of_a_secure_client():
    call = call_in(inquire(provider(), "CONNECTION-TEST", "Q7"))
    SCHEMA.assertValid(call)
    assert etree.QName(call).localname == "QUERY_SECURE_CLIENT"
    assert [one.text for one in call] == ["Q7", "CONNECTION-TEST", "BASIC"]


@pytest.mark.parametrize("charset", ["UTF-8", "US-ASCII", "UTF-16", "ISO-8859-1", "windows-1252"])
def test_a_pin_is_masked_as_it_stands_in_the_body_and_nothing_else_is(charset):
    message = pack(provider(charset), "SET_PIN", "004711", CLIENT | {"pin": "4711"})
    kept = transcript.of_message(message)
    assert "<pin>***</pin></SET_PIN>" in kept
    assert kept.count("4711") == 1
    assert "<transactionId>004711</transactionId>" in kept
    assert "secret" not in kept


def test_what_the_character_set_lacks_is_a_character_reference():
    said = CLIENT | {"type": "MAIL", "text_mode": "ANSI", "text": "5 €"}
    message = pack(provider("ISO-8859-1"), "SEND_MESSAGE", "1", said)
    assert b"<text>5 &#8364;</text>" in message.body
    assert message.headers["Content-Type"] == "text/xml; charset=ISO-8859-1"
    assert message.charset == "ISO-8859-1"


CHARSETS = st.sampled_from(["UTF-8", "ISO-8859-1", "ISO-8859-15", "windows-1252", "UTF-16", "US-ASCII"])
ANSI = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)) + "\t\n\r"


@given(charset=CHARSETS, text=st.text(ANSI, min_size=1, max_size=60))
def test_whatever_is_written_in_ansi_the_platform_reads_the_same(charset, text):
    said = CLIENT | {"type": "MAIL", "text_mode": "ANSI", "text": text}
    assert call_in(pack(provider(charset), "SEND_MESSAGE", "1", said)).findtext("kms:text", "", KMS) == text


WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=64)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))


@given(
    ids=st.lists(WORDS, min_size=1, max_size=5, unique=True),
    start=MOMENTS.filter(lambda moment: moment.year < 9999),
    seconds=st.integers(1, 10**6),
    client=WORDS,
)
def test_entitlements_and_windows_arrive_as_they_were_asked_for(ids, start, seconds, client):
    end = start + timedelta(seconds=seconds)
    windows = {ids[0]: [start.isoformat(), end.isoformat()]}
    said = {"secure_client": client, "entitlements": ids, "windows": windows}
    call = call_in(pack(provider(), "ADD_ENTITLEMENTS", "1", said))
    SCHEMA.assertValid(call)
    assert call.findtext("kms:secureClient", "", KMS) == client
    found = {one.get("caId"): one for one in call.findall("kms:entitlement", KMS)}
    assert list(found) == sorted(ids)
    with_window = found.pop(ids[0])
    assert [datetime.fromisoformat(with_window.get(name)) for name in ("start", "end")] == [start, end]
    assert all(with_window.get(name).endswith("Z") for name in ("start", "end"))
    assert all(list(one.attrib) == ["caId"] for one in found.values())
