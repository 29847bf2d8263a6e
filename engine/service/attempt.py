"""The way of one request to the platform: tried again where that is safe, never guessed."""

from dataclasses import dataclass, replace

from engine.domain.provider import Provider
from engine.domain.request import Meaning, ProvisioningRequest, Verdict, gives
from engine.domain.rights import Kind
from engine.ports import Adapter, Failure, Message, Parameters, Reply, Row
from engine.service import transcript
from engine.service.breaker import left_alone
from engine.service.context import Context
from engine.service.retrying import attempts
from engine.store import requests

SETTLED = frozenset({Meaning.ACCEPTED, Meaning.REFUSED, Meaning.ACCOUNT_UNKNOWN, Meaning.DEVICE_UNKNOWN})
ANSWERED = SETTLED | {Meaning.TURNED_AWAY}
CIRCUIT_OPEN = Verdict(Meaning.NOT_SENT, "CIRCUIT_OPEN", left_alone("The platform"))
NO_ID = Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", "The platform said yes, but not which account it has made.")
STOPPED = Verdict(Meaning.IN_DOUBT, "REPLY_LOST", "An engine that was stopped may have sent this; no answer has come.")
UNTRIED = Verdict(Meaning.NOT_SENT)


@dataclass(frozen=True)
class Errand:
    """One request and all that is needed to carry it out; what is `lacking` at the platform speaks against it.

    `is_noted`: that it may have been sent from now on is written already.
    """

    context: Context
    provider: Provider
    adapter: Adapter
    row: Row
    request: ProvisioningRequest
    parameters: Parameters
    lacking: Verdict | None
    is_noted: bool = False

    @property
    def reference(self) -> str:
        """The request's number as it stands on the wire."""
        return f"{self.request.number:06d}"

    @property
    def inherited(self) -> bool:
        """Whether an engine that was stopped may have sent it already."""
        before = self.request.process_immediately and self.request.id <= self.context.inherited
        return before or self.request.id in self.context.uncertain


@dataclass(frozen=True)
class Result:
    """What became of a request, in how many attempts, and the texts of the last one.

    `is_left_alone`: whether the platform is, so that there was no attempt.
    """

    verdict: Verdict
    attempts: int = 0
    request: str = ""
    response: str = ""
    is_left_alone: bool = False

    @property
    def outcome(self) -> str:
        """How the request has ended, in a word."""
        if self.verdict.meaning is Meaning.IN_DOUBT:
            return "in_doubt"
        return "completed" if self.verdict.meaning is Meaning.ACCEPTED else "rejected"

    def after(self, verdict: Verdict, request: str, response: str) -> "Result":
        """The result after one more attempt: only an answer to the request itself settles a doubt."""
        in_doubt = self.verdict.meaning is Meaning.IN_DOUBT and verdict.meaning not in SETTLED
        settled = self.verdict if in_doubt else verdict
        return Result(settled, self.attempts + 1, request, response)


def carry_out(errand: Errand) -> Result:
    """The request's way to the platform, unless something already speaks against it."""
    breakers, provider = errand.context.breakers, errand.provider
    if errand.lacking:
        return Result(errand.lacking)
    if errand.inherited and not errand.row.repeatable:
        return Result(STOPPED)
    if not breakers.allows(provider.code, provider.breaker, errand.context.clock.now()):
        return Result(STOPPED if errand.inherited else CIRCUIT_OPEN, is_left_alone=True)
    try:
        message = errand.adapter.calls.pack(provider, errand.request.type, errand.reference, errand.parameters)
    except (ValueError, LookupError) as error:  # what no attempt can mend must not keep the queue waiting
        return Result(
            Verdict(Meaning.REFUSED, "UNSENDABLE", f"The request can't be put in the platform's form: {error}.")
        )
    note(errand)
    return persist(errand, message)


def note(errand: Errand) -> None:
    """Write down that the request may have been sent from now on, where that can't be told from its age.

    Another engine may come upon it, or a later run: who finds it PENDING must know.
    """
    database = errand.context.database
    if (database.shared or not errand.request.process_immediately) and not (errand.inherited or errand.is_noted):
        # What acts anew each time must not be sent twice, even after a power cut.
        with database.transaction(durable=not errand.row.repeatable) as connection:
            requests.begin(connection, errand.request.id)


def persist(errand: Errand, message: Message) -> Result:
    """Try until the platform answers, the provider's retry settings are used up, or a repetition would not be safe.

    An answer settles the doubt that an earlier attempt left; without one, the doubt is the result.
    """
    clock, result = errand.context.clock, Result(STOPPED if errand.inherited else UNTRIED)
    for _ in attempts(clock, errand.provider.retry):
        signed = errand.adapter.calls.sign(errand.provider, message, clock.now())
        answer = errand.context.transport.send(signed, errand.provider.timeouts)
        verdict = transcript.of_verdict(judge(errand, answer), signed)
        result = result.after(verdict, transcript.of_message(signed), transcript.of_answer(answer, signed))
        if is_last(errand, verdict):
            break
    return result


def is_last(errand: Errand, verdict: Verdict) -> bool:
    """Whether no further attempt is wanted, or safe, or the platform is to be left alone meanwhile."""
    context, provider = errand.context, errand.provider
    if verdict.meaning in ANSWERED or context.breakers.is_open(provider.code, context.clock.now()):
        return True
    return verdict.meaning is Meaning.IN_DOUBT and not errand.row.repeatable


def judge(errand: Errand, answer: Reply | Failure) -> Verdict:
    """What an attempt means: the adapter reads answers, the transport's failures speak for themselves."""
    if isinstance(answer, Failure):
        verdict = Verdict(Meaning.IN_DOUBT if answer.sent else Meaning.NOT_SENT, answer.code, answer.description)
    else:
        verdict = errand.adapter.calls.judge(answer, errand.reference)
        if verdict.code in errand.row.so_already:
            no_device = verdict.meaning is Meaning.DEVICE_UNKNOWN
            verdict = replace(verdict, meaning=Meaning.ACCEPTED, no_device=no_device)
    if verdict.meaning is Meaning.ACCEPTED and errand.row.on_completed == gives(Kind.ACCOUNT) and not verdict.account:
        verdict = NO_ID
    provider, now = errand.provider, errand.context.clock.now()
    errand.context.breakers.note(provider.code, provider.breaker, now, answered=verdict.meaning in ANSWERED)
    return verdict
