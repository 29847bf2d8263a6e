"""Payloads of messages, byte by byte."""

from datetime import UTC, datetime

import pytest

from simulators.conax import payload
from simulators.conax.payload import Message, PayloadError

HELLO = "010548656c6c6f"
SPRING = datetime(2026, 3, 15, 18, 30, tzinfo=UTC)
SEQUENCE, BARK = "0201ff", "04020014"
# fmt: off
READ = [
    (HELLO + SEQUENCE + BARK,                  Message("Hello", 255, 20)),
    (HELLO + SEQUENCE + "04020000",            Message("Hello", 255)),
    (BARK + SEQUENCE + HELLO,                  Message("Hello", 255, 20)),
    ((HELLO + SEQUENCE + BARK).upper(),        Message("Hello", 255, 20)),
    ("0106c3a4e282ac21" + "020101" + "0402ffff", Message("ä€!", 1, 65_535)),
    (HELLO + SEQUENCE + BARK + "03046f63121e" + "050103" + "060106", Message("Hello", 255, 20, SPRING, 3, 60)),
]
WRONG = [
    ("",                                       "hexadecimal"),
    (HELLO + SEQUENCE + BARK[:-1],             "hexadecimal"),
    (HELLO + " " + SEQUENCE + BARK,            "hexadecimal"),
    (SEQUENCE + BARK,                          "no text"),
    (HELLO + BARK,                             "no sequence"),
    (HELLO + SEQUENCE,                         "no duration"),
    (HELLO * 2 + SEQUENCE + BARK,              "text twice"),
    ("0100" + SEQUENCE + BARK,                 "text has a wrong length"),
    ("01ff48656c6c6f",                         "text has a wrong length"),
    (HELLO + SEQUENCE + BARK + "06",           "interval_s has a wrong length"),
    (HELLO + "0202ffff" + BARK,                "sequence has a wrong length"),
    (HELLO + "020100" + BARK,                  "1 to 255"),
    (HELLO + SEQUENCE + "040114",              "duration_s has a wrong length"),
    (HELLO + SEQUENCE + BARK + "0701ff",       "no tag 07"),
    ("0102c328" + SEQUENCE + BARK,             "not UTF-8"),
    (HELLO + SEQUENCE + BARK + "03046f6d121e", "no date"),
    (HELLO + SEQUENCE + BARK + "03046fa3121e", "no year 10"),
    (HELLO + SEQUENCE + BARK + "0304ff62181e", "no date"),
]
# fmt: on


@pytest.mark.parametrize(("text", "message"), READ)
def test_a_payload_is_read(text, message):
    assert payload.read(text) == message


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_no_payload_is_told(text, said):
    with pytest.raises(PayloadError, match=said):
        payload.read(text)
