"""What is sent to Conax, byte for byte beside files that were written by hand; and how quickly it is written."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.adapters.conax import CONAX
from engine.domain.request import Priority
from engine.ports import About, Record
from tests.engine.adapters.conax.made import NOW, PROVIDER, made, written

ADD, RENEW, CANCEL, PAIR = "ADD_SUBSCRIPTIONS", "RENEW_SUBSCRIPTIONS", "CANCEL_SUBSCRIPTIONS", "CREATE_PAIRING"
MAIL, BARK, QUERY = "SEND_MAIL_MESSAGE_TO_CLIENT", "SEND_BARK_MESSAGE_TO_CLIENT", "QUERY_STATUS"
GOLDEN = Path(__file__).parents[3] / "golden" / "conax"
CARDS = ("012345678905", "012345678913", "10000000000", "999999999999")
STBS = ("900000000018", "900000000026")
A_YEAR = replace(PROVIDER, operations={"cancel_end_period_months": "12"})
LEAP_DAY, JANUARY = datetime(2024, 2, 29, 11, 59, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)


def texted(**said):
    """The payload of a message, as the utility makes it."""
    return CONAX.utilities["send_message"].parameters(PROVIDER, CARDS[0], said)["payload"]


def start_of(text):
    parameters = {"smartcard": CARDS[0], "service": "10001001", "start_date": text}
    return CONAX.files.about(ADD, parameters).detail


def on_cards(ca_id="", *places):
    return [(CARDS[place], ca_id) for place in places]


EXPRESS = Priority.EXPRESS
HELLO, HELLO_BARK = texted(message_type="MAIL", text="Hello"), texted(message_type="BARK", text="Hello")
UEBER = texted(message_type="BARK", text="Über", sequence=7, duration="10800")
LATER = start_of("2026-12-01T06:30:20+01:00")
# fmt: off
FILES = {
    "ps000001": (made(ADD, 1, 3, ca_id="10001001"), on_cards("10001001", 0, 1, 2)),
    "ps000002": (made(RENEW, 2, ca_id="77", now=JANUARY), on_cards("77", 0)),
    "cs000003": (made(CANCEL, 3, 2, ca_id="10001001", now=LEAP_DAY, provider=A_YEAR), on_cards("10001001", 0, 2)),
    "ps000004": (made(ADD, 4, ca_id="10001001", priority=EXPRESS, detail=LATER), on_cards("10001001", 0)),
    "vp000005": (made(PAIR, 5, ca_id=STBS[0]), on_cards(STBS[0], 0)),
    "vp000006": (made(PAIR, 6, ca_id=STBS[1], priority=EXPRESS), on_cards(STBS[1], 1)),
    "gp000007": (made(MAIL, 7, 2, detail=HELLO), on_cards("", 0, 1)),
    "gp000008": (made(BARK, 8, detail=HELLO_BARK, priority=EXPRESS), on_cards("", 0)),
    "gp000009": (made(BARK, 9, detail=UEBER), on_cards("", 3)),
    "sc000010": (made(QUERY, 10, 2), on_cards("", 0, 2)),
    "ps999999": (made(ADD, 999_999, 2, ca_id="10001001"), on_cards("10001001", 0, 1)),
    "ps000011": (made(ADD, 11, ca_id="10001001"), on_cards("10001001", 2)),
}
# fmt: on


def test_every_file_that_was_written_by_hand_is_one_that_the_engine_writes():
    assert {path.stem for path in GOLDEN.glob("*.emm")} == set(FILES)
    assert {file.type for file, _records in FILES.values()} == {row.request for row in CONAX.table}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_one_that_was_written_by_hand(name):
    file, records = FILES[name]
    assert file.name == name
    assert written(file, *records) == (GOLDEN / f"{name}.emm").read_bytes()


def test_a_file_of_20000_cards_is_written_in_blocks():
    records = [Record(f"{card:012d}", "10001001") for card in range(20_000)]
    file = made(ADD, records=len(records), ca_id="10001001")
    blocks = list(CONAX.files.pack(PROVIDER, file, iter(records)))
    assert max(map(len, blocks)) < sum(map(len, blocks)) / 2
    assert b"".join(blocks).count(b"\r\n") == len(records) + 10


@pytest.mark.parametrize(
    ("request_type", "parameters", "wanted"),
    [
        (ADD, {"smartcard": "1", "service": "7", "distributor": "MAIN"}, About("1", "7", "", "MAIN")),
        (
            CANCEL,
            {"smartcard": "1", "service": "7", "start_date": "2026-12-01T06:30:20+01:00"},
            About("1", "7", "2026-12-01T05:30:00+00:00"),
        ),
        (PAIR, {"smartcard": "1", "stb": "2", "distributor": "MAIN"}, About("1", "2", "", "MAIN")),
        (MAIL, {"smartcard": "1", "text": "A", "sequence": 255, "payload": "010141"}, About("1", "", "010141")),
        (QUERY, {"smartcard": "1"}, About("1")),
    ],
)
def test_requests_share_a_file_where_this_is_the_same(request_type, parameters, wanted):
    assert CONAX.files.about(request_type, parameters) == wanted


def test_a_file_has_as_many_records_as_are_configured_and_a_pair_has_one_of_its_own():
    few = replace(PROVIDER, operations={"maximum_records": "500"})
    assert {CONAX.files.most(PROVIDER, type_) for type_ in CONAX.files.letters if type_ != PAIR} == {20_000}
    assert {CONAX.files.most(few, type_) for type_ in CONAX.files.letters if type_ != PAIR} == {500}
    assert CONAX.files.most(few, PAIR) == 1


def test_only_what_is_given_and_taken_has_dates():
    dated = {type_ for type_ in CONAX.files.letters if CONAX.files.period(PROVIDER, type_, "", NOW)}
    assert dated == {ADD, RENEW, CANCEL}


@pytest.mark.parametrize(
    ("request_type", "record", "wanted"),
    [
        (ADD, Record("01234567890", "1"), ""),
        (ADD, Record("0123456789", "1"), "a card of 11 or 12 digits"),
        (ADD, Record("0123456789012", "1"), "a card of 11 or 12 digits"),
        (QUERY, Record("CARD-1234567", ""), "a card of 11 or 12 digits"),
        (QUERY, Record("٠١٢٣٤٥٦٧٨٩٠", ""), "a card of 11 or 12 digits"),
        (CANCEL, Record("012345678905", "123456789"), "a product id of 1 to 8 digits"),
        (RENEW, Record("012345678905", ""), "a product id of 1 to 8 digits"),
        (PAIR, Record("012345678905", "90000000001"), ""),
        (PAIR, Record("012345678905", "STB-1"), "an STB of 11 or 12 digits"),
        (MAIL, Record("012345678905", ""), ""),
    ],
)
def test_what_can_not_be_in_a_file_is_said(request_type, record, wanted):
    assert CONAX.files.unfit(request_type, record) == wanted


def test_a_packed_line_never_holds_more_than_its_value():
    lines = written(*[FILES["ps000001"][0], *FILES["ps000001"][1]]).split(b"\r\n")
    assert all(re.fullmatch(rb"[0-9A-Z]*", line) for line in lines)
