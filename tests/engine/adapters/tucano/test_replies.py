"""What Tucano's answers mean, and what is no answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.tucano.replies import judge
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

REFERENCE = "000123"
ACCEPTED = '<response reference="000123" status="ACCEPTED" id="TX-77"/>'
CREATED = '<response reference="000123" status="ACCEPTED" id="TX-77"><account id="T100001"/></response>'


def rejected(code, text, reference=REFERENCE):
    return (
        f'<response reference="{reference}" status="REJECTED" id="TX-78"><error code="{code}">{text}</error></response>'
    )


def read(body, status=200, reason="OK"):
    return judge(Reply(status, reason, {}, body if isinstance(body, bytes) else body.encode()), REFERENCE)


def test_accepted():
    assert read(ACCEPTED) == Verdict(Meaning.ACCEPTED, reference_number="TX-77")


def test_accepted_with_the_account_that_was_made():
    assert read(CREATED) == Verdict(Meaning.ACCEPTED, reference_number="TX-77", account="T100001")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("UNKNOWN_ACCOUNT", Meaning.ACCOUNT_UNKNOWN),
        ("UNKNOWN_OPTION", Meaning.REFUSED),
        ("UNKNOWN_MATERIAL", Meaning.REFUSED),
        ("MATERIAL_IN_USE", Meaning.REFUSED),
        ("MALFORMED", Meaning.TURNED_AWAY),
        ("UNSUPPORTED_ENCODING", Meaning.TURNED_AWAY),
        ("REFERENCE_REUSED", Meaning.TURNED_AWAY),
        ("NEVER_HEARD_OF", Meaning.REFUSED),
        ("", Meaning.REFUSED),
    ],
)
def test_a_refusal_keeps_code_and_text_verbatim(code, meaning):
    assert read(rejected(code, "about  this &amp; <!-- no --> that")) == Verdict(
        meaning, code, "about  this &  that", "TX-78"
    )


def test_an_account_that_exists_is_as_good_as_made():
    verdict = read(rejected("ACCOUNT_EXISTS", "T100001"))
    assert verdict == Verdict(Meaning.ACCEPTED, "ACCOUNT_EXISTS", "T100001", "TX-78", account="T100001")


@pytest.mark.parametrize("code", ["MALFORMED", "UNSUPPORTED_ENCODING"])
def test_a_refusal_of_a_command_too_broken_to_say_its_reference_is_a_refusal(code):
    assert read(rejected(code, "why", reference="")) == Verdict(Meaning.TURNED_AWAY, code, "why", "TX-78")


def test_an_answer_in_another_character_set_is_read():
    document = f'<?xml version="1.0" encoding="UTF-16"?>{rejected("UNKNOWN_OPTION", "Łuk")}'
    assert read(document.encode("utf-16")).description == "Łuk"


@pytest.mark.parametrize("status", [200, 201, 202, 400, 409])
def test_a_response_document_is_read_whatever_the_status_it_came_with(status):
    assert read(ACCEPTED, status).meaning is Meaning.ACCEPTED
    assert read(rejected("UNKNOWN_OPTION", "X"), status).code == "UNKNOWN_OPTION"


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405, 413])
def test_a_refusal_by_http_says_nothing_of_earlier_attempts(status):
    assert read(ACCEPTED, status, "Why") == Verdict(Meaning.TURNED_AWAY, str(status), "Why")


def test_busy_is_as_good_as_not_sent():
    verdict = read(ACCEPTED, 503, "Service Unavailable")
    assert verdict == Verdict(Meaning.NOT_SENT, "BUSY", "HTTP 503 Service Unavailable")


@pytest.mark.parametrize("status", [500, 501, 502, 504, 599])
def test_a_failure_of_the_server_leaves_in_doubt_whether_it_acted(status):
    verdict = read(ACCEPTED, status, "Why")
    assert verdict == Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", f"HTTP {status} Why")


DOUBLINGS = "".join(f"<!ENTITY {outer} '{f'&{inner};' * 10}'>" for inner, outer in pairwise("abcdefghi"))
BOMB = f"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>{DOUBLINGS}]>"
MANY_ATTRIBUTES = " ".join(f'a{number}=""' for number in range(50_000))
UNREADABLE = {
    "nothing": "",
    "no XML": "OK",
    "HTML": "<!DOCTYPE html><html><body>Service temporarily unavailable<br></body></html>",
    "broken off": ACCEPTED[:-5],
    "two documents": ACCEPTED * 2,
    "not even text": b"\xff\xfe\x00\x81",
    "a character set nobody knows": f'<?xml version="1.0" encoding="klingon"?>{ACCEPTED}',
    "not in its own character set": b'<?xml version="1.0" encoding="UTF-8"?><response reference="\xe9"/>',
    "to another": ACCEPTED.replace("000123", "000124"),
    "to the same number, written otherwise": ACCEPTED.replace("000123", "123"),
    "to nobody": ACCEPTED.replace('reference="000123" ', ""),
    "a command": ACCEPTED.replace("response", "command"),
    "a response in a name space": ACCEPTED.replace("<response", '<response xmlns="urn:x"'),
    "accepted, but what": ACCEPTED.replace("000123", ""),
    "no status": ACCEPTED.replace('status="ACCEPTED" ', ""),
    "an unknown status": ACCEPTED.replace("ACCEPTED", "accepted"),
    "rejected without a reason": ACCEPTED.replace("ACCEPTED", "REJECTED"),
    "a bomb in an attribute": BOMB + ACCEPTED.replace("TX-77", "&i;"),
    "a bomb in a text": BOMB + rejected("UNKNOWN_OPTION", "&i;"),
    "very deep": "<a>" * 200_000,
    "very wide": f"<response {MANY_ATTRIBUTES}/>",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_can_not_be_read_leaves_in_doubt_whether_the_platform_acted(body):
    verdict = read(body)
    assert (verdict.meaning, verdict.code) == (Meaning.IN_DOUBT, "UNREADABLE_REPLY")
    assert verdict.description
    assert len(verdict.description) < 500


def test_no_file_is_read_for_a_stranger(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("swordfish")
    entity = f'<!DOCTYPE r [<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    assert "swordfish" not in str(read(entity + rejected("UNKNOWN_OPTION", "&file;")))
    assert "swordfish" not in str(read(entity + rejected("&file;", "X")))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.integers(100, 599))
def test_no_answer_makes_the_judge_stumble_and_junk_is_never_taken_for_consent(body, status):
    assert read(body, status).meaning is not Meaning.ACCEPTED


@given(st.data())
def test_an_answer_with_bytes_turned_over_is_never_taken_for_another(data):
    body = bytearray(CREATED.encode())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    verdict = read(bytes(body))
    if verdict.meaning is Meaning.ACCEPTED:  # then what was hit is no part of what is read
        assert b"000123" in body
        assert b"ACCEPTED" in body
