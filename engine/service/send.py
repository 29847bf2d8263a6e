"""Sending: in order per subscription and provider, tried again where that is safe, never guessed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain import belief
from engine.domain.provider import Provider
from engine.domain.request import Meaning, ProvisioningRequest, RequestState, Verdict
from engine.domain.rights import Held
from engine.ports import Parameters, Row
from engine.service import transcript
from engine.service.attempt import Errand, Result, carry_out
from engine.service.breaker import left_alone
from engine.service.configured import refresh
from engine.service.context import Context
from engine.store import beliefs, communication, requests, since, subscriptions

NO_ACCOUNT = Verdict(Meaning.REFUSED, "NO_ACCOUNT", "The platform holds no account for the subscription; not sent.")
NO_DEVICE = Verdict(Meaning.REFUSED, "NO_DEVICE", "The platform does not hold the device that this is for; not sent.")

Choice = Callable[[ProvisioningRequest], bool]


def anything(_request: ProvisioningRequest) -> bool:
    """All requests are meant."""
    return True


@dataclass(frozen=True)
class Sent:
    """A request that was sent or not, and has ended; and how."""

    request: ProvisioningRequest
    verdict: Verdict

    @property
    def is_rejected(self) -> bool:
        """Whether it was not carried out, as far as is known."""
        return self.verdict.meaning is not Meaning.ACCEPTED


@dataclass(frozen=True)
class Sending:
    """What was sent in one turn; and why the rest stays PENDING, if anything does."""

    sent: list[Sent]
    left: str = ""


def send_pending(
    context: Context,
    key: int | None,
    provider: Provider,
    *,
    until: datetime | None = None,
    only: Choice = anything,
    waits: bool = False,
) -> Sending:
    """Send what is PENDING for one subscription (or for all: None) at one provider, in order, one at a time.

    That is what is to be sent at once; or, with a moment, all that is due then; of that, what is chosen. What is left
    when the provider is set as not effective meanwhile stays PENDING. When the platform keeps failing, requests are
    rejected; but what `waits` for it is left, and so is what is told to subscribers, whoever comes upon it. Nothing is
    sent so to a platform that takes files.
    """
    sent: list[Sent] = []
    if context.adapter(provider).takes_files:
        return Sending(sent)
    with context.turns.of((key, provider.code)), context.database.turn(key or 0, provider.code):
        with context.database.reading() as connection:
            pending = requests.to_send(connection, key, provider.code, until)
            held = beliefs.load(connection, key, provider.code) if pending and key is not None else []
            if context.database.shared or until:
                context.uncertain.update(requests.begun(connection, key, provider.code))
        for request in filter(only, pending):
            refresh(context)
            if not context.provider(provider.code).effective:
                return Sending(sent, f"{provider.code} is NOT_EFFECTIVE: nothing is sent to it.")
            may_wait = waits or request.communication_entry is not None
            ended = send(context, key, provider, request, held, may_wait=may_wait)
            if ended is not None:
                verdict, held = ended
                sent.append(Sent(request, verdict))
            elif waits:
                return Sending(sent, left_alone(provider.code))
    return Sending(sent)


def send(
    context: Context,
    key: int | None,
    provider: Provider,
    request: ProvisioningRequest,
    held: list[Held],
    *,
    may_wait: bool,
) -> tuple[Verdict, list[Held]] | None:
    """Send one request, and write down what became of it and of what the platform holds: both or neither.

    Returns what its end means, and what the platform is believed to hold then. Nothing, where it may wait, and the
    platform keeps failing: it stays PENDING.
    """
    errand = prepare(context, provider, request, held)
    try:
        result = carry_out(errand)
        if may_wait and result.is_left_alone:
            return None
        after = belief_after(errand, result.verdict, held)
        write_down(errand, key, result, held, after)
    except BaseException:
        # It stays PENDING, and is sent again as one that may have been sent before.
        context.uncertain.add(request.id)
        raise
    context.uncertain.discard(request.id)
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
            since.end(connection, ends_of(errand, key, result.verdict))
        requests.finish(connection, request.id, values)
        if request.communication_entry is not None:
            communication.settle(connection, request.communication_entry, values["executed_date"])


def ends_of(errand: Errand, key: int, verdict: Verdict) -> list[since.End]:
    """The end of a request for whoever notes what is out of sync: of none that changes nothing."""
    as_asked = verdict.meaning is Meaning.ACCEPTED and not verdict.no_device
    end = since.End(key, errand.provider.code, errand.request.number, as_asked)
    return [end] if errand.row.on_completed.changes_holdings else []


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
