"""Texts on the wire: what each mode can hold, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.irdeto.texts import MODES, MOST_BYTES, on_the_wire
from engine.domain.errors import InvalidError

FINE = (
    ("ANSI", "Your invoice is due.", "Your invoice is due."),
    ("ANSI", "5 € für “Zoë” – gracias\n", "5 € für “Zoë” – gracias\n"),  # noqa: RUF001
    ("ANSI", " ", " "),
    ("UNICODE", "Aé", "004100E9"),
    ("UNICODE", "王", "738B"),
    ("UNICODE", "😀", "D83DDE00"),
    ("RAW", "00fFa1", "00fFa1"),
)
WIDE_ONE = "\N{FULLWIDTH DIGIT ONE}"
CP1252 = "wanted: characters of windows-1252, or another text_mode."
BROKEN = (
    ("ANSI", "Łuk", f"text: found 'Ł' (U+0141) in place 1; {CP1252}"),
    (
        "ANSI",
        "to 王",
        f"text: found '王' (U+738B) in place 4; {CP1252}",
    ),
    (
        "ANSI",
        "a\x00b",
        f"text: found '\\x00' (U+0000) in place 2; {CP1252}",
    ),
    (
        "ANSI",
        "a\x81",
        f"text: found '\\x81' (U+0081) in place 2; {CP1252}",
    ),
    (
        "ANSI",
        "ab\ud800",
        f"text: found '\\ud800' (U+D800) in place 3; {CP1252}",
    ),
    ("UNICODE", "ab\udc00", "text: found '\\udc00' in place 3; wanted: characters of Unicode."),
    ("RAW", "0g", "text: found 'g' in place 2; wanted: hexadecimal digits."),
    ("RAW", "00 01", "text: found ' ' in place 3; wanted: hexadecimal digits."),
    (
        "RAW",
        "\N{FULLWIDTH DIGIT ONE}0",
        "text: found '\N{FULLWIDTH DIGIT ONE}' in place 1; wanted: hexadecimal digits.",
    ),
    ("RAW", "001", "text: found 3 hexadecimal digits; wanted: two for each byte."),
)


@pytest.mark.parametrize(("mode", "text", "form"), FINE)
def test_a_text_takes_the_form_of_its_mode(mode, text, form):
    assert on_the_wire(mode, text) == form


@pytest.mark.parametrize(("mode", "text", "said"), BROKEN)
def test_a_text_that_the_mode_can_not_hold_is_refused_by_name_and_place(mode, text, said):
    with pytest.raises(InvalidError) as refusal:
        on_the_wire(mode, text)
    assert (refusal.value.message, refusal.value.field) == (said, "text")


@pytest.mark.parametrize("mode", MODES)
def test_no_text_is_none(mode):
    with pytest.raises(InvalidError, match="text: found nothing"):
        on_the_wire(mode, "")


LONGEST = {"ANSI": "é" * MOST_BYTES, "UNICODE": "é" * (MOST_BYTES // 2), "RAW": "00" * MOST_BYTES}
MORE = {"ANSI": "é", "UNICODE": "é", "RAW": "00"}


@pytest.mark.parametrize("mode", MODES)
def test_a_text_has_so_many_bytes_and_no_more(mode):
    assert on_the_wire(mode, LONGEST[mode])
    with pytest.raises(InvalidError, match=rf"text: found 200[12] bytes in {mode}; wanted: at most {MOST_BYTES}\."):
        on_the_wire(mode, LONGEST[mode] + MORE[mode])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_what_unicode_carries_is_read_the_same(text):
    assert bytes.fromhex(on_the_wire("UNICODE", text)).decode("utf-16-be") == text


@given(st.text(min_size=1, max_size=50))
def test_ansi_takes_just_what_windows_1252_has_and_xml_can_carry(text):
    try:
        text.encode("cp1252")
        carried = all(character >= " " or character in "\t\n\r" for character in text)
    except UnicodeEncodeError:
        carried = False
    if carried:
        assert on_the_wire("ANSI", text) == text
    else:
        with pytest.raises(InvalidError):
            on_the_wire("ANSI", text)
