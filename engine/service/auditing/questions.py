"""What a platform that is called says that it holds for a subscription: asked question by question, read strictly."""

from collections.abc import Iterable

from engine.domain.audit import Told
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.domain.request import Meaning
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Subscription
from engine.service.attempt import ANSWERED
from engine.service.breaker import left_alone
from engine.service.context import Context
from engine.service.inquire import UNSENDABLE, Answer, put
from engine.service.retrying import attempts

UNKNOWN = frozenset({Meaning.ACCOUNT_UNKNOWN, Meaning.DEVICE_UNKNOWN})


class UnansweredError(Exception):
    """Why a platform has not said what it holds; `is_left_alone`: it keeps failing, so that it is not asked now."""

    def __init__(self, reason: str, *, is_left_alone: bool = False) -> None:
        super().__init__(reason)
        self.is_left_alone = is_left_alone


def ask_all(
    context: Context, provider: Provider, subscription: Subscription, believed: Iterable[Held]
) -> tuple[Told, int]:
    """All that the platform holds for a subscription, on its account or on its devices; of how many it was asked.

    Of devices that the platform knows as the subscription's it is asked too. Raises UnansweredError.
    """
    on_devices = bool(context.adapter(provider).keeping.roles)
    to_ask = devices(context, provider, subscription, believed) if on_devices else [subscription.number]
    told = Told()
    for subject in to_ask:
        found = ask(context, provider, subscription.number, subject)
        told += found
        to_ask.extend(other for other in found.others if other not in to_ask)
    return told, len(to_ask)


def devices(context: Context, provider: Provider, subscription: Subscription, believed: Iterable[Held]) -> list[str]:
    """The ids of devices on which something may sit: those of the subscription, and where something is believed to."""
    roles, code = context.adapter(provider).keeping.roles, provider.code
    mine = {item.ca_id(code) for item in subscription.items if provider.role(item.product, roles) is Role.ENTITLED}
    known = {right.ca_id if right.kind is Kind.ITEM else right.place for right in believed}
    return sorted(mine | known)


def ask(context: Context, provider: Provider, number: str, subject: str) -> Told:
    """What the platform holds for a subscription, or on one device of it. Raises UnansweredError."""
    breakers, clock, calls = context.breakers, context.clock, context.adapter(provider).calls
    if not breakers.allows(provider.code, provider.breaker, clock.now()):
        raise UnansweredError(left_alone(provider.code), is_left_alone=True)
    why = ""
    for _ in attempts(clock, provider.retry):
        answer = put(context, provider, lambda reference: calls.ask_all(provider, subject, reference))
        verdict = answer.verdict
        why = f"{verdict.code}: {verdict.description}"
        if verdict.code == UNSENDABLE:
            break
        answered = verdict.meaning in ANSWERED
        breakers.note(provider.code, provider.breaker, clock.now(), answered=answered)
        if answered and answer.reply:
            return read(context, provider, answer, number, subject)
        if breakers.is_open(provider.code, clock.now()):
            break
    raise UnansweredError(why, is_left_alone=breakers.is_open(provider.code, clock.now()))


def read(context: Context, provider: Provider, answer: Answer, number: str, subject: str) -> Told:
    """What an answer says; nothing is held by whom the platform does not know. Raises UnansweredError."""
    if answer.verdict.meaning in UNKNOWN:
        return Told()
    if answer.verdict.meaning is not Meaning.ACCEPTED or answer.reply is None:
        raise UnansweredError(f"{answer.verdict.code}: {answer.verdict.description}")
    try:
        return context.adapter(provider).calls.holdings(answer.reply, number, subject)
    except ValueError as error:
        raise UnansweredError(answer.without_secrets(f"UNREADABLE_REPLY: {error}")) from error
