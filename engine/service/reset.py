"""Making platforms follow the engine: the reset of one subscription, and what an engine that was stopped has left."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.domain.actions import Action
from engine.service.act import Executed, Touched, find, finish, plan_all, record, send_to
from engine.service.batch import foreseen
from engine.service.configured import configured, refresh
from engine.service.context import Context
from engine.service.jobs import Foreseen
from engine.service.send import send_pending
from engine.store import requests


@dataclass(frozen=True)
class ResetOf:
    """What is said with a reset: the provider, where it is for one only."""

    provider: str | None = None


def reset(context: Context, number: str, provider_code: str | None = None) -> Executed:
    """Send what makes the platform (every effective one, unless one is named) follow the engine. Safe to repeat."""
    refresh(context)
    waiting = context.configuration.sent_to(provider_code)
    with context.database.reading() as connection:
        key, _subscription = find(connection, number)
    send_to(context, key, waiting)
    with context.database.transaction() as connection:
        providers = configured(context, connection).sent_to(provider_code)
        one = Touched.of(*find(connection, number, lock=True))
        process = record(context, connection, one, Action.RESET, ResetOf(provider_code))
        plan_all(context, connection, {process: one}, Action.RESET, providers)
    return finish(context, {process: one}, Executed(Action.RESET, number, process), providers)


def foresee(context: Context, number: str, provider_code: str | None = None) -> list[Foreseen]:
    """What a reset of the subscription would send, provider by provider, if all goes well. Raises DomainError."""
    refresh(context)
    with context.database.reading() as connection:
        key, _subscription = find(connection, number)
        providers = context.configuration.sent_to(provider_code)
        return [one for provider in providers for one in foreseen(context, connection, provider, [key])]


def recover(context: Context, stop: Callable[[], bool]) -> int:
    """Send what an engine that was stopped left PENDING. Returns for how many subscriptions and providers.

    What waits for a run, or for a provider that is not effective, goes on waiting. Where `stop` says so it ends between
    two of them, and may be called again.
    """
    with context.database.reading() as connection:
        waiting = [(key, context.provider(code)) for key, code in requests.waiting(connection)]
    left = [(key, provider) for key, provider in waiting if provider.effective]
    for key, provider in left:
        if stop():
            break
        send_pending(context, key, provider)
    return len(left)


def newest_request(context: Context) -> int:
    """The key of the newest request there is; 0 in a shared database, where requests say that they were begun."""
    if context.database.shared:
        return 0
    with context.database.reading() as connection:
        return requests.last_id(connection)
