"""The published schema, both ways: what breaks it is MALFORMED, and all that is answered keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simulators.kit.xml import BreachError
from simulators.tucano import wire
from simulators.tucano.codes import CODES, Command, OptionState

ACCOUNT = '<account id="T1"/>'
OPTION = '<option id="OPT_RELIGION"/>'
OPTIONS = f"<options>{OPTION}</options>"
SUBSCRIBER = '<subscriber number="S1"/>'


def command(name: str, *inner: str, reference: str = "1") -> str:
    return f'<command name="{name}" reference="{reference}">{"".join(inner)}</command>'


# fmt: off
NOT_XML = ["", "plain words", "<command", "<command/><command/>", "<command>&x;</command>"]
BREACHES = [
    # body                                                    path                  said
    ("<!DOCTYPE x><x/>",                                      "/",                  "document type"),
    ("<order/>",                                              "/order",             "order"),
    ('<response reference="" status="ACCEPTED" id="1"/>',     "/response",          "only a command"),
    (f'<command reference="1">{ACCOUNT}</command>',           "/command",           "name"),
    (f'<command name="GET_ACCOUNT">{ACCOUNT}</command>',      "/command",           "reference"),
    (command("GET_ACCOUNT", ACCOUNT, reference=""),           "/command",           "reference"),
    (command("GET_ACCOUNT", ACCOUNT, reference="a b"),        "/command",           "reference"),
    (command("GET_ACCOUNT", ACCOUNT, reference="1" * 65),     "/command",           "reference"),
    (command("GET_ACCOUNT", ACCOUNT, reference='1" x="1'),    "/command",           "'x'"),
    (command("DELETE_ACCOUNT", ACCOUNT),                      "/command",           "DELETE_ACCOUNT"),
    (command("GET_ACCOUNT", "text", ACCOUNT),                 "/command",           "content"),
    (command("GET_ACCOUNT"),                                  "/command",           "Missing"),
    (command("GET_ACCOUNT", "<account/>"),                    "/command/account",   "'id'"),
    (command("GET_ACCOUNT", ACCOUNT, ACCOUNT),                "/command/account[2]", "account"),
    (command("ADD_MATERIAL", SUBSCRIBER),                     "/command",           "takes account and material, not"),
    (command("GET_ACCOUNT", ACCOUNT, OPTIONS),                "/command",           "takes account or subscriber, not"),
    (command("GET_ACCOUNT", '<subscriber number="S1" phone="1"/>'),
                                                              "/command/subscriber", "nothing else of them"),
    (command("CREATE_ACCOUNT", ACCOUNT),                      "/command",           "takes subscriber, not account"),
    (command("ADD_MATERIAL", ACCOUNT),                        "/command",           "takes account and material"),
    (command("ADD_MATERIAL", ACCOUNT, OPTIONS),               "/command",           "takes account and material"),
    (command("SUSPEND_OPTIONS", ACCOUNT, '<material id="M"/>'), "/command",         "takes account and options"),
    (command("ACTIVATE_OPTIONS", ACCOUNT, "<options/>"),      "/command/options",   "Missing"),
    (command("ACTIVATE_OPTIONS", ACCOUNT, f"<options>{OPTION}{OPTION}</options>"),
                                                              "/command/options/option[2]", "twice"),
    (command("REMOVE_MATERIAL", ACCOUNT, '<material id="M" type="STB"/>'),
                                                              "/command/material/@type", "only ADD_MATERIAL"),
    (command("CREATE_ACCOUNT", '<subscriber number="S1" age="9"/>'),
                                                              "/command/subscriber", "'age'"),
    (command("CREATE_ACCOUNT", f'<subscriber number="S1" phone="{"1" * 201}"/>'),
                                                              "/command/subscriber", "201"),
]
WHOLE, FIRST = "/command/options/option", "/command/options/option[1]"
WINDOWS = [
    # start                        end                        path                said
    ("2026-01-01T00:00:00Z",       None,                      FIRST,              "come together"),
    (None,                         "2026-01-01T00:00:00Z",    FIRST,              "come together"),
    ("2026-01-01T00:00:00Z",       "2026-01-01T00:00:00Z",    f"{FIRST}/@end",    "not after"),
    ("2026-01-02T00:00:00Z",       "2026-01-01T00:00:00Z",    f"{FIRST}/@end",    "not after"),
    ("2026-01-01T00:00:00+01:00",  "2026-01-02T00:00:00Z",    WHOLE,              "pattern"),
    ("2026-02-30T00:00:00Z",       "2026-03-01T00:00:00Z",    WHOLE,              "2026-02-30"),
    ("2026-01-01T24:00:00Z",       "2026-03-01T00:00:00Z",    f"{FIRST}/@start",  "no instant"),
    ("today",                      "tomorrow",                WHOLE,              "today"),
]
# fmt: on


@pytest.mark.parametrize("body", NOT_XML)
def test_what_is_not_even_xml_is_malformed(caller, workspace, body):
    code, sentence = caller.post(body).error
    assert (code, sentence.startswith("/: not well-formed: ")) == ("MALFORMED", True)
    assert workspace.journal.violations()[0].violations[0].path == "/"


@pytest.mark.parametrize(("body", "path", "said"), BREACHES)
def test_what_breaks_the_contract_is_malformed_and_the_answer_says_where(caller, workspace, body, path, said):
    answer = caller.post(body)
    code, sentence = answer.error
    assert (answer.status, code) == (200, "MALFORMED")
    assert said in sentence
    entry = workspace.journal.violations()[0]
    assert (entry.operation, entry.effect, entry.violations[0].path) == ("MALFORMED", "rejected", path)


@pytest.mark.parametrize("case", WINDOWS)
def test_a_window_has_two_instants_in_order(caller, workspace, case):
    start, end, path, said = case
    attributes = " ".join(f'{name}="{value}"' for name, value in (("start", start), ("end", end)) if value)
    caller.create()
    code, sentence = caller.activate("OPT_PPV", window=attributes).error
    assert code == "MALFORMED"
    assert said in sentence
    assert workspace.journal.violations()[0].violations[0].path == path
    assert workspace.holdings() == {"T100001": ["account T100001"]}


def test_only_an_activation_has_a_window(caller):
    caller.create()
    inner = '<account id="T100001"/><options><option id="OPT_PPV" start="2026-01-01T00:00:00Z"/></options>'
    assert caller.send("SUSPEND_OPTIONS", inner).error == (
        "MALFORMED",
        "/command/options/option/@start: only ACTIVATE_OPTIONS takes it, not SUSPEND_OPTIONS",
    )


CHARSETS = ["UTF-8", "UTF-16", "ISO-8859-1", "ISO-8859-15", "windows-1252"]


@pytest.mark.parametrize("charset", [*CHARSETS, "US-ASCII"])
def test_an_answer_comes_in_the_character_set_of_its_question(caller, charset):
    answer = caller.post(caller.command("CREATE_ACCOUNT", '<subscriber number="S1"/>'), charset)
    assert answer.accepted
    assert answer.http.headers["Content-Type"] == f"text/xml; charset={charset.lower()}"
    assert "<account id=" in answer.body.decode(charset)


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_name_means_the_same_in_every_character_set(caller, workspace, charset):
    caller.post(caller.command("CREATE_ACCOUNT", '<subscriber number="Sé" first_name="Ünal"/>'), charset)
    assert caller.create("Sé").error == ("ACCOUNT_EXISTS", "T100001")
    assert workspace.journal.find()[0].parameters["first_name"] == "Ünal"


def test_what_the_character_set_lacks_is_answered_as_a_character_reference(caller):
    caller.post(caller.command("CREATE_ACCOUNT", '<subscriber number="S&#8364;"/>'), "ISO-8859-1")
    answer = caller.post(caller.command("GET_ACCOUNT", '<account id="T100001"/>'), "ISO-8859-1")
    assert b'subscriber="S&#8364;"' in answer.body


@pytest.mark.parametrize("charset", ["koi8-r", "UTF-7", "hex", "undefined", "nonsense"])
def test_another_character_set_is_unsupported(caller, workspace, charset):
    caller.session.headers["Content-Type"] = ""
    response = caller.session.post(caller.url, data=b"<a/>", headers={"Content-Type": f"text/xml; charset={charset}"})
    assert b'code="UNSUPPORTED_ENCODING"' in response.content
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert charset.lower() in workspace.journal.violations()[0].violations[0].message


def test_bytes_that_are_not_of_the_character_set_named_are_malformed(caller):
    body = caller.command("CREATE_ACCOUNT", '<subscriber number="Sé"/>').encode("ISO-8859-1")
    code, sentence = caller.post(body).error
    assert code == "MALFORMED"
    assert "is not utf-8" in sentence


def test_the_header_says_the_character_set_whatever_the_document_declares(caller):
    declared = '<?xml version="1.0" encoding="UTF-16"?>'
    assert caller.post(declared + caller.command("CREATE_ACCOUNT", '<subscriber number="S1"/>')).accepted


def test_everything_that_is_ever_answered_keeps_the_contract(caller, workspace):
    caller.create("S1")
    caller.create("S1")
    caller.add("STB-1")
    caller.activate("OPT_RELIGION", "OPT_PPV", window='start="2026-01-01T18:00:00Z" end="2026-01-01T20:00:00Z"')
    caller.suspend("OPT_RELIGION")
    caller.suspend("OPT_X")
    caller.show()
    caller.show("T9")
    caller.post("junk")
    caller.post("<a/>", "koi8-r")
    answers = [entry.response.encode() for entry in workspace.journal.find()]
    assert len(answers) == 10
    for answer in answers:
        wire.schema().check(etree.fromstring(answer))


@pytest.mark.parametrize("code", CODES)
def test_every_code_there_is_can_be_answered_within_the_contract(code):
    body = wire.rejected("1", "TX-1", code, 'it\'s <"odd"> \x00 \ufffe', "text/xml")
    wire.schema().check(etree.fromstring(body))


def test_the_schema_and_the_program_know_the_same_words():
    def enumerated(name):
        path = f".//{{*}}simpleType[@name='{name}']//{{*}}enumeration"
        return [element.get("value") for element in etree.fromstring(wire.schema().text).iterfind(path)]

    assert enumerated("CommandName") == list(Command)
    assert enumerated("Code") == list(CODES)
    assert enumerated("OptionState") == list(OptionState)


IDS = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=64)
LINES = st.text(st.characters(exclude_categories=["C"]), max_size=200)
SECONDS = st.datetimes().map(lambda at: at.replace(microsecond=0))


@given(reference=IDS, account=IDS, material=IDS, type_=LINES)
def test_any_id_survives_the_way_in(reference, account, material, type_):
    root = etree.Element("command", name="ADD_MATERIAL", reference=reference)
    etree.SubElement(root, "account", id=account)
    etree.SubElement(root, "material", id=material, type=type_)
    order = wire.read(etree.tostring(root, encoding="UTF-16"), "text/xml; charset=utf-16")
    assert (order.reference, order.account, order.material, order.type) == (reference, account, material, type_)


@given(options=st.dictionaries(IDS, st.none() | st.tuples(SECONDS, SECONDS).filter(lambda ends: ends[0] < ends[1])))
def test_any_set_of_options_is_read_as_it_was_written(options):
    root = etree.Element("command", name="ACTIVATE_OPTIONS", reference="1")
    etree.SubElement(root, "account", id="T1")
    listed = etree.SubElement(root, "options")
    for id_, window in options.items():
        ends = dict(zip(("start", "end"), (f"{end.isoformat()}Z" for end in window or ()), strict=False))
        etree.SubElement(listed, "option", id=id_, **ends)
    body = etree.tostring(root)
    if not options:
        with pytest.raises(BreachError):
            wire.read(body, "text/xml")
        return
    order = wire.read(body, "text/xml")
    naive = {id_: window and tuple(end.replace(tzinfo=None) for end in window) for id_, window in order.options.items()}
    assert naive == options
    assert order.parameters["options"] == sorted(options)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_reader_fail_in_any_other_way(body):
    with pytest.raises(BreachError):
        wire.read(body, "text/xml")
