"""What Irdeto's answers mean."""

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from engine.adapters.answers import by_status, unreadable
from engine.adapters.xml import read
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

ENVELOPES = frozenset({*range(200, 300), 500})  # SOAP 1.1 gives faults with HTTP 500
WITHOUT_CREDENTIALS = frozenset({401, 403})
NAMES = {"soap": "http://schemas.xmlsoap.org/soap/envelope/", "kms": "urn:headend:irdeto-kms:1"}
ANSWER = "_RESPONSE"

# A code that is not listed is a refusal. Those that turn away are given before the platform looks what came of the
# transaction the first time.
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "UNKNOWN_SECURE_CLIENT": Meaning.DEVICE_UNKNOWN,
        "UNKNOWN_SMARTCARD": Meaning.REFUSED,
        "UNKNOWN_PRODUCT": Meaning.REFUSED,
        "ALREADY_PAIRED": Meaning.REFUSED,
        "NOT_PAIRED": Meaning.REFUSED,
        "INVALID_PIN": Meaning.REFUSED,
        "INVALID_TEXT": Meaning.REFUSED,
        "UNKNOWN_KIND": Meaning.REFUSED,
        "SECURE_CLIENT_IN_USE": Meaning.REFUSED,
        "MALFORMED": Meaning.TURNED_AWAY,
        "TRANSACTION_REUSED": Meaning.TURNED_AWAY,
    }
)


def judge(reply: Reply, reference: str) -> Verdict:
    """The platform's word on the request with this reference; its code and text are kept verbatim."""
    return by_status(reply, ENVELOPES) or judge_envelope(reply, reference)


def credentials_hold(reply: Reply, reference: str) -> bool | None:
    """Whether the platform let us in: a call that was read is proof, and so is a door that stays shut.

    None where the answer says neither: the platform is busy, or it is no platform.
    """
    if reply.status in WITHOUT_CREDENTIALS:
        return False
    answered = reply.status in ENVELOPES and judge(reply, reference).meaning is not Meaning.IN_DOUBT
    return True if answered else None


def judge_envelope(reply: Reply, reference: str) -> Verdict:
    """The meaning of what is in the envelope: an answer, or a fault."""
    try:
        envelope = read(reply.body)
    except etree.XMLSyntaxError as error:
        return unreadable(f"HTTP {reply.status} {reply.reason}, not XML: {error.msg}")
    answers = envelope.findall("soap:Body/*", NAMES)
    if envelope.tag != f"{{{NAMES['soap']}}}Envelope" or len(answers) != 1:
        return unreadable(f"HTTP {reply.status} {reply.reason}, no SOAP envelope around one answer: {envelope.tag!r}")
    is_fault = answers[0].tag == f"{{{NAMES['soap']}}}Fault"
    return judge_fault(answers[0], reference) if is_fault else judge_answer(answers[0], reference)


def judge_answer(answer: etree._Element, reference: str) -> Verdict:
    """Yes, if it is to this request; with what was asked for, if something was."""
    name = etree.QName(answer)
    answered = answer.findtext("kms:transactionId", "", NAMES)
    if name.namespace != NAMES["kms"] or not name.localname.endswith(ANSWER) or answered != reference:
        return unreadable(f"not an answer to {reference}: {answer.tag!r} to {answered!r}")
    sections = answer.findall("kms:section", NAMES)
    return Verdict(
        Meaning.ACCEPTED,
        reference_number=answer.findtext("kms:reference", "", NAMES),
        answer={section.findtext("kms:kind", "", NAMES): properties(section) for section in sections} or None,
    )


def judge_fault(fault: etree._Element, reference: str) -> Verdict:
    """Why not: a refusal in the fault's detail. Without one, whoever gave the fault does not say what was done."""
    refusal, text = fault.find("detail/kms:refusal", NAMES), fault.findtext("faultstring", "")
    if refusal is None:
        return unreadable(f"a fault without a refusal: {fault.findtext('faultcode', '')} {text}".rstrip())
    code, answered = refusal.get("code", ""), refusal.get("transactionId", "")
    meaning = MEANINGS.get(code, Meaning.REFUSED)
    # A platform that could not read the request may refuse it without knowing its reference.
    if answered != reference and (answered or meaning is not Meaning.TURNED_AWAY):
        return unreadable(f"not a refusal of {reference}: {code!r} of {answered!r}")
    return Verdict(meaning, code, text)


def properties(section: etree._Element) -> dict[str, str | list[str]]:
    """What a section says: a value by its name, or a list where the name comes more than once."""
    found: dict[str, list[str]] = {}
    for one in section.findall("kms:property", NAMES):
        name, value = (one.findtext(f"kms:{part}", "", NAMES) for part in ("name", "value"))
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
