"""What a platform that is called says that it holds for a subscription: asked question by question, read strictly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.domain.audit import Told, compare
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.domain.request import Meaning
from engine.domain.rights import Held, Kind
from engine.domain.subscription import Subscription
from engine.ports import Adapter
from engine.service.attempt import ANSWERED
from engine.service.breaker import left_alone
from engine.service.context import Context
from engine.service.findings import Looked
from engine.service.inquire import UNSENDABLE, Answer, put
from engine.service.jobs import Why
from engine.service.retrying import attempts
from engine.store import audits, batches


@dataclass(frozen=True)
class Whose:
    """A subscription, what a platform is believed to hold for it, and the devices on which that may sit."""

    key: int
    subscription: Subscription
    believed: list[Held]
    devices: tuple[str, ...] = ()


UNKNOWN = frozenset({Meaning.ACCOUNT_UNKNOWN, Meaning.DEVICE_UNKNOWN})


def load(context: Context, connection: Connection, provider: Provider, keys: list[int]) -> list[Whose]:
    """These subscriptions, in the order of their keys.

    Their devices are those that they have there, those where something is believed to sit, and those for which anything
    was ever asked there: what a platform has got back by itself sits on one that has left.
    """
    adapter = context.adapter(provider)
    device = next((row.device for row in adapter.table if row.device), "")
    asked = audits.asked_about(connection, keys, provider.code, device) if adapter.keeping.roles else {}
    believed = batches.believed(connection, keys, provider.code)
    return [
        Whose(key, one, believed[key], devices(adapter, provider, one, believed[key], asked.get(key, set())))
        for key, one in batches.subscriptions(connection, keys).items()
    ]


def devices(
    adapter: Adapter, provider: Provider, subscription: Subscription, believed: Iterable[Held], asked: set[str]
) -> tuple[str, ...]:
    """The ids of the devices of a subscription at a platform that keeps things on devices."""
    roles, code = adapter.keeping.roles, provider.code
    used = (item for item in subscription.items if provider.serves(item.distributors))
    mine = {item.ca_id(code) for item in used if provider.role(item.product, roles) is Role.ENTITLED}
    known = {right.ca_id if right.kind is Kind.ITEM else right.place for right in believed}
    return tuple(sorted(mine | known | asked)) if roles else ()


class UnansweredError(Exception):
    """Why a platform has not said what it holds; `why` it is not asked now, where that is so."""

    def __init__(self, reason: str, why: Why | None = None) -> None:
        super().__init__(reason)
        self.why = why


def at_any_time() -> bool:
    """Nobody has to wait before he asks."""
    return True


def look(context: Context, provider: Provider, whose: Whose, comes: Callable[[], bool] = at_any_time) -> Looked:
    """What the platform says of a subscription, beside what is believed; its turn is held. Raises UnansweredError."""
    told, asked = ask_all(context, provider, whose, comes)
    comparison = compare(whose.believed, told, context.clock.now())
    return Looked(whose.key, whose.subscription.number, provider, whose.believed, comparison, asked)


def ask_all(context: Context, provider: Provider, whose: Whose, comes: Callable[[], bool]) -> tuple[Told, int]:
    """All that the platform holds for a subscription, on its account or on its devices; of how many it was asked.

    Of devices that the platform knows as the subscription's it is asked too. Before each question one waits till its
    moment `comes`, if it does. Raises UnansweredError.
    """
    number = whose.subscription.number
    to_ask = [*whose.devices] if context.adapter(provider).keeping.roles else [number]
    told = Told()
    for subject in to_ask:
        if not comes():
            raise UnansweredError("The run is to end.", Why.HALTED)
        found = ask(context, provider, number, subject)
        told += found
        to_ask.extend(other for other in found.others if other not in to_ask)
    return told, len(to_ask)


def ask(context: Context, provider: Provider, number: str, subject: str) -> Told:
    """What the platform holds for a subscription, or on one device of it. Raises UnansweredError."""
    breakers, clock, calls = context.breakers, context.clock, context.adapter(provider).calls
    if not breakers.allows(provider.code, provider.breaker, clock.now()):
        raise UnansweredError(left_alone(provider.code), Why.LEFT_ALONE)
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
    raise UnansweredError(why, Why.LEFT_ALONE if breakers.is_open(provider.code, clock.now()) else None)


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
