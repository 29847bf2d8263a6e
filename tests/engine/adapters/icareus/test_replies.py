"""What Icareus's answers mean, and what is no answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.icareus.replies import credentials_hold, judge
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

OK = '{"status":"ok"}'


def reply(body, status=200, reason="OK"):
    return Reply(status, reason, {}, body if isinstance(body, bytes) else body.encode())


def read(body, status=200, reason="OK"):
    return judge(reply(body, status, reason), "000123")


def error(code="UNKNOWN_PRODUCT", message="why", **more):
    return json.dumps({"status": "error", "code": code, "message": message, **more})


def test_accepted():
    assert read(OK) == Verdict(Meaning.ACCEPTED)


@pytest.mark.parametrize(("written", "account"), [('"U100001"', "U100001"), ("100001", "100001"), ('"7"', "7")])
def test_accepted_with_the_account_that_was_made_as_text_or_as_number(written, account):
    assert read(f'{{"status":"ok","userId":{written}}}') == Verdict(Meaning.ACCEPTED, account=account)


@pytest.mark.parametrize("written", ["null", "true", "[7]", '{"id":7}', "7.5", '""'])
def test_an_account_that_is_no_id_is_none(written):
    assert read(f'{{"status":"ok","userId":{written}}}').account == ""


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("UNKNOWN_USER", Meaning.ACCOUNT_UNKNOWN),
        ("UNKNOWN_PRODUCT", Meaning.REFUSED),
        ("UNKNOWN_DEVICE", Meaning.REFUSED),
        ("DEVICE_IN_USE", Meaning.REFUSED),
        ("INVALID_PARAMETER", Meaning.REFUSED),
        ("MISSING_PARAMETER", Meaning.TURNED_AWAY),
        ("UNKNOWN_ACTION", Meaning.TURNED_AWAY),
        ("INVALID_TOKEN", Meaning.TURNED_AWAY),
        ("EXPIRED_TOKEN", Meaning.TURNED_AWAY),
        ("UNKNOWN_ORGANIZATION", Meaning.TURNED_AWAY),
        ("NEVER_HEARD_OF", Meaning.REFUSED),
        ("", Meaning.REFUSED),
    ],
)
def test_a_refusal_keeps_code_and_text_verbatim(code, meaning):
    assert read(error(code, "about  this & Łuk\n")) == Verdict(meaning, code, "about  this & Łuk\n")


def test_a_refusal_with_a_message_only_is_a_refusal():
    assert read('{"status":"error","message":"No."}') == Verdict(Meaning.REFUSED, "", "No.")


def test_an_account_that_exists_is_as_good_as_made():
    verdict = read(error("USER_EXISTS", "S1 is there", userId=100001))
    assert verdict == Verdict(Meaning.ACCEPTED, "USER_EXISTS", "S1 is there", account="100001")


def test_of_an_account_that_was_refused_nothing_is_believed():
    assert read(error("INVALID_PARAMETER", userId=100001)).account == ""


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_answer_is_read_in_the_character_sets_of_json(charset):
    assert read(error(message="Łuk").encode(charset)).description == "Łuk"


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_answer_is_read_with_every_status_that_means_well(status):
    assert read(OK, status).meaning is Meaning.ACCEPTED


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 405, 409, 413])
def test_a_refusal_by_http_says_nothing_of_earlier_attempts(status):
    assert read(OK, status, "Why") == Verdict(Meaning.TURNED_AWAY, str(status), "Why")


def test_busy_is_as_good_as_not_sent():
    assert read(OK, 503, "Service Unavailable") == Verdict(Meaning.NOT_SENT, "BUSY", "HTTP 503 Service Unavailable")


@pytest.mark.parametrize("status", [500, 501, 502, 504, 599])
def test_a_failure_of_the_server_leaves_in_doubt_whether_it_acted(status):
    assert read(OK, status, "Why") == Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", f"HTTP {status} Why")


UNREADABLE = {
    "nothing": "",
    "no JSON": "OK",
    "HTML": "<!DOCTYPE html><html><body>Service temporarily unavailable</body></html>",
    "broken off": OK[:-1],
    "two answers": OK * 2,
    "not even text": b"\xff\xfe\x00\x81",
    "not in its own character set": b'{"status":"ok","message":"\xe9"}',
    "a list": f"[{OK}]",
    "a text": '"ok"',
    "null": "null",
    "no status": '{"userId":7}',
    "an unknown status": '{"status":"OK"}',
    "a status that is no text": '{"status":true}',
    "an error without a reason": '{"status":"error"}',
    "an error whose reason is no text": '{"status":"error","code":["X"],"message":null}',
    "very deep": "[" * 200_000,
    "a number without end": f'{{"status":"ok","userId":{"9" * 5000}}}',
    "a status without end": f'{{"status":"{"x" * 10_000}"}}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_can_not_be_read_leaves_in_doubt_whether_the_platform_acted(body):
    verdict = read(body)
    assert (verdict.meaning, verdict.code) == (Meaning.IN_DOUBT, "UNREADABLE_REPLY")
    assert verdict.description
    assert len(verdict.description) < 500


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.integers(100, 599))
def test_no_answer_makes_the_judge_stumble_and_junk_is_never_taken_for_consent(body, status):
    assert read(body, status).meaning is not Meaning.ACCEPTED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("code", "message", "userId"), JSON)), JSON)
def test_only_the_word_ok_and_an_account_that_exists_are_consent(answer, status):
    verdict = read(json.dumps(answer | {"status": status}))
    assert (verdict.meaning is Meaning.ACCEPTED) == (
        status == "ok" or (status == "error" and answer.get("code") == "USER_EXISTS")
    )


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        (reply(OK), True),
        (reply(error("UNKNOWN_USER")), True),
        (reply(error("NEVER_HEARD_OF")), True),
        (reply(error("INVALID_TOKEN")), False),
        (reply(error("EXPIRED_TOKEN")), False),
        (reply(error("UNKNOWN_ORGANIZATION")), False),
        (reply(error("UNKNOWN_ACTION")), None),
        (reply(error("MISSING_PARAMETER")), None),
        (reply(error("INVALID_PARAMETER")), None),
        (reply("<html>"), None),
        (reply(OK, 503), None),
        (reply(OK, 404), None),
        (reply(error("INVALID_TOKEN"), 500), None),
    ],
)
def test_only_what_the_platform_says_of_them_tells_if_the_credentials_hold(answer, holds):
    assert credentials_hold(answer, "Q1") is holds
