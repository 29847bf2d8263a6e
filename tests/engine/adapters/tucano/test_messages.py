"""Tucano's wire: golden bytes, character sets, the published schema."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.adapters.tucano.messages import pack
from engine.domain.provider import Provider

XSD = Path(__file__).parents[4] / "simulators" / "tucano" / "tucano.xsd"
SCHEMA = etree.XMLSchema(etree.parse(XSD))
ADA = {
    "number": "S0000000329",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "",
    "phone": "",
    "language": "en",
}
ADDRESS = {"street": "12 St James's Square", "postal_code": "SW1Y 4LB", "city": "London", "region": "", "country": "GB"}
MATERIAL = {"account": "T100001", "material": "STB-1"}
NOBODY = {"number": "S1", "first_name": "", "last_name": "", "address": {"city": ""}}
WINDOWS = {"B": ["2030-07-01T18:00:00+00:00", "2030-07-01T23:00:00+00:00"]}
GOLDEN = (
    (
        "CREATE_ACCOUNT",
        {"subscriber": {**ADA, "address": ADDRESS}},
        """<command name="CREATE_ACCOUNT" reference="000123">
        <subscriber number="S0000000329" first_name="Ada" last_name="Lovelace" language="en">
        <address street="12 St James's Square" postal_code="SW1Y 4LB" city="London" country="GB"/>
        </subscriber></command>""",
    ),
    (
        "CREATE_ACCOUNT",
        {"subscriber": NOBODY},
        """<command name="CREATE_ACCOUNT" reference="000123"><subscriber number="S1"/></command>""",
    ),
    (
        "ADD_MATERIAL",
        {**MATERIAL, "type": "STB"},
        """<command name="ADD_MATERIAL" reference="000123"><account id="T100001"/>
        <material id="STB-1" type="STB"/></command>""",
    ),
    (
        "REMOVE_MATERIAL",
        MATERIAL,
        """<command name="REMOVE_MATERIAL" reference="000123"><account id="T100001"/>
        <material id="STB-1"/></command>""",
    ),
    (
        "SUSPEND_OPTIONS",
        {"account": "T100001", "options": ["OPT_GEOLOGICAL", "OPT_ENTERTAIN"]},
        """<command name="SUSPEND_OPTIONS" reference="000123"><account id="T100001"/>
        <options><option id="OPT_ENTERTAIN"/><option id="OPT_GEOLOGICAL"/></options></command>""",
    ),
    (
        "ACTIVATE_OPTIONS",
        {"account": "T100001", "options": ["B", "A"], "windows": WINDOWS},
        """<command name="ACTIVATE_OPTIONS" reference="000123"><account id="T100001"/>
        <options><option id="A"/>
        <option id="B" start="2030-07-01T18:00:00Z" end="2030-07-01T23:00:00Z"/></options></command>""",
    ),
)


def provider(charset=""):
    connection = {"end_point": "http://tucano.test/tucano", "user_name": "us", "password": "secret"}
    return Provider(
        "tv", "TV", "tucano", connection=connection | ({"character_set_encoding": charset} if charset else {})
    )


@pytest.mark.parametrize(("command", "parameters", "xml"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_a_command_is_these_bytes(command, parameters, xml):
    message = pack(provider(), command, "000123", parameters)
    document = "".join(line.strip() for line in xml.splitlines())
    assert message.body == b"<?xml version='1.0' encoding='UTF-8'?>\n" + document.encode()
    assert message.url == "http://tucano.test/tucano"
    assert message.headers == {"Content-Type": "text/xml; charset=UTF-8"}
    assert message.credentials == ("us", "secret")


@pytest.mark.parametrize(("command", "parameters", "xml"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_a_command_keeps_to_the_published_schema(command, parameters, xml):
    SCHEMA.assertValid(etree.fromstring(pack(provider(), command, "000123", parameters).body))


def test_equal_sets_are_equal_bytes():
    one, other = (
        pack(provider(), "SUSPEND_OPTIONS", "1", {"account": "T1", "options": options})
        for options in (["C", "A", "B"], ["B", "C", "A"])
    )
    assert one == other


def test_what_the_character_set_lacks_is_a_character_reference():
    parameters = {"subscriber": {"number": "S1", "first_name": "Zoë", "last_name": "Łuk"}}
    message = pack(provider("ISO-8859-1"), "CREATE_ACCOUNT", "1", parameters)
    assert message.body == (
        b"<?xml version='1.0' encoding='ISO-8859-1'?>\n"
        b'<command name="CREATE_ACCOUNT" reference="1">'
        b'<subscriber number="S1" first_name="Zo\xeb" last_name="&#321;uk"/></command>'
    )
    assert message.headers == {"Content-Type": "text/xml; charset=ISO-8859-1"}
    assert message.charset == "ISO-8859-1"


@pytest.mark.parametrize("charset", ["US-ASCII", "UTF-16", "latin-1", "utf8", "windows-1252", "KOI8-R", "shift_jis"])
def test_any_character_set_and_any_name_of_it_will_do(charset):
    parameters = {"subscriber": {"number": "S1", "first_name": "Zoë Ł 王 😀", "last_name": "<&>\"'"}}
    body = pack(provider(charset), "CREATE_ACCOUNT", "1", parameters).body
    (subscriber,) = etree.fromstring(body.decode(charset).partition("\n")[2])
    assert subscriber.get("first_name") == "Zoë Ł 王 😀"
    assert subscriber.get("last_name") == "<&>\"'"


# Every character that XML can carry: what is not among them is refused before it gets here.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32)
    | st.sampled_from("\t\n\r"),
    max_size=40,
)
CHARSETS = st.sampled_from(["UTF-8", "ISO-8859-1", "ISO-8859-15", "windows-1252", "UTF-16", "US-ASCII"])


@given(charset=CHARSETS, texts=st.fixed_dictionaries(dict.fromkeys((*ADA, "city"), TEXT)))
def test_whatever_a_subscriber_is_called_the_platform_reads_the_same(charset, texts):
    said = {"subscriber": {**texts, "number": "S1", "address": {"city": texts["city"]}}}
    del said["subscriber"]["city"]
    command = etree.fromstring(pack(provider(charset), "CREATE_ACCOUNT", "1", said).body)
    SCHEMA.assertValid(command)
    found = dict(command[0].attrib) | {name: value for address in command[0] for name, value in address.attrib.items()}
    assert found == {name: text for name, text in texts.items() if text} | {"number": "S1"}


WORDS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=64)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))


@given(
    options=st.lists(WORDS, min_size=1, max_size=5, unique=True),
    start=MOMENTS.filter(lambda moment: moment.year < 9999),
    seconds=st.integers(1, 10**6),
    account=WORDS,
)
def test_options_and_windows_arrive_as_they_were_asked_for(options, start, seconds, account):
    end = start + timedelta(seconds=seconds)
    said = {"account": account, "options": options, "windows": {options[0]: [start.isoformat(), end.isoformat()]}}
    command = etree.fromstring(pack(provider(), "ACTIVATE_OPTIONS", "1", said).body)
    SCHEMA.assertValid(command)
    found = {option.get("id"): option for option in command[1]}
    assert list(found) == sorted(options)
    assert command[0].get("id") == account
    with_window = found.pop(options[0])
    assert [datetime.fromisoformat(with_window.get(name)) for name in ("start", "end")] == [start, end]
    assert all(with_window.get(name).endswith("Z") for name in ("start", "end"))
    assert all(list(option.attrib) == ["id"] for option in found.values())
