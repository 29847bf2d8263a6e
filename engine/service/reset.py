"""Making platforms follow the engine: the reset of one subscription, and what an engine that was stopped has left."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.domain.actions import Action
from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.service.act import Executed, Touched, find, finish, plan_all, record, send_to
from engine.service.configured import configured, refresh
from engine.service.context import Configuration, Context
from engine.service.send import send_pending
from engine.store import requests


@dataclass(frozen=True)
class ResetOf:
    """What is said with a reset: the provider, where it is for one only."""

    provider: str | None = None


def reset(context: Context, number: str, provider_code: str | None = None) -> Executed:
    """Send what makes the platform (every effective one, unless one is named) follow the engine. Safe to repeat."""
    refresh(context)
    waiting = chosen(context.configuration, provider_code)
    with context.database.reading() as connection:
        key, _subscription = find(connection, number)
    send_to(context, key, waiting)
    with context.database.transaction() as connection:
        providers = chosen(configured(context, connection), provider_code)
        one = Touched.of(*find(connection, number, lock=True))
        process = record(context, connection, one, Action.RESET, ResetOf(provider_code))
        plan_all(context, connection, {process: one}, Action.RESET, providers)
    return finish(context, {process: one}, Executed(Action.RESET, number, process), providers)


def chosen(configuration: Configuration, provider_code: str | None) -> list[Provider]:
    """The provider that is named, else every effective one. Raises DomainError where nothing is sent to it."""
    if provider_code is None:
        return configuration.effective_providers
    provider = configuration.provider(provider_code)
    if not provider.effective:
        raise NotAllowedError(f"Provider {provider.code} is NOT_EFFECTIVE: nothing is sent to it.", field="provider")
    return [provider]


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
