"""What Conax answers: its list of errors, also where it is broken, and the status of cards."""

import re

import pytest

from engine.adapters.conax import CONAX
from engine.ports import Refusal
from tests.engine.adapters.conax.made import made

refusals, record_of, answers = CONAX.files.refusals, CONAX.files.record_of, CONAX.files.answers
ONE = Refusal("ps000001", "ERR_CARDNUM", 17)
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<AuthorisationStatuses>
  <AuthorisationStatus cardNo="01234567890">
    <Product id="10001001"><AuthorisationEnd day="22" month="12" year="2026"/></Product>
    <Product id="00000077"><AuthorisationEnd day="1" month="1" year="2027"/></Product>
  </AuthorisationStatus>
  <AuthorisationStatus cardNo="10000000000"/>
</AuthorisationStatuses>
"""


@pytest.mark.parametrize(
    ("errors", "found"),
    [
        (b"", []),
        (b"ps000001.emm:\r\nERR_CARDNUM 17\r\n", [ONE]),
        (b"ps000001.emm:\nERR_CARDNUM 17\n", [ONE]),
        (b"ps000001.emm: \r\n\r\nERR_CARDNUM  17 \r\n", [ONE]),
        (b"ps000001.emm:\r\nERR_CARDNUM 17\r\n" * 2, [ONE, ONE]),
        (
            b"ps000001.emm:\r\nERR_CARDNUM 17\r\ncs000002.emm:\r\nERR_DATES 4\r\n",
            [ONE, Refusal("cs000002", "ERR_DATES", 4)],
        ),
        (b"ps000001.emm:\r\nERR_CARDNUM 1", []),
        (b"ps000001.emm:\r\nERR_CARDNUM", []),
        (b"ps000001.emm:\r\n", []),
        (b"ps000001.em", []),
        (b"ps000002.emm:\r\nps000001.emm:\r\nERR_CARDNUM 17\r\n", [ONE]),
        (b"\x00\xff garbage\r\nERR_DATES 4\r\nps000001.emm:\r\nERR_CARDNUM 17\r\nps0", [ONE]),
        (b"7\r\nps000001.emm:\r\nERR_CARDNUM 17\r\n", [ONE]),
        (b"ps000001.emm:\r\nERR_NEW 3\r\n", [Refusal("ps000001", "ERR_NEW", 3)]),
        (b"somebody else's.txt:\r\nERR_NAME 0\r\n", [Refusal("somebody else's.txt", "ERR_NAME", 0)]),
        (b"\xe4.emm:\r\nERR_NAME 0\r\n", [Refusal("ä", "ERR_NAME", 0)]),
        (b"ps000001.emm:\r\nERR_CARDNUM seventeen\r\n", []),
    ],
)
def test_whole_entries_are_read_and_nothing_else(errors, found):
    assert refusals(errors) == found


def test_a_long_list_is_read_at_once():
    assert len(refusals(b"ps000001.emm:\r\nERR_CARDNUM 17\r\n" * 50_000)) == 50_000
    assert refusals(b":" * 200_000 + b"\r\n" * 1_000) == []


@pytest.mark.parametrize(
    ("request_type", "first"),
    [
        ("ADD_SUBSCRIPTIONS", 10),
        ("RENEW_SUBSCRIPTIONS", 10),
        ("CANCEL_SUBSCRIPTIONS", 10),
        ("QUERY_STATUS", 10),
        ("SEND_MAIL_MESSAGE_TO_CLIENT", 11),
        ("SEND_BARK_MESSAGE_TO_CLIENT", 11),
    ],
)
def test_the_line_of_a_refusal_is_that_of_a_record(request_type, first):
    file = made(request_type, records=3)
    lines = {line: record_of(file, Refusal(file.name, "ERR_CARDNUM", line)) for line in range(first + 5)}
    assert {line: place for line, place in lines.items() if place is not None} == {first: 0, first + 1: 1, first + 2: 2}


def test_both_lines_of_a_pair_are_its_record():
    file = made("CREATE_PAIRING")
    assert [record_of(file, Refusal(file.name, "ERR_CARDNUM", line)) for line in (9, 10, 11, 12)] == [None, 0, 0, None]


@pytest.mark.parametrize("code", [*sorted(set(CONAX.files.codes) - {"ERR_CARDNUM"}), "ERR_NEW"])
def test_every_other_code_is_about_the_file_whatever_its_line(code):
    file = made("ADD_SUBSCRIPTIONS", records=3)
    assert {record_of(file, Refusal(file.name, code, line)) for line in range(20)} == {None}


def test_the_status_of_cards_is_found_by_the_digits_that_are_printed_and_by_those_that_are_sent():
    found = answers(STATUS.encode())
    assert list(found) == ["01234567890", "10000000000"]
    assert found["012345678905"] == found["01234567890"]
    assert found["01234567890"] == {"PRODUCTS": {"10001001": "2026-12-22", "00000077": "2027-01-01"}}
    assert found["100000000009"] == {"PRODUCTS": {}}
    assert (found.get("99999999999"), len(found)) == (None, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "not XML: "),
        ("U\r\n000010\r\nZZZ\r\n", "not XML: "),
        (STATUS[:200], "not XML: "),
        ("<html/>", "found 'html'; wanted: AuthorisationStatuses"),
        (
            STATUS.replace('day="22"', 'day="32"'),
            "product '10001001' ends on '2026-12-32'; wanted: year, month and day",
        ),
        (STATUS.replace(' year="2026"', ""), "product '10001001' ends on '-12-22'; wanted: year, month and day"),
        (STATUS.replace('<AuthorisationEnd day="22" month="12" year="2026"/>', ""), "product '10001001' ends on '--'"),
        (STATUS.replace("00000077", "10001001"), "'10001001' comes 2 times; wanted: once"),
        (STATUS.replace(' id="00000077"', ""), "a product has no id"),
        (STATUS.replace("10000000000", "012345678901"), "card '01234567890' is told of twice, not alike"),
        (STATUS.replace(' cardNo="10000000000"', ""), "a status has no cardNo"),
    ],
)
def test_a_status_that_can_not_be_read_is_a_sentence(content, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)) as error:
        answers(content.encode())
    assert str(error.value).startswith(sentence)


def test_no_entity_is_put_into_a_status():
    hostile = STATUS.replace("<Auth", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Auth', 1)
    assert "root:" not in str(dict(answers(hostile.replace('id="10001001">', 'id="1">&e;').encode())))
