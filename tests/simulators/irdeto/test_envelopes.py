"""SOAP 1.1: what an envelope may be, and whose fault it is if it is another."""

import pytest

from tests.simulators.irdeto.conftest import NAMESPACE, SOAP, envelope, request

SOAP_1_2 = "http://www.w3.org/2003/05/soap-envelope"
NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
REGISTER = request(
    "REGISTER_SECURE_CLIENT", "<secureClient>SC-1</secureClient><subscription>S1</subscription><sector>M</sector>", "7"
)


def block(attributes: str) -> str:
    return f'<t:Security xmlns:t="urn:t" {attributes}>x</t:Security>'


@pytest.mark.parametrize("namespace", [SOAP_1_2, "urn:x", ""])
def test_another_version_is_a_mismatch_and_its_body_is_not_looked_at(caller, workspace, namespace):
    body = envelope(REGISTER, namespace=namespace) if namespace else "<Envelope><Body/></Envelope>"
    answer = caller.post(body)
    assert (answer.status, answer.fault, answer.detail) == (500, "VersionMismatch", None)
    assert answer.root.tag == f"{{{SOAP}}}Envelope"
    entry = workspace.journal.violations()[0]
    assert (entry.code, entry.violations[0].path, entry.request) == ("MALFORMED", "/Envelope", body)
    assert workspace.holdings() == {}


@pytest.mark.parametrize("actor", ["", 's:actor=""', f's:actor="{NEXT}"'])
def test_a_header_that_must_be_understood_is_not(caller, workspace, actor):
    answer = caller.post(envelope(REGISTER, block(f's:mustUnderstand="1" {actor}')))
    assert (answer.status, answer.fault, answer.detail) == (500, "MustUnderstand", None)
    entry = workspace.journal.violations()[0]
    assert entry.violations[0].path == "/Envelope/Header/Security"
    assert "SC-1" in entry.request
    assert workspace.holdings() == {}


@pytest.mark.parametrize("attributes", ["", 's:mustUnderstand="0"', 's:mustUnderstand="1" s:actor="urn:somebody"'])
def test_any_other_header_is_passed_over(caller, attributes):
    assert caller.post(envelope(REGISTER, block("") + block(attributes))).done


def test_must_is_said_with_0_or_1(caller):
    answer = caller.post(envelope(REGISTER, block('s:mustUnderstand="true"')))
    assert (answer.fault, answer.code) == ("Client", "MALFORMED")
    assert "/Envelope/Header/Security/@mustUnderstand: it is 0 or 1, not true" in answer.sentence


def enveloped(inner: str) -> str:
    return f'<s:Envelope xmlns:s="{SOAP}">{inner}</s:Envelope>'


# fmt: off
BODY = f"<s:Body>{REGISTER}</s:Body>"
MISSHAPEN = [
    # document                                                      path               said
    (REGISTER,                                                      "/REGISTER_SECURE_CLIENT", "only a SOAP envelope"),
    (f'<s:Fault xmlns:s="{SOAP}"/>',                                "/Fault",          "only a SOAP envelope"),
    (enveloped(""),                                                 "/Envelope",       "one body"),
    (enveloped("<s:Header/>"),                                      "/Envelope",       "one body"),
    (enveloped(f"{BODY}<s:Header/>"),                               "/Envelope",       "one body"),
    (enveloped(f"<s:Header/><s:Header/>{BODY}"),                    "/Envelope",       "one body"),
    (enveloped(f"{BODY}{BODY}"),                                    "/Envelope",       "one body"),
    (enveloped(f"{BODY}<a/>"),                                      "/Envelope",       "nothing else"),
    (enveloped(f"<Body>{REGISTER}</Body>"),                         "/Envelope",       "one body"),
    (enveloped(f"text{BODY}"),                                      "/Envelope",       "no text"),
    (enveloped(f"<s:Header>text</s:Header>{BODY}"),                 "/Envelope/Header", "no text"),
    (enveloped("<s:Body/>"),                                        "/Envelope/Body",  "one element, not 0"),
    (enveloped(f"<s:Body>{REGISTER}{REGISTER}</s:Body>"),           "/Envelope/Body",  "one element, not 2"),
    (enveloped(f"<s:Body>text{REGISTER}</s:Body>"),                 "/Envelope/Body",  "no text"),
    (enveloped(f"<s:Body>{REGISTER}text</s:Body>"),                 "/Envelope/Body",  "no text"),
]
# fmt: on


@pytest.mark.parametrize(("body", "path", "said"), MISSHAPEN)
def test_a_misshapen_envelope_is_a_client_fault_and_is_not_opened(caller, workspace, body, path, said):
    answer = caller.post(body)
    assert (answer.fault, answer.code, said in answer.sentence) == ("Client", "MALFORMED", True)
    assert workspace.journal.violations()[0].violations[0].path == path
    assert workspace.holdings() == {}


@pytest.mark.parametrize("action", [None, "", '"PAIR"', f'"{NAMESPACE}/DEREGISTER_SECURE_CLIENT"'])
def test_the_soap_action_is_not_looked_at(caller, action):
    headers = {"Content-Type": "text/xml", **({} if action is None else {"SOAPAction": action})}
    assert caller.session.post(caller.url, data=envelope(REGISTER), headers=headers).status_code == 200


def test_comments_and_processing_instructions_are_passed_over(caller):
    assert caller.post(f"<?a b?><!-- c -->{envelope(f'<!-- d -->{REGISTER}<?e f?>')}").done
