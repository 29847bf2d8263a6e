"""What Tucano's answers mean to the engine, found by showing them to the adapter that judges."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from engine.adapters.tucano.replies import ANSWERS_IN_XML, MEANINGS, judge
from engine.domain.request import Meaning
from engine.ports import Reply
from harness.docs.markdown import code, table

REFERENCE = "000001"
ACCEPTED = f'<response reference="{REFERENCE}" status="ACCEPTED" id="TX-1"/>'
REJECTED = f'<response reference="{REFERENCE}" status="REJECTED" id="TX-1"><error code="%s">why</error></response>'
UNREADABLE = {
    "no XML": "<html>",
    "a response to another reference": ACCEPTED.replace(REFERENCE, "000002"),
    "a response that is neither `ACCEPTED` nor `REJECTED`": ACCEPTED.replace("ACCEPTED", "DONE"),
}
STATUSES = range(200, 600)


def verdicts() -> str:
    """Every kind of answer, and what it means."""
    return table(("answer", "means"), [(answer, meaning.value) for answer, meaning in judged()])


def judged() -> Iterator[tuple[str, Meaning]]:
    """Response documents first, then the statuses that speak without one."""
    yield code("ACCEPTED"), meaning_of(ACCEPTED)
    for name in MEANINGS:
        yield code(name), meaning_of(REJECTED % name)
    yield "any other code", meaning_of(REJECTED % "ANY_OTHER")
    for what, body in UNREADABLE.items():
        yield what, meaning_of(body)
    alone = [(judge(Reply(status), REFERENCE).meaning, status) for status in STATUSES if status not in ANSWERS_IN_XML]
    found = dict.fromkeys(meaning for meaning, _ in alone)
    for meaning in found:
        yield f"HTTP {spans(status for one, status in alone if one is meaning)}", meaning


def meaning_of(document: str) -> Meaning:
    """What a response document means."""
    return judge(Reply(200, body=document.encode()), REFERENCE).meaning


def read_statuses() -> str:
    """The statuses with which a response document is looked for."""
    return spans(sorted(ANSWERS_IN_XML))


def spans(numbers: Iterable[int]) -> str:
    """Numbers in few words: those in a row by the first and the last of them."""
    rows = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [(row[0][1], row[-1][1]) for row in (list(group) for _, group in rows)]
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ends)
