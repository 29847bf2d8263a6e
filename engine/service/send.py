"""Sending: in order per subscription and provider, tried again where that is safe, never guessed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.domain import belief
from engine.domain.provider import Provider
from engine.domain.request import Meaning, ProvisioningRequest, RequestState, Verdict
from engine.domain.rights import Held, Kind
from engine.ports import Parameters, Row
from engine.service import transcript
from engine.service.attempt import Errand, Result, carry_out
from engine.service.breaker import left_alone
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.pace import Pace
from engine.store import batches, beliefs, communication, requests, since

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
    pace: Pace | None = None,
) -> Sending:
    """Send what is PENDING for one subscription (or for all: None) at one provider, in order, one at a time.

    That is what is to be sent at once; or, with a moment, all that is due then; of that, what is chosen. What is left
    when the provider is set as not effective meanwhile stays PENDING. When the platform keeps failing, requests are
    rejected; but what `waits` for it is left, and so is what is told to subscribers, whoever comes upon it. With a
    `pace` each waits for its moment. Nothing is sent so to a platform that takes files.
    """
    sent: list[Sent] = []
    if context.adapter(provider).takes_files:
        return Sending(sent)
    with in_turn(context, provider, [key]):
        with context.database.reading() as connection:
            pending = requests.to_send(connection, key, provider.code, until)
            held = beliefs.load(connection, key, provider.code) if pending and key is not None else []
            if context.database.shared or until:
                context.uncertain.update(requests.begun(connection, key, provider.code))
        for request in filter(only, pending):
            refresh(context)
            if not context.provider(provider.code).effective:
                return Sending(sent, f"{provider.code} is NOT_EFFECTIVE: nothing is sent to it.")
            if pace and not pace.passes():
                return Sending(sent)
            may_wait = waits or request.communication_entry is not None
            ended = send(context, key, provider, request, held, may_wait=may_wait)
            if ended is not None:
                verdict, held = ended
                sent.append(Sent(request, verdict))
            elif waits:
                return Sending(sent, left_alone(provider.code))
    return Sending(sent)


@contextmanager
def in_turn(context: Context, provider: Provider, keys: Collection[int | None]) -> Iterator[None]:
    """Have the turns of subscriptions (None: of all) at a provider: nobody else sends for them meanwhile."""
    with ExitStack() as turns:
        for key in sorted(keys, key=lambda one: one or 0):  # in one order, as everybody
            turns.enter_context(context.turns.of((key, provider.code)))
        turns.enter_context(context.database.turns([key or 0 for key in keys], provider.code))
        yield


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
    with unless_written(context, [request.id]):
        end = carried_out(errand, key, held)
        if may_wait and end.result.is_left_alone:
            return None
        # A power cut may undo this; the request is PENDING then, and the recovery sends it again.
        with context.database.transaction(durable=False) as connection:
            write_down(connection, provider, [end])
    tell(context, provider, [end])
    return end.result.verdict, end.after


@dataclass(frozen=True)
class End:
    """How a request has ended: what is to be written of it, and what was believed held before and is after."""

    key: int | None
    errand: Errand
    result: Result
    held: list[Held]
    after: list[Held]
    values: dict[str, Any]

    @property
    def given(self) -> str:
        """The device that the platform has registered for the subscription, and so for nobody else; or nothing."""
        effect, parameters = self.errand.row.on_completed, self.errand.parameters
        is_seat = effect.gives and effect.kind is Kind.ITEM and bool(effect.on)
        return parameters[effect.parameter] if is_seat and self.result.verdict.meaning is Meaning.ACCEPTED else ""


def carried_out(errand: Errand, key: int | None, held: list[Held]) -> End:
    """Send a request, of which nothing is written yet."""
    result = carry_out(errand)
    return End(key, errand, result, held, belief_after(errand, result.verdict, held), ending(errand, result))


@contextmanager
def unless_written(context: Context, ids: Collection[int]) -> Iterator[None]:
    """Note of requests that may have been sent and that nothing was written of: they stay PENDING.

    They are sent again as such that may have been sent before.
    """
    try:
        yield
    except BaseException:
        context.uncertain.update(ids)
        raise


def write_down(connection: Connection, provider: Provider, ends: list[End]) -> None:
    """Write the ends of requests in their order, with the beliefs and communication entries that end or change."""
    first = {one.key: one for one in reversed(ends) if one.key is not None}
    last = {one.key: one for one in ends}
    keys = sorted(first)
    batches.lock(connection, keys)  # who plans meanwhile sees belief and requests of one moment
    beliefs.replace_many(connection, provider.code, [(key, first[key].held, last[key].after) for key in keys])
    beliefs.give_away(connection, provider.code, {one.given: one.key for one in ends if one.key and one.given})
    since.end(connection, [one for end in ends for one in ends_of(end, provider)])
    batches.finish(connection, [(one.errand.request.id, one.values) for one in ends])
    for one in ends:
        if one.errand.request.communication_entry is not None:
            communication.settle(connection, one.errand.request.communication_entry, one.values["executed_date"])


def tell(context: Context, provider: Provider, ends: Iterable[End]) -> None:
    """Count requests whose end is written."""
    for one in ends:
        context.uncertain.discard(one.errand.request.id)
        context.tally.ended(provider.code, one.errand.request.type, one.result.outcome)


def ends_of(end: End, provider: Provider) -> list[since.End]:
    """The end of a request for whoever notes what is out of sync: of none that changes nothing."""
    if end.key is None or not end.errand.row.on_completed.changes_holdings:
        return []
    verdict = end.result.verdict
    as_asked = verdict.meaning is Meaning.ACCEPTED and not verdict.no_device
    return [since.End(end.key, provider.code, end.errand.request.number, as_asked)]


def prepare(
    context: Context, provider: Provider, request: ProvisioningRequest, held: list[Held], *, is_noted: bool = False
) -> Errand:
    """The request with all that is needed to carry it out; the account's id is known only now."""
    adapter = context.adapter(provider)
    row = adapter.row(request.type)
    parameters = dict(request.parameters_set)
    if row.needs_account:
        parameters["account"] = belief.account_of(held)
    lacks = lacking(row, request, parameters, held)
    return Errand(context, provider, adapter, row, request, parameters, lacks, is_noted)


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
