"""Acting on a subscription: the change and its requests in one transaction, then the sending."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.errors import NotAllowedError, UnknownError
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.rights import gap, lasting, wanted
from engine.domain.subscription import InstalledItem, Subscription
from engine.service.context import Configuration, Context
from engine.service.plan import plan
from engine.service.send import send_pending
from engine.store import beliefs, requests, subscriptions


@dataclass(frozen=True)
class Executed:
    """An action that was carried out, and all the requests that it caused, as they ended.

    `in_sync`: whether the effective providers' platforms are now believed to hold just what they should.
    """

    action: Action
    subscription: str
    process_id: int
    requests: tuple[ProvisioningRequest, ...] = ()
    in_sync: bool = True


def become_subscriber(context: Context, said: details.NewSubscription) -> Executed:
    """Make a subscription. Raises DomainError, and then nothing has changed."""
    with context.database.transaction() as connection:
        configuration = context.configuration
        providers = configuration.effective_providers
        if said.number and subscriptions.load(connection, said.number):
            raise NotAllowedError(f"Subscription {said.number} exists already.", field="number")
        subscription = rules.subscribe(said.number, said, configuration.ground(context.clock.now()))
        check_free(connection, subscription.items)
        key = subscriptions.create(connection, subscription)
        executed = record(
            context, connection, key, subscription, action=Action.BECOME_SUBSCRIBER, said=said, providers=providers
        )
    return finish(context, key, subscription, executed, providers)


def act(context: Context, action: Action, number: str, said: Any) -> Executed:
    """Carry an action out on a subscription. Raises DomainError, and then nothing has changed."""
    with context.database.transaction() as connection:
        configuration = context.configuration
        providers = configuration.effective_providers
        key, subscription = find(connection, number, lock=True)
        before, installed = subscriptions.rows(key, subscription), list(subscription.items)
        rules.act(subscription, action, said, configuration.ground(context.clock.now()))
        check_free(connection, [item for item in subscription.items if item not in installed])
        subscriptions.save(connection, key, before, subscription)
        executed = record(context, connection, key, subscription, action=action, said=said, providers=providers)
    return finish(context, key, subscription, executed, providers)


def reset(context: Context, number: str, provider_code: str | None = None) -> Executed:
    """Send what makes the platform (every effective one, unless one is named) follow the engine. Safe to repeat."""
    waiting = chosen(context.configuration, provider_code)
    with context.database.reading() as connection:
        key, _subscription = find(connection, number)
    send_to(context, key, waiting)
    with context.database.transaction() as connection:
        providers = chosen(context.configuration, provider_code)
        key, subscription = find(connection, number, lock=True)
        said = {"provider": provider_code}
        executed = record(context, connection, key, subscription, action=Action.RESET, said=said, providers=providers)
    return finish(context, key, subscription, executed, providers)


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

    What waits for a provider that is not effective goes on waiting. Where `stop` says so it ends between two of them,
    and may be called again.
    """
    with context.database.reading() as connection:
        waiting = [(key, context.provider(code)) for key, code in requests.waiting(connection)]
    left = [(key, provider) for key, provider in waiting if provider.effective]
    for key, provider in left:
        if stop():
            break
        send_pending(context, key, provider)
    return len(left)


def find(connection: Connection, number: str, *, lock: bool = False) -> tuple[int, Subscription]:
    """The subscription of this number and its key; `lock` keeps others from acting on it. Raises UnknownError."""
    found = subscriptions.load(connection, number, lock=lock)
    if found is None:
        raise UnknownError("subscription", number, subscriptions.numbers(connection, limit=12, offset=0))
    return found


def check_free(connection: Connection, items: Iterable[InstalledItem]) -> None:
    """Refuse to install a device that another subscription has."""
    for item in items:
        owner = subscriptions.owner(connection, item.serial_number)
        if owner is not None:
            raise NotAllowedError(f"{item.serial_number} is installed on {owner}.", field="serial_number")


def record(
    context: Context,
    connection: Connection,
    key: int,
    subscription: Subscription,
    *,
    action: Action,
    said: Any,
    providers: list[Provider],
) -> Executed:
    """Write the action down, and the requests that it calls for."""
    process_id = requests.record_action(connection, key, action.value, msgspec.to_builtins(said), context.clock.now())
    plan(context, connection, key, subscription, action=action, process_id=process_id, providers=providers)
    return Executed(action, subscription.number, process_id)


def finish(
    context: Context, key: int, subscription: Subscription, executed: Executed, providers: list[Provider]
) -> Executed:
    """Send what the action calls for, and look what became of it."""
    send_to(context, key, providers)
    now = context.clock.now()
    with context.database.reading() as connection:
        held = [lasting(beliefs.load(connection, key, provider.code), now) for provider in providers]
        made = tuple(requests.of_process(connection, executed.process_id))
    gaps = (gap(subscription, wanted(subscription, one, now), has) for one, has in zip(providers, held, strict=True))
    return replace(executed, requests=made, in_sync=all(missing.is_empty for missing in gaps))


def send_to(context: Context, key: int, providers: Iterable[Provider]) -> None:
    """Send what is PENDING for the subscription, provider by provider."""
    for provider in providers:
        send_pending(context, key, provider)


def newest_request(context: Context) -> int:
    """The key of the newest request there is."""
    with context.database.reading() as connection:
        return requests.last_id(connection)
