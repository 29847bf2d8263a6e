"""Acting on a subscription: the change and its requests in one transaction, then the sending."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from engine.domain import details, rules
from engine.domain.actions import Action, ActionState
from engine.domain.catalogue import SwapClass
from engine.domain.errors import NotAllowedError, UnknownError
from engine.domain.gap import Gap, gap
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.rights import Held, lasting, wanted
from engine.domain.states import FINAL, State
from engine.domain.subscription import Subscription
from engine.service.configured import configured
from engine.service.context import Context
from engine.service.plan import follow, forget_settled, plan
from engine.service.registered import account_first
from engine.service.send import send_pending
from engine.service.standing import differences
from engine.service.unfit import check_devices, places
from engine.store import actions, beliefs, requests, subscriptions

FOR_GOOD = FINAL - {State.SWAPPED}


@dataclass(frozen=True)
class Executed:
    """An action that was carried out, and all the requests that it caused, as they ended.

    `in_sync`: whether the effective providers' platforms are now believed to hold just what they should. Those that
    take files are left out of that: `waits` says, by provider, how many changes wait there for the processing run.
    """

    action: Action
    subscription: str
    process_id: int
    requests: tuple[ProvisioningRequest, ...] = ()
    in_sync: bool = True
    swap_class: SwapClass | None = None
    waits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Touched:
    """A subscription that an action changes, its rows as they were, and the devices that it had."""

    key: int
    subscription: Subscription
    before: subscriptions.Rows
    serials: frozenset[str]
    live: frozenset[int]

    @classmethod
    def of(cls, key: int, subscription: Subscription) -> "Touched":
        """The subscription before it is changed."""
        return cls(
            key,
            subscription,
            subscriptions.rows(key, subscription),
            frozenset(item.serial_number for item in subscription.items),
            frozenset(service.number for service in subscription.services if service.is_live),
        )

    @property
    def ended(self) -> list[int]:
        """The services that the action has ended, and not swapped: these don't come back."""
        services = self.subscription.services
        return [service.number for service in services if service.number in self.live and service.state in FOR_GOOD]


def become_subscriber(context: Context, said: details.NewSubscription) -> Executed:
    """Make a subscription. Raises DomainError, and then nothing has changed."""
    with context.database.transaction() as connection:
        configuration = configured(context, connection)
        providers = configuration.effective_providers
        if said.number and subscriptions.load(connection, said.number):
            raise NotAllowedError(f"Subscription {said.number} exists already.", field="number")
        subscription = rules.subscribe(said.number, said, configuration.ground(context.clock.now()))
        check_free(connection, (item.serial_number for item in subscription.items))
        check_devices(context, configuration.providers.values(), [subscription], frozenset())
        key = subscriptions.create(connection, subscription, context.clock.now())
        new = Touched(key, subscription, {}, frozenset(), frozenset())
        process = record(context, connection, new, Action.BECOME_SUBSCRIBER, said)
        plan_all(context, connection, {process: new}, Action.BECOME_SUBSCRIBER, providers)
    return finish(context, {process: new}, Executed(Action.BECOME_SUBSCRIBER, subscription.number, process), providers)


def act(context: Context, action: Action, number: str, said: Any, *, scheduled: int | None = None) -> Executed:
    """Carry an action out on a subscription, and on the others that it concerns.

    `scheduled` is the key of the action, where it was scheduled before. Raises DomainError, and then nothing has
    changed.
    """
    with context.database.transaction() as connection:
        configuration = configured(context, connection)
        providers = configuration.effective_providers
        touched = take(connection, number, concerned(said))
        others = {one.subscription.number: one.subscription for one in touched} if concerned(said) else {}
        ground = replace(configuration.ground(context.clock.now()), others=others)
        changed = {one.key: one.subscription for one in touched}
        before = places(changed.values())
        for one in touched:
            forget_settled(context, connection, one.key, one.subscription, providers)
        with account_first(context, connection, changed, action, providers):
            swap_class = rules.act(touched[0].subscription, action, said, ground)
        check_free(connection, arrived(touched))
        check_devices(context, configuration.providers.values(), changed.values(), before)
        for one in touched:
            subscriptions.save(connection, one.key, one.before, one.subscription)
        processes = {
            record(context, connection, one, action, said, swap_class=swap_class, scheduled=scheduled): one
            for one in touched
        }
        for one in touched:
            call_off(connection, one)
        plan_all(context, connection, processes, action, providers)
    first = Executed(action, number, next(iter(processes)), swap_class=swap_class)
    return finish(context, processes, first, providers)


def concerned(said: Any) -> tuple[str, ...]:
    """The numbers of other subscriptions that an action changes too."""
    return (said.to_subscription,) if isinstance(said, details.ItemMove) else ()


def take(connection: Connection, number: str, others: Iterable[str]) -> list[Touched]:
    """The subscription acted on, then others; locked by their keys in order, as whoever else locks several does.

    Raises UnknownError.
    """
    fields = {number: "subscription"}
    for other in others:
        fields.setdefault(other, "to_subscription")
    keys = subscriptions.keys(connection, fields) if len(fields) > 1 else {}
    in_order = sorted(fields, key=lambda one: keys.get(one, 0))  # there is none of key 0: who is unknown is told first
    found = {one: Touched.of(*find(connection, one, lock=True, field=fields[one])) for one in in_order}
    return [found[one] for one in fields]


def arrived(touched: Iterable[Touched]) -> Iterator[str]:
    """The devices that are on none of these subscriptions yet, but are to be."""
    known = frozenset().union(*(one.serials for one in touched))
    return (item.serial_number for one in touched for item in one.subscription.items if item.serial_number not in known)


def find(
    connection: Connection, number: str, *, lock: bool = False, field: str = "subscription"
) -> tuple[int, Subscription]:
    """The subscription of this number and its key; `lock` keeps others from acting on it. Raises UnknownError."""
    found = subscriptions.load(connection, number, lock=lock)
    if found is None:
        raise UnknownError("subscription", number, subscriptions.numbers(connection, limit=12, offset=0), field=field)
    return found


def check_free(connection: Connection, serial_numbers: Iterable[str]) -> None:
    """Refuse to install a device that another subscription has."""
    for serial_number in serial_numbers:
        owner = subscriptions.owner(connection, serial_number)
        if owner is not None:
            raise NotAllowedError(f"{serial_number} is installed on {owner}.", field="serial_number")


def record(
    context: Context,
    connection: Connection,
    one: Touched,
    action: Action,
    said: Any,
    *,
    swap_class: SwapClass | None = None,
    scheduled: int | None = None,
) -> int:
    """Write down that an action was executed. Gives its key. Raises NotAllowedError if it is no longer scheduled."""
    now = context.clock.now()
    if scheduled is None:
        return actions.record(
            connection, one.key, action.value, msgspec.to_builtins(said), at=now, swap_class=swap_class
        )
    if not actions.end(connection, scheduled, ActionState.EXECUTED, executed_date=now, swap_class=swap_class):
        raise NotAllowedError(f"Action {scheduled} is no longer SCHEDULED.", field="action_identifier")
    return scheduled


def call_off(connection: Connection, one: Touched) -> None:
    """Cancel what was scheduled for a subscription that has ended, or for services of it that have."""
    number = one.subscription.number
    if one.subscription.state in FINAL:
        actions.cancel(connection, one.key, f"{number} is {one.subscription.state}.")
    elif one.ended:
        actions.cancel(connection, one.key, f"The service of {number} has ended.", one.ended)


def plan_all(
    context: Context,
    connection: Connection,
    processes: dict[int, Touched],
    action: Action,
    providers: list[Provider],
) -> None:
    """Write the requests that the action calls for, subscription by subscription: what is taken away comes first."""
    sequence = itertools.count(1)
    for process_id, one in processes.items():
        plan(
            context,
            connection,
            one.key,
            one.subscription,
            action=action,
            process_id=process_id,
            providers=providers,
            sequence=sequence,
        )


def finish(context: Context, processes: dict[int, Touched], executed: Executed, providers: list[Provider]) -> Executed:
    """Send what the action calls for, and look what became of it."""
    for one in processes.values():
        send_to(context, one.key, providers)
    with context.database.reading() as connection:
        made = tuple(
            request for process in processes for request in requests.of_process(connection, process, executed.action)
        )
        known = beliefs.load_many(connection, [one.key for one in processes.values()])
        missing = [
            (provider, gap_at(context, connection, one, provider, known.get((one.key, provider.code), [])))
            for one in processes.values()
            for provider in providers
        ]
    waits: Counter[str] = Counter()
    for provider, found in missing:
        adapter = context.adapter(provider)
        if adapter.takes_files and not found.is_empty:
            waits[provider.code] += len(differences(found, adapter.words))
    in_sync = all(found.is_empty or provider.code in waits for provider, found in missing)
    return replace(executed, requests=made, in_sync=in_sync, waits=dict(waits))


def gap_at(context: Context, connection: Connection, one: Touched, provider: Provider, held: list[Held]) -> Gap:
    """What the platform should hold, and is not believed to: where it takes files, what has been sent is believed."""
    adapter, now = context.adapter(provider), context.clock.now()
    if adapter.takes_files:
        pending = requests.pending_of(connection, one.key, provider.code)
        held = follow(held, [request for request in pending if request.awaiting], adapter)
    held = lasting(held, now)
    return gap(one.subscription, wanted(one.subscription, provider, now, adapter.keeping, held), held)


def send_to(context: Context, key: int, providers: Iterable[Provider]) -> None:
    """Send what is PENDING for the subscription, provider by provider."""
    with context.database.reading() as connection:
        waiting = {code for _key, code in requests.pending_of_many(connection, [key])}
    for provider in providers:
        if provider.code in waiting:
            send_pending(context, key, provider)
