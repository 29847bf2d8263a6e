"""What the platforms' answers mean to the engine, found by showing them to the adapters that read them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from engine.adapters import ADAPTERS
from engine.adapters.icareus import replies as icareus
from engine.adapters.irdeto import replies as irdeto
from engine.adapters.tucano import replies as tucano
from engine.domain.file import FileState, RequestFile
from engine.domain.request import Meaning, Priority
from engine.ports import Refusal, Reply
from harness.docs.markdown import code, table

REFERENCE, OTHER = "000001", "000002"
STATUSES = range(200, 600)
LINES = 100
"""In the first lines of a file there are records already."""

OF_ALL = "all requests of the file `REJECTED`"
OF_ONE = "the request of that record `REJECTED`, the others go into the next file"
WAITS = "the requests stay `PENDING`"


@dataclass(frozen=True)
class Answers:
    """A platform's answers by example: a yes, a refusal with `%s` for its code, and what can't be read, in words.

    `yes` is what the first is called; `statuses` are those with which such a document is read, `refused_with` that of a
    refusal; `meanings` has the codes.
    """

    yes: str
    document: str
    statuses: frozenset[int]
    meanings: Mapping[str, Meaning]
    accepted: str
    refused: str
    unreadable: Mapping[str, str]
    refused_with: int = 200


def enveloped(body: str) -> str:
    """A SOAP envelope around it."""
    return f'<s:Envelope xmlns:s="{irdeto.NAMES["soap"]}"><s:Body>{body}</s:Body></s:Envelope>'


IN_XML = f'<response reference="{REFERENCE}" status="ACCEPTED" id="TX-1"/>'
KMS = f'xmlns="{irdeto.NAMES["kms"]}"'
IN_SOAP = enveloped(f"<PAIR_RESPONSE {KMS}><transactionId>{REFERENCE}</transactionId></PAIR_RESPONSE>")
FAULT = "<s:Fault><faultcode>s:Client</faultcode><faultstring>why</faultstring>{detail}</s:Fault>"
REFUSAL = f'<detail><refusal {KMS} code="%s" transactionId="{REFERENCE}"/></detail>'

ANSWERS: Mapping[str, Answers] = {
    "tucano": Answers(
        "`ACCEPTED`",
        "A response document",
        tucano.ANSWERS_IN_XML,
        tucano.MEANINGS,
        IN_XML,
        f'<response reference="{REFERENCE}" status="REJECTED" id="TX-1"><error code="%s">why</error></response>',
        {
            "no XML": "<html>",
            "a response to another reference": IN_XML.replace(REFERENCE, OTHER),
            "a response that is neither `ACCEPTED` nor `REJECTED`": IN_XML.replace("ACCEPTED", "DONE"),
        },
    ),
    "icareus": Answers(
        "`ok`",
        "An answer in JSON",
        icareus.ANSWERS_IN_JSON,
        icareus.MEANINGS,
        '{"status": "ok"}',
        '{"status": "error", "code": "%s", "message": "why"}',
        {
            "no JSON": "<html>",
            "an answer that is neither `ok` nor `error`": '{"status": "done"}',
            "an error without code and message": '{"status": "error"}',
        },
    ),
    "irdeto": Answers(
        "`<NAME>_RESPONSE` in an envelope",
        "A SOAP envelope",
        irdeto.ENVELOPES,
        irdeto.MEANINGS,
        IN_SOAP,
        enveloped(FAULT.format(detail=REFUSAL)),
        {
            "no XML": "<html",
            "no envelope": "<html/>",
            "an answer to another transaction": IN_SOAP.replace(REFERENCE, OTHER),
            "a fault without a refusal in its detail": enveloped(FAULT.format(detail="")),
        },
        refused_with=500,
    ),
}


def verdicts(platform: str) -> str:
    """Every kind of answer, and what it means."""
    return table(("answer", "means"), judged(platform))


def judged(platform: str) -> list[tuple[str, str]]:
    """Every kind of answer, and what it means, or what becomes of requests that are sent in files."""
    if ADAPTERS[platform].takes_files:
        return list(of_files(platform))
    return [(answer, meaning.value) for answer, meaning in of_calls(platform)]


def of_files(platform: str) -> Iterator[tuple[str, str]]:
    """Where the file is then, and the codes of a refusal: each about the file, or about one record."""
    files = ADAPTERS[platform].files
    line = next(line for line in range(1, LINES) if any(about_one(platform, code, line) for code in files.codes))
    yield "the file is in `ok`", "all requests of the file `COMPLETED`"
    for name in (*files.codes, "any other code"):
        one = about_one(platform, name, line)
        yield code(name) if name in files.codes else name, OF_ONE if one else OF_ALL
    yield "the file is in `err`, without a whole entry", WAITS
    yield "the file is in none of the two", WAITS


def about_one(platform: str, code_: str, line: int) -> bool:
    """Whether a refusal with this code and line is about one record of a file, whatever its type."""
    files, made = ADAPTERS[platform].files, datetime(2026, 1, 1, tzinfo=UTC)
    return any(
        files.record_of(
            RequestFile(1, "tv", 1, "f", row, "1", "", Priority.REGULAR, 1, FileState.SENT, made),
            Refusal("f", code_, line),
        )
        is not None
        for row in files.letters
    )


def of_calls(platform: str) -> Iterator[tuple[str, Meaning]]:
    """Documents first, then the statuses that speak without one."""
    known, judge = ANSWERS[platform], ADAPTERS[platform].calls.judge

    def meaning_of(status: int, document: str = "") -> Meaning:
        return judge(Reply(status, body=document.encode()), REFERENCE).meaning

    yield known.yes, meaning_of(200, known.accepted)
    for name in known.meanings:
        yield code(name), meaning_of(known.refused_with, known.refused % name)
    yield "any other code", meaning_of(known.refused_with, known.refused % "ANY_OTHER")
    for what, body in known.unreadable.items():
        yield what, meaning_of(200, body)
    alone = [(meaning_of(status), status) for status in STATUSES if status not in known.statuses]
    for meaning in dict.fromkeys(one for one, _ in alone):
        yield f"HTTP {spans(status for one, status in alone if one is meaning)}", meaning


def how_read(platform: str) -> str:
    """How an answer is read."""
    if ADAPTERS[platform].takes_files:
        return (
            "The answer is the file itself, which the platform moves. The code of a refusal stands in its list of "
            "errors, and speaks of one line."
        )
    known = ANSWERS[platform]
    statuses = spans(sorted(known.statuses))
    return f"{known.document} is read with HTTP {statuses}; other statuses speak for themselves."


def spans(numbers: Iterable[int]) -> str:
    """Numbers in few words: those in a row by the first and the last of them."""
    rows = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [(row[0][1], row[-1][1]) for row in (list(group) for _, group in rows)]
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ends)
