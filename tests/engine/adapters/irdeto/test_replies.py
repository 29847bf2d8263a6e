"""What Irdeto's answers mean, and what is no answer."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.adapters.irdeto.replies import MEANINGS, credentials_hold, judge
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

WSDL = etree.parse(Path(__file__).parents[4] / "simulators" / "irdeto" / "irdeto.wsdl")
REFERENCE = "000123"
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'
DONE = ENVELOPE % (
    '<PAIR_RESPONSE xmlns="urn:headend:irdeto-kms:1"><transactionId>000123</transactionId>'
    "<reference>KMS-7</reference></PAIR_RESPONSE>"
)
SHOWN = ENVELOPE % (
    '<k:QUERY_SECURE_CLIENT_RESPONSE xmlns:k="urn:headend:irdeto-kms:1"><k:transactionId>000123</k:transactionId>'
    "<k:reference>KMS-8</k:reference>"
    "<k:section><k:kind>ENTITLEMENTS</k:kind>"
    "<k:property><k:name>caId</k:name><k:value>1001</k:value></k:property>"
    "<k:property><k:name>caId</k:name><k:value>1002</k:value></k:property></k:section>"
    "<k:section><k:kind>PVR</k:kind></k:section>"
    "<k:section><k:kind>BASIC</k:kind><k:property><k:name>state</k:name><k:value></k:value></k:property></k:section>"
    "</k:QUERY_SECURE_CLIENT_RESPONSE>"
)


def fault(code, text, reference=REFERENCE, of="s:Client"):
    detail = f'<k:refusal xmlns:k="urn:headend:irdeto-kms:1" code="{code}" transactionId="{reference}"/>'
    return ENVELOPE % (
        f"<s:Fault><faultcode>{of}</faultcode><faultstring>{text}</faultstring><detail>{detail}</detail></s:Fault>"
    )


def read(body, status=200, reason="OK"):
    return judge(Reply(status, reason, {}, body if isinstance(body, bytes) else body.encode()), REFERENCE)


def refused(code, text="why", **said):
    return read(fault(code, text, **said), 500, "Internal Server Error")


def test_done():
    assert read(DONE) == Verdict(Meaning.ACCEPTED, reference_number="KMS-7")


def test_what_was_asked_for_is_given_by_kind_and_name_and_as_a_list_where_there_are_several():
    assert read(SHOWN) == Verdict(
        Meaning.ACCEPTED,
        reference_number="KMS-8",
        answer={"ENTITLEMENTS": {"caId": ["1001", "1002"]}, "PVR": {}, "BASIC": {"state": ""}},
    )


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("UNKNOWN_SECURE_CLIENT", Meaning.DEVICE_UNKNOWN),
        ("UNKNOWN_SMARTCARD", Meaning.REFUSED),
        ("UNKNOWN_PRODUCT", Meaning.REFUSED),
        ("ALREADY_PAIRED", Meaning.REFUSED),
        ("NOT_PAIRED", Meaning.REFUSED),
        ("INVALID_PIN", Meaning.REFUSED),
        ("INVALID_TEXT", Meaning.REFUSED),
        ("UNKNOWN_KIND", Meaning.REFUSED),
        ("SECURE_CLIENT_IN_USE", Meaning.REFUSED),
        ("MALFORMED", Meaning.TURNED_AWAY),
        ("TRANSACTION_REUSED", Meaning.TURNED_AWAY),
        ("NEVER_HEARD_OF", Meaning.REFUSED),
        ("", Meaning.REFUSED),
    ],
)
def test_a_refusal_keeps_code_and_text_verbatim(code, meaning):
    assert refused(code, "about  this &amp; <!-- no --> that") == Verdict(meaning, code, "about  this &  that")


def test_every_code_of_the_published_description_has_a_meaning():
    names = {"xs": "http://www.w3.org/2001/XMLSchema"}
    assert set(WSDL.xpath("//xs:simpleType[@name='Code']//@value", namespaces=names)) == set(MEANINGS)


@pytest.mark.parametrize("code", sorted(MEANINGS))
def test_only_what_was_not_read_is_refused_without_a_reference(code):
    turned_away = MEANINGS[code] is Meaning.TURNED_AWAY
    assert (refused(code, reference="").meaning is Meaning.IN_DOUBT) is not turned_away


def test_a_refusal_of_another_call_is_none_of_this():
    assert refused("UNKNOWN_PRODUCT", reference="000124").meaning is Meaning.IN_DOUBT
    assert refused("MALFORMED", reference="000124").meaning is Meaning.IN_DOUBT


def test_an_answer_in_another_character_set_is_read():
    document = f'<?xml version="1.0" encoding="UTF-16"?>{fault("UNKNOWN_PRODUCT", "Łuk")}'
    assert read(document.encode("utf-16"), 500).description == "Łuk"


@pytest.mark.parametrize("status", [200, 201, 202, 500])
def test_an_envelope_is_read_whatever_the_status_it_came_with(status):
    assert read(DONE, status).meaning is Meaning.ACCEPTED
    assert read(fault("UNKNOWN_PRODUCT", "X"), status).code == "UNKNOWN_PRODUCT"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 413, 415])
def test_a_refusal_by_http_says_nothing_of_earlier_attempts(status):
    assert read(DONE, status, "Why") == Verdict(Meaning.TURNED_AWAY, str(status), "Why")


def test_busy_is_as_good_as_not_sent():
    verdict = read(DONE, 503, "Service Unavailable")
    assert verdict == Verdict(Meaning.NOT_SENT, "BUSY", "HTTP 503 Service Unavailable")


@pytest.mark.parametrize("status", [501, 502, 504, 599])
def test_a_failure_of_the_server_leaves_in_doubt_whether_it_acted(status):
    assert read(DONE, status, "Why") == Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", f"HTTP {status} Why")


@pytest.mark.parametrize(
    ("body", "status", "holds"),
    [
        (fault("UNKNOWN_SECURE_CLIENT", "CONNECTION-TEST"), 500, True),
        (SHOWN, 200, True),
        (fault("MALFORMED", "at"), 500, True),
        (DONE, 401, False),
        (DONE, 403, False),
        (DONE, 404, None),
        (DONE, 503, None),
        ("Internal error", 500, None),
        ("<html/>", 200, None),
    ],
)
def test_credentials_hold_where_a_call_was_read(body, status, holds):
    assert credentials_hold(Reply(status, "", {}, body.encode()), REFERENCE) is holds


DOUBLINGS = "".join(f"<!ENTITY {outer} '{f'&{inner};' * 10}'>" for inner, outer in pairwise("abcdefghi"))
BOMB = f"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>{DOUBLINGS}]>"
MANY_ATTRIBUTES = " ".join(f'a{number}=""' for number in range(50_000))
REFUSAL = fault("UNKNOWN_PRODUCT", "X")
UNREADABLE = {
    "nothing": "",
    "no XML": "OK",
    "HTML": "<!DOCTYPE html><html><body>Service temporarily unavailable<br></body></html>",
    "broken off": DONE[:-5],
    "two documents": DONE * 2,
    "not even text": b"\xff\xfe\x00\x81",
    "a character set nobody knows": f'<?xml version="1.0" encoding="klingon"?>{DONE}',
    "not in its own character set": b'<?xml version="1.0" encoding="UTF-8"?><response reference="\xe9"/>',
    "to another": DONE.replace("000123", "000124"),
    "to the same number, written otherwise": DONE.replace("000123", "123"),
    "to nobody": DONE.replace("<transactionId>000123</transactionId>", ""),
    "no answer but a call": DONE.replace("PAIR_RESPONSE", "PAIR"),
    "in another name space": DONE.replace("irdeto-kms:1", "irdeto-kms:2"),
    "in an envelope of SOAP 1.2": DONE.replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    ),
    "an empty body": ENVELOPE % "",
    "a body of words": ENVELOPE % "yes",
    "a body of instructions": ENVELOPE % "<?yes?>",
    "no envelope": "<yes/>",
    "two answers": ENVELOPE
    % (2 * '<PAIR_RESPONSE xmlns="urn:headend:irdeto-kms:1"><transactionId>000123</transactionId></PAIR_RESPONSE>'),
    "a fault without a refusal": ENVELOPE
    % "<s:Fault><faultcode>s:Server</faultcode><faultstring>oh</faultstring></s:Fault>",
    "a fault that says nothing": ENVELOPE % "<s:Fault/>",
    "a bomb in a text": BOMB + fault("UNKNOWN_PRODUCT", "&i;"),
    "a bomb in an attribute": BOMB + fault("&i;", "X"),
    "a bomb in the reference": BOMB + DONE.replace("000123", "&i;"),
    "very deep": "<a>" * 200_000,
    "very wide": f"<response {MANY_ATTRIBUTES}/>",
}
READ_ALL_THE_SAME = {"a bomb in a text"}  # whose text is left out


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_can_not_be_read_leaves_in_doubt_whether_the_platform_acted(kind, status):
    verdict = read(UNREADABLE[kind], status, "Why")
    if kind in READ_ALL_THE_SAME and verdict.meaning is Meaning.REFUSED:
        assert "aaaa" not in verdict.description
        return
    assert (verdict.meaning, verdict.code) == (Meaning.IN_DOUBT, "UNREADABLE_REPLY")
    assert verdict.description
    assert len(verdict.description) < 500


def test_no_file_is_read_for_a_stranger(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("swordfish")
    entity = f'<!DOCTYPE r [<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    assert "swordfish" not in str(read(entity + fault("UNKNOWN_PRODUCT", "&file;"), 500))
    assert "swordfish" not in str(read(entity + fault("&file;", "X"), 500))
    assert "swordfish" not in str(read(entity + SHOWN.replace("1001", "&file;")))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.integers(100, 599))
def test_no_answer_makes_the_judge_stumble_and_junk_is_never_taken_for_consent(body, status):
    assert read(body, status).meaning is not Meaning.ACCEPTED


@given(st.data())
def test_an_answer_with_bytes_turned_over_is_never_taken_for_another(data):
    body = bytearray(DONE.encode())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    verdict = read(bytes(body))
    if verdict.meaning is Meaning.ACCEPTED:  # then what was hit is no part of what is read
        assert b"000123" in body
        assert b"_RESPONSE" in body
