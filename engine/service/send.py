"""Sending: in order per subscription and provider, tried again where that is safe, never guessed."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.domain import belief
from engine.domain.provider import Provider
from engine.domain.request import Meaning, ProvisioningRequest, RequestState, Verdict, gives
from engine.domain.rights import Held, Kind
from engine.ports import Adapter, Failure, Message, Parameters, Reply, Row
from engine.service import transcript
from engine.service.breaker import Circuit
from engine.service.configured import refresh
from engine.service.context import Context
from engine.store import beliefs, communication, requests, subscriptions

SETTLED = frozenset({Meaning.ACCEPTED, Meaning.REFUSED, Meaning.ACCOUNT_UNKNOWN, Meaning.DEVICE_UNKNOWN})
ANSWERED = SETTLED | {Meaning.TURNED_AWAY}
NO_ACCOUNT = Verdict(Meaning.REFUSED, "NO_ACCOUNT", "The platform holds no account for the subscription; not sent.")
NO_DEVICE = Verdict(Meaning.REFUSED, "NO_DEVICE", "The platform does not hold the device that this is for; not sent.")
CIRCUIT_OPEN = Verdict(Meaning.NOT_SENT, "CIRCUIT_OPEN", "The platform keeps failing and is left alone for a while.")
NO_ID = Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", "The platform said yes, but not which account it has made.")
STOPPED = Verdict(Meaning.IN_DOUBT, "REPLY_LOST", "An engine that was stopped may have sent this; no answer has come.")
UNTRIED = Verdict(Meaning.NOT_SENT)


@dataclass(frozen=True)
class Errand:
    """One request and all that is needed to carry it out; what is `lacking` at the platform speaks against it."""

    context: Context
    provider: Provider
    adapter: Adapter
    row: Row
    request: ProvisioningRequest
    parameters: Parameters
    lacking: Verdict | None

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
    """What became of a request, in how many attempts, and the texts of the last one."""

    verdict: Verdict
    attempts: int = 0
    request: str = ""
    response: str = ""

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


Choice = Callable[[ProvisioningRequest], bool]


def anything(_request: ProvisioningRequest) -> bool:
    """All requests are meant."""
    return True


@dataclass(frozen=True)
class Sent:
    """A request that has ended, and how."""

    request: ProvisioningRequest
    verdict: Verdict

    @property
    def is_rejected(self) -> bool:
        """Whether it was not carried out, as far as is known."""
        return self.verdict.meaning is not Meaning.ACCEPTED


def send_pending(
    context: Context, key: int | None, provider: Provider, *, until: datetime | None = None, only: Choice = anything
) -> list[Sent]:
    """Send what is PENDING for one subscription (or for all: None) at one provider, in order, one at a time.

    That is what is to be sent at once; or, with a moment, all that is due then; of that, what is chosen. What is left
    when the provider is set as not effective meanwhile stays PENDING; so does what waits for a run, when the
    platform keeps failing.
    """
    sent = []
    with context.turns.of((key, provider.code)), context.database.turn(key or 0, provider.code):
        with context.database.reading() as connection:
            pending = requests.to_send(connection, key, provider.code, until)
            held = beliefs.load(connection, key, provider.code) if pending and key is not None else []
            if context.database.shared or until:
                context.uncertain.update(requests.begun(connection, key, provider.code))
        for request in filter(only, pending):
            refresh(context)
            if not context.provider(provider.code).effective or (until and is_left_alone(context, provider)):
                break
            verdict, held = send(context, key, provider, request, held)
            sent.append(Sent(request, verdict))
    return sent


def is_left_alone(context: Context, provider: Provider) -> bool:
    """Whether the platform keeps failing, so that nothing is sent to it for a while."""
    return context.breakers.circuit(provider.code, context.clock.now()) is Circuit.OPEN


def send(
    context: Context, key: int | None, provider: Provider, request: ProvisioningRequest, held: list[Held]
) -> tuple[Verdict, list[Held]]:
    """Send one request, and write down what became of it and of what the platform holds: both or neither.

    Returns what its end means, and what the platform is believed to hold then.
    """
    errand = prepare(context, provider, request, held)
    try:
        result = carry_out(errand)
        after = belief_after(errand, result.verdict, held)
        write_down(errand, key, result, held, after)
    except BaseException:
        # It stays PENDING, and is sent again as one that may have been sent before.
        context.uncertain.add(request.id)
        raise
    context.tally.ended(provider.code, request.type, result.outcome)
    return result.verdict, after


def write_down(errand: Errand, key: int | None, result: Result, held: list[Held], after: list[Held]) -> None:
    """Write the end of a request, with the belief and the communication entry that end or change with it."""
    request, values = errand.request, ending(errand, result)
    # A power cut may undo this; the request is PENDING then, and the recovery sends it again.
    with errand.context.database.transaction(durable=False) as connection:
        if key is not None:
            subscriptions.lock(connection, key)  # who plans meanwhile sees belief and requests of one moment
            beliefs.replace(connection, key, errand.provider.code, held, after)
        requests.finish(connection, request.id, values)
        if request.communication_entry is not None:
            communication.settle(connection, request.communication_entry, values["executed_date"])


def prepare(context: Context, provider: Provider, request: ProvisioningRequest, held: list[Held]) -> Errand:
    """The request with all that is needed to carry it out; the account's id is known only now."""
    adapter = context.adapter(provider)
    row = adapter.row(request.type)
    parameters = dict(request.parameters_set)
    if row.needs_account:
        parameters["account"] = belief.account_of(held)
    return Errand(context, provider, adapter, row, request, parameters, lacking(row, request, parameters, held))


def lacking(row: Row, request: ProvisioningRequest, parameters: Parameters, held: list[Held]) -> Verdict | None:
    """What the platform would have to hold of the subscription for such a request, and does not."""
    if row.needs_account and not parameters["account"]:
        return NO_ACCOUNT
    if row.needs_device and request.subscription and not belief.knows_device(held, parameters[row.device]):
        return NO_DEVICE
    return None


def carry_out(errand: Errand) -> Result:
    """The request's way to the platform, unless something already speaks against it."""
    breakers, provider = errand.context.breakers, errand.provider
    if errand.lacking:
        return Result(errand.lacking)
    if errand.inherited and not errand.row.repeatable:
        return Result(STOPPED)
    if not breakers.allows(provider.code, provider.breaker, errand.context.clock.now()):
        return Result(STOPPED if errand.inherited else CIRCUIT_OPEN)
    try:
        message = errand.adapter.pack(provider, errand.request.type, errand.reference, errand.parameters)
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
    if (database.shared or not errand.request.process_immediately) and not errand.inherited:
        # What acts anew each time must not be sent twice, even after a power cut.
        with database.transaction(durable=not errand.row.repeatable) as connection:
            requests.begin(connection, errand.request.id)


def persist(errand: Errand, message: Message) -> Result:
    """Try until the platform answers, the provider's retry settings are used up, or a repetition would not be safe.

    An answer settles the doubt that an earlier attempt left; without one, the doubt is the result.
    """
    clock, retry = errand.context.clock, errand.provider.retry
    latest = clock.now() + timedelta(seconds=retry.total_s)
    result = Result(STOPPED if errand.inherited else UNTRIED)
    for pause in itertools.chain((0.0,), retry.pauses()):
        if result.attempts and clock.now() + timedelta(seconds=pause) > latest:
            break
        if pause:  # who sleeps for no time at all gives way to others
            clock.sleep(pause)
        signed = errand.adapter.sign(errand.provider, message, clock.now())
        answer = errand.context.transport.send(signed, errand.provider.timeouts)
        verdict = transcript.of_verdict(judge(errand, answer), signed)
        result = result.after(verdict, transcript.of_message(signed), transcript.of_answer(answer, signed))
        if is_last(errand, verdict):
            break
    return result


def is_last(errand: Errand, verdict: Verdict) -> bool:
    """Whether no further attempt is wanted, or safe, or the platform is to be left alone meanwhile."""
    context, provider = errand.context, errand.provider
    if verdict.meaning in ANSWERED or context.breakers.circuit(provider.code, context.clock.now()) is Circuit.OPEN:
        return True
    return verdict.meaning is Meaning.IN_DOUBT and not errand.row.repeatable


def judge(errand: Errand, answer: Reply | Failure) -> Verdict:
    """What an attempt means: the adapter reads answers, the transport's failures speak for themselves."""
    if isinstance(answer, Failure):
        verdict = Verdict(Meaning.IN_DOUBT if answer.sent else Meaning.NOT_SENT, answer.code, answer.description)
    else:
        verdict = errand.adapter.judge(answer, errand.reference)
        if verdict.code in errand.row.so_already:
            no_device = verdict.meaning is Meaning.DEVICE_UNKNOWN
            verdict = replace(verdict, meaning=Meaning.ACCEPTED, no_device=no_device)
    if verdict.meaning is Meaning.ACCEPTED and errand.row.on_completed == gives(Kind.ACCOUNT) and not verdict.account:
        verdict = NO_ID
    provider, now = errand.provider, errand.context.clock.now()
    errand.context.breakers.note(provider.code, provider.breaker, now, answered=verdict.meaning in ANSWERED)
    return verdict


def belief_after(errand: Errand, verdict: Verdict, held: list[Held]) -> list[Held]:
    """What the platform is believed to hold now."""
    effect, device = errand.row.on_completed, errand.parameters.get(errand.row.device, "")
    match verdict.meaning:
        case Meaning.ACCEPTED:
            now = errand.context.clock.now()
            after = belief.completed(held, effect, errand.parameters, account=verdict.account, at=now)
            return belief.device_unknown(after, effect, errand.parameters, device) if verdict.no_device else after
        case Meaning.IN_DOUBT:
            return belief.doubted(held, effect, errand.parameters)
        case Meaning.ACCOUNT_UNKNOWN:
            return belief.account_unknown(held, effect, errand.parameters)
        case Meaning.DEVICE_UNKNOWN:
            return belief.device_unknown(held, effect, errand.parameters, device)
    return held


def ending(errand: Errand, result: Result) -> dict[str, Any]:
    """The columns that a request's end fills."""
    verdict = result.verdict
    accepted = verdict.meaning is Meaning.ACCEPTED
    return {
        "life_cycle_state": RequestState.COMPLETED if accepted else RequestState.REJECTED,
        "executed_date": errand.context.clock.now(),
        "parameters_set": transcript.of_parameters(errand.row, errand.parameters),
        "request": result.request,
        "response": result.response,
        "reference_number": verdict.reference_number,
        "error_code": "" if accepted else verdict.code,
        "error_description": "" if accepted else verdict.description,
        "in_doubt": verdict.meaning is Meaning.IN_DOUBT,
        "attempts": result.attempts,
        "answer": verdict.answer,
    }
