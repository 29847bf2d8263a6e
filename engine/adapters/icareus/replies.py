"""What Icareus's answers mean."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.adapters.answers import by_status, unreadable
from engine.domain.request import Meaning, Verdict
from engine.ports import Reply

ANSWERS_IN_JSON = frozenset(range(200, 300))
WITHOUT_CREDENTIALS = frozenset({"INVALID_TOKEN", "EXPIRED_TOKEN", "UNKNOWN_ORGANIZATION"})
BEFORE_THE_TOKEN = frozenset({"MISSING_PARAMETER", "INVALID_PARAMETER", "UNKNOWN_ACTION"})

# A code that is not listed is a refusal. Those that turn away are given before the platform looks whom the call is
# about.
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "USER_EXISTS": Meaning.ACCEPTED,
        "UNKNOWN_USER": Meaning.ACCOUNT_UNKNOWN,
        "UNKNOWN_PRODUCT": Meaning.REFUSED,
        "UNKNOWN_DEVICE": Meaning.REFUSED,
        "DEVICE_IN_USE": Meaning.REFUSED,
        "INVALID_PARAMETER": Meaning.REFUSED,
        "MISSING_PARAMETER": Meaning.TURNED_AWAY,
        "UNKNOWN_ACTION": Meaning.TURNED_AWAY,
        "INVALID_TOKEN": Meaning.TURNED_AWAY,
        "EXPIRED_TOKEN": Meaning.TURNED_AWAY,
        "UNKNOWN_ORGANIZATION": Meaning.TURNED_AWAY,
    }
)


def judge(reply: Reply, _reference: str) -> Verdict:
    """The platform's word on a request; its code and text are kept verbatim. It repeats no reference."""
    return by_status(reply, ANSWERS_IN_JSON) or judge_answer(reply.body)


def credentials_hold(reply: Reply, reference: str) -> bool | None:
    """Whether the platform took our token: an answer about users is proof, and so is one about the token.

    None where the answer says neither: the platform is busy, or it is no platform, or it did not look at the token.
    """
    if reply.status not in ANSWERS_IN_JSON:
        return None
    verdict = judge(reply, reference)
    if verdict.code in WITHOUT_CREDENTIALS:
        return False
    return None if verdict.meaning is Meaning.IN_DOUBT or verdict.code in BEFORE_THE_TOKEN else True


def judge_answer(body: bytes) -> Verdict:
    """The meaning of an answer in JSON. Failures come with HTTP 200, too."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        return unreadable(f"not JSON: {error}"[:200])
    if not isinstance(answer, dict):
        return unreadable("not an object")
    status, code, text = (said(answer, name) for name in ("status", "code", "message"))
    if status == "ok":
        return Verdict(Meaning.ACCEPTED, account=said(answer, "userId"))
    if status != "error" or not (code or text):
        return unreadable("neither ok nor an error with a code or a message")
    meaning = MEANINGS.get(code, Meaning.REFUSED)
    return Verdict(meaning, code, text, account=said(answer, "userId") if meaning is Meaning.ACCEPTED else "")


def said(answer: Mapping[str, Any], name: str) -> str:
    """A text of the answer, or a whole number as text; nothing for what is neither."""
    value = answer.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
