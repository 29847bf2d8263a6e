"""What Tucano's answers mean."""

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from engine.adapters.answers import by_status, unreadable
from engine.adapters.xml import read
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

ANSWERS_IN_XML = frozenset({*range(200, 300), 400, 409})
WITHOUT_CREDENTIALS = frozenset({401, 403})

# A code that is not listed is a refusal. Those that turn away are given before the platform looks what came of the
# reference the first time.
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "ACCOUNT_EXISTS": Meaning.ACCEPTED,
        "UNKNOWN_ACCOUNT": Meaning.ACCOUNT_UNKNOWN,
        "UNKNOWN_OPTION": Meaning.REFUSED,
        "UNKNOWN_MATERIAL": Meaning.REFUSED,
        "MATERIAL_IN_USE": Meaning.REFUSED,
        "MALFORMED": Meaning.TURNED_AWAY,
        "UNSUPPORTED_ENCODING": Meaning.TURNED_AWAY,
        "REFERENCE_REUSED": Meaning.TURNED_AWAY,
    }
)


def judge(reply: Reply, reference: str) -> Verdict:
    """The platform's word on the request with this reference; its code and text are kept verbatim."""
    return by_status(reply, ANSWERS_IN_XML) or judge_response(reply.body, reference)


def credentials_hold(reply: Reply, reference: str) -> bool | None:
    """Whether the platform let us in: a command that was read is proof, and so is a door that stays shut.

    None where the answer says neither: the platform is busy, or it is no platform.
    """
    if reply.status in WITHOUT_CREDENTIALS:
        return False
    answered = reply.status in ANSWERS_IN_XML and judge(reply, reference).meaning is not Meaning.IN_DOUBT
    return True if answered else None


def judge_response(body: bytes, reference: str) -> Verdict:
    """The response document's meaning."""
    try:
        response = read(body)
    except etree.XMLSyntaxError as error:
        return unreadable(f"not XML: {error.msg}")
    number, status, answered = response.get("id", ""), response.get("status"), response.get("reference")
    # A platform that could not read the request may refuse it without knowing its reference.
    if response.tag != "response" or answered not in {reference, "" if status == "REJECTED" else reference}:
        return unreadable(f"not a response to {reference}: {response.tag!r} to {answered!r}")
    if status == "ACCEPTED":
        account = response.find("account")
        return Verdict(
            Meaning.ACCEPTED, reference_number=number, account=account.get("id", "") if account is not None else ""
        )
    refusal = response.find("error")
    if status != "REJECTED" or refusal is None:
        return unreadable(f"neither ACCEPTED nor REJECTED with an error: {status!r}")
    code, text = refusal.get("code", ""), refusal.text or ""
    meaning = MEANINGS.get(code, Meaning.REFUSED)
    return Verdict(meaning, code, text, number, account=text if code == "ACCOUNT_EXISTS" else "")
