"""The published WSDL, both ways: what breaks it is a Client fault, and all that is answered keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simulators.irdeto import wire
from simulators.irdeto.codes import SENTENCES, Code, Kind, MessageType, Operation
from simulators.irdeto.soap import Fault
from simulators.irdeto.wire import NAMESPACE, RequestError
from tests.simulators.irdeto.conftest import SOAP, envelope, request

SC, CARD = "<secureClient>SC-1</secureClient>", "<smartcard>C-1</smartcard>"
RIGHT = '<entitlement caId="CA_PPV"/>'
MESSAGE = "<textMode>ANSI</textMode><text>x</text>"

# fmt: off
NOT_XML = ["", "plain words", "<Envelope", "<a/><a/>", "<a>&x;</a>"]
BREACHES = [
    # payload                                                      path                        said
    (request("DELETE", SC),                                        "/DELETE",                  "no operation {urn"),
    (request("refusal", SC),                                       "/refusal",                 "no operation"),
    (request("PAIR_RESPONSE", SC),                                 "/PAIR_RESPONSE",           "no operation"),
    (request("pair", SC),                                          "/pair",                    "no operation"),
    (request("PAIR", SC + CARD).replace(":1", ":2"),               "/PAIR",                    "the namespace is urn"),
    ("<PAIR/>",                                                    "/PAIR",                    "no operation PAIR;"),
    (f'<PAIR xmlns="{NAMESPACE}"/>',                               "/PAIR",                    "Missing"),
    (f'<PAIR xmlns="{NAMESPACE}">{SC}{CARD}</PAIR>',               "/PAIR/secureClient",       "transactionId"),
    (request("PAIR", SC),                                          "/PAIR",                    "smartcard"),
    (request("PAIR", CARD + SC),                                   "/PAIR/smartcard",          "secureClient"),
    (request("PAIR", SC + SC + CARD),                              "/PAIR/secureClient[2]",    "smartcard"),
    (request("PAIR", f"{SC}{CARD}text"),                           "/PAIR",                    "content"),
    (request("PAIR", f'{SC}<smartcard a="1">C</smartcard>'),       "/PAIR/smartcard",          "'a'"),
    (request("PAIR", f"{SC}<smartcard/>"),                         "/PAIR/smartcard",          "pattern"),
    (request("PAIR", f"{SC}<smartcard>a b</smartcard>"),           "/PAIR/smartcard",          "pattern"),
    (request("PAIR", f"{SC}<smartcard>{'1' * 65}</smartcard>"),    "/PAIR/smartcard",          "pattern"),
    (request("PAIR", f"{SC}<smartcard>\u00a0</smartcard>"),        "/PAIR/smartcard",          "pattern"),
    (request("PAIR", f'{SC}<smartcard xmlns="">C</smartcard>'),    "/PAIR/smartcard",          "not expected"),
    (request("DEREGISTER_SECURE_CLIENT", f"{SC}<subscription>S1</subscription>"),
                                                                   "/DEREGISTER_SECURE_CLIENT/subscription", "not exp"),
    (request("REGISTER_SECURE_CLIENT", f"{SC}<subscription>S1</subscription>"),
                                                                   "/REGISTER_SECURE_CLIENT",  "sector"),
    (request("ADD_ENTITLEMENTS", SC),                              "/ADD_ENTITLEMENTS",        "entitlement"),
    (request("ADD_ENTITLEMENTS", f"{SC}<entitlement/>"),           "/ADD_ENTITLEMENTS/entitlement", "caId"),
    (request("ADD_ENTITLEMENTS", SC + RIGHT * 2),                  "/ADD_ENTITLEMENTS/entitlement[2]", "twice"),
    (request("ADD_ENTITLEMENTS", SC + "<caId>CA_PPV</caId>"),      "/ADD_ENTITLEMENTS/caId",   "entitlement"),
    (request("REMOVE_ENTITLEMENTS", SC + RIGHT),                   "/REMOVE_ENTITLEMENTS/entitlement", "caId"),
    (request("REMOVE_ENTITLEMENTS", SC + "<caId>A</caId>" * 2),    "/REMOVE_ENTITLEMENTS/caId[2]", "twice"),
    (request("SEND_MESSAGE", f"{SC}<type>SMS</type>{MESSAGE}"),    "/SEND_MESSAGE/type",       "SMS"),
    (request("SEND_MESSAGE", f"{SC}<type>MAIL</type>"),            "/SEND_MESSAGE",            "textMode"),
    (request("SEND_MESSAGE", f"{SC}<type>MAIL</type>{MESSAGE[:-7]}<b/></text>"), "/SEND_MESSAGE/text", "is simple"),
    (request("SET_PIN", SC),                                       "/SET_PIN",                 "pin"),
    (request("QUERY_SECURE_CLIENT", SC),                           "/QUERY_SECURE_CLIENT",     "kind"),
    (request("QUERY_SECURE_CLIENT", SC + "<kind>PVR</kind>" * 101), "/QUERY_SECURE_CLIENT/kind[101]", "not expected"),
]
WHOLE, FIRST = "/ADD_ENTITLEMENTS/entitlement", "/ADD_ENTITLEMENTS/entitlement[1]"
WINDOWS = [
    # start                        end                        path                said
    ("2026-01-01T00:00:00Z",       None,                      FIRST,              "come together"),
    (None,                         "2026-01-01T00:00:00Z",    FIRST,              "come together"),
    ("2026-01-01T00:00:00Z",       "2026-01-01T00:00:00Z",    f"{FIRST}/@end",    "not after"),
    ("2026-01-02T00:00:00Z",       "2026-01-01T00:00:00Z",    f"{FIRST}/@end",    "not after"),
    ("2026-01-01T00:00:00+01:00",  "2026-01-02T00:00:00Z",    WHOLE,              "pattern"),
    ("2026-01-01T24:00:00Z",       "2026-03-01T00:00:00Z",    f"{FIRST}/@start",  "no instant"),
    ("today",                      "tomorrow",                WHOLE,              "today"),
]
# fmt: on


@pytest.fixture
def registered(caller, workspace):
    """One secure client; whatever else is done to it is refused."""
    caller.register()
    yield caller
    assert workspace.holdings() == {"SC-1": ["client SC-1 sector MAIN"]}


@pytest.mark.parametrize("body", NOT_XML)
def test_what_is_not_even_xml_is_a_client_fault(registered, workspace, body):
    answer = registered.post(body)
    assert (answer.fault, answer.code, answer.detail) == ("Client", "MALFORMED", {"code": "MALFORMED"})
    assert answer.sentence.startswith("the contract is broken: /: not well-formed: ")
    assert workspace.journal.violations()[0].violations[0].path == "/"


@pytest.mark.parametrize(("payload", "path", "said"), BREACHES)
def test_what_breaks_the_contract_is_a_client_fault_that_says_where(registered, workspace, payload, path, said):
    answer = registered.post(envelope(payload))
    assert (answer.fault, answer.code) == ("Client", "MALFORMED")
    assert said in answer.sentence
    entry = workspace.journal.violations()[0]
    assert (entry.operation, entry.effect, entry.violations[0].path) == ("MALFORMED", "rejected", path)
    assert entry.request == envelope(payload)


@pytest.mark.parametrize("case", WINDOWS)
def test_a_window_has_two_instants_in_order(registered, workspace, case):
    start, end, path, said = case
    attributes = " ".join(f'{name}="{value}"' for name, value in (("start", start), ("end", end)) if value)
    answer = registered.add("CA_PPV", window=attributes)
    assert (answer.code, said in answer.sentence) == ("MALFORMED", True)
    assert workspace.journal.violations()[0].violations[0].path == path


PAIR = request("PAIR", SC + CARD)


@pytest.mark.parametrize("prefix", ["", "a:", "soap:"])
def test_prefixes_are_the_callers_choice(caller, prefix):
    caller.register()
    named = f'xmlns:{prefix[:-1]}="{NAMESPACE}"' if prefix else f'xmlns="{NAMESPACE}"'
    texts = (("transactionId", "9"), ("secureClient", "SC-1"), ("smartcard", "C-1"))
    inner = "".join(f"<{prefix}{name}>{text}</{prefix}{name}>" for name, text in texts)
    payload = f"<{prefix}PAIR {named}>{inner}</{prefix}PAIR>"
    assert caller.post(envelope(payload)).transaction == "9"


def test_answers_name_what_they_answer(caller):
    answer = caller.register()
    assert answer.root.find("soap:Body", {"soap": SOAP})[0].tag == f"{{{NAMESPACE}}}REGISTER_SECURE_CLIENT_RESPONSE"


@pytest.mark.parametrize("charset", ["UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII"])
def test_an_answer_comes_in_the_character_set_of_its_question(caller, charset):
    answer = caller.post(envelope(PAIR), charset)
    assert answer.code == "UNKNOWN_SECURE_CLIENT"
    assert answer.http.headers["Content-Type"] == f"text/xml; charset={charset.lower()}"
    assert "<faultcode>" in answer.body.decode(charset)


@pytest.mark.parametrize("charset", ["koi8-r", "UTF-7", "undefined", "nonsense"])
def test_another_character_set_is_a_client_fault(caller, workspace, charset):
    headers = {"Content-Type": f"text/xml; charset={charset}"}
    response = caller.session.post(caller.url, data=envelope(PAIR), headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (500, "text/xml; charset=utf-8")
    assert b"is not supported" in response.content
    assert len(workspace.journal.violations()) == 1


def test_everything_that_is_ever_answered_keeps_the_contract(caller, workspace):
    caller.register()
    caller.pair()
    caller.query(*Kind)
    caller.query("X")
    caller.unpair()
    caller.deregister()
    caller.post("junk")
    caller.post(envelope(PAIR), "koi8-r")
    answers = [etree.fromstring(entry.response.encode()) for entry in workspace.journal.find()]
    assert len(answers) == 8
    for answer in answers:
        [payload] = answer.find(f"{{{SOAP}}}Body")
        detail = payload.find("detail")
        wire.schema().check(payload if detail is None else detail[0])


@pytest.mark.parametrize("code", Code)
def test_every_code_there_is_can_be_answered_within_the_contract(code):
    asked = wire.read(envelope(PAIR).encode(), "text/xml")
    body = wire.refused(asked, code, 'it\'s <"odd"> \x00 \ufffe', "text/xml")
    wire.schema().check(etree.fromstring(body).find(".//detail")[0])
    assert code in SENTENCES


def test_the_wsdl_and_the_program_know_the_same_words():
    document = etree.fromstring(wire.schema().text)

    def enumerated(name):
        path = f".//{{*}}simpleType[@name='{name}']//{{*}}enumeration"
        return [element.get("value") for element in document.iterfind(path)]

    def operations(parent):
        return [element.get("name") for element in document.iterfind(f"{{*}}{parent}/{{*}}operation")]

    elements = [element.get("name") for element in document.iterfind("{*}types/{*}schema/{*}element")]
    assert enumerated("Code") == list(Code)
    assert enumerated("Kind") == list(Kind)
    assert enumerated("MessageType") == list(MessageType)
    assert operations("portType") == operations("binding") == list(Operation)
    assert elements == [*Operation, *(f"{operation}_RESPONSE" for operation in Operation), "refusal"]


IDS = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=64)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=200)
SECONDS = st.datetimes().map(lambda at: at.replace(microsecond=0))


def built(operation: str, *children: tuple[str, str, dict[str, str]]) -> bytes:
    root = etree.Element(f"{{{SOAP}}}Envelope")
    asked = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{NAMESPACE}}}{operation}")
    for name, text, attributes in children:
        etree.SubElement(asked, f"{{{NAMESPACE}}}{name}", attributes).text = text
    return etree.tostring(root, encoding="UTF-16")


@given(transaction=IDS, client=IDS, mode=TEXTS, text=TEXTS)
def test_any_id_and_any_text_survives_the_way_in(transaction, client, mode, text):
    fields = {"transactionId": transaction, "secureClient": client, "type": "MAIL", "textMode": mode, "text": text}
    body = built("SEND_MESSAGE", *((name, value, {}) for name, value in fields.items()))
    asked = wire.read(body, "text/xml; charset=utf-16")
    assert (asked.transaction, asked.client, asked.mode, asked.text) == (transaction, client, mode, text)


@given(rights=st.dictionaries(IDS, st.none() | st.tuples(SECONDS, SECONDS).filter(lambda ends: ends[0] < ends[1])))
def test_any_set_of_entitlements_is_read_as_it_was_written(rights):
    listed = []
    for ca_id, window in rights.items():
        ends = zip(("start", "end"), (f"{end.isoformat()}Z" for end in window or ()), strict=False)
        listed.append(("entitlement", "", {"caId": ca_id, **dict(ends)}))
    body = built("ADD_ENTITLEMENTS", ("transactionId", "1", {}), ("secureClient", "S", {}), *listed)
    if not rights:
        with pytest.raises(RequestError):
            wire.read(body, "text/xml; charset=utf-16")
        return
    asked = wire.read(body, "text/xml; charset=utf-16")
    read = {id_: w and tuple(end.replace(tzinfo=None) for end in w) for id_, w in asked.entitlements.items()}
    assert read == rights
    assert asked.parameters["caIds"] == sorted(rights)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_reader_fail_in_any_other_way(body):
    with pytest.raises(RequestError) as error:
        wire.read(body, "text/xml")
    assert error.value.fault is Fault.CLIENT
    wire.without_digits(body.decode("latin-1"))
