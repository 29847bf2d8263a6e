"""The life cycles that the rules lead to, found by walking them: every action, in every state that can be reached."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.catalogue import Catalogue, Classification, Composition, Product, ServiceType
from engine.domain.effects.ground import Ground
from engine.domain.errors import DomainError
from engine.domain.provider import Distributor, Provider
from engine.domain.states import State
from engine.domain.subscription import Subscriber, Subscription

NUMBER, OTHER, MOST_SERVICES = "S1", "S2", 3
TODAY, LATER = date(2026, 1, 1), date(2026, 2, 1)
BEGINS, ENDS = datetime(2026, 1, 2, 20, tzinfo=UTC), datetime(2026, 1, 2, 22, tzinfo=UTC)
PRODUCTS = (
    Product("ONE", "One"),
    Product("TWO", "Two"),
    Product("FILM", "Film", service_type=ServiceType.USAGE),
    Product("BUNDLE", "Bundle", composition=Composition.FLEXIBLE_BUNDLE, components=("ONE", "TWO")),
    Product("STB", "Set-top box", classification=Classification.PHYSICAL_GOOD, traceable=True),
)
MAIN = ("MAIN",)
PLACES = {"tv": Provider("tv", "TV", "any", distributors=(Distributor("MAIN", "Main"),))}
GROUND = Ground(Catalogue({product.code: product for product in PRODUCTS}), PLACES, datetime(2026, 1, 1, tzinfo=UTC))
AFTER_ALL = replace(GROUND, now=ENDS)
WHOLE = details.Nothing()
BOTH_ENDS = tuple(details.Mode)

SAID: Mapping[Action, tuple[object, ...]] = {
    Action.BECOME_SUBSCRIBER: tuple(
        details.NewSubscription(Subscriber("Ada", "Lovelace"), (service,), state=start)
        for start in details.Start
        for service in (details.NewService("ONE"), details.NewService("BUNDLE", ("ONE",)))
    ),
    Action.ACTIVATE_SUBSCRIPTION: (WHOLE,),
    Action.DEACTIVATE_SUBSCRIPTION: (WHOLE,),
    Action.TERMINATE_SUBSCRIPTION: tuple(details.Ending(mode) for mode in BOTH_ENDS),
    Action.REST_SUBSCRIPTION: (details.Limit(LATER),),
    Action.END_SUBSCRIPTION_RESTING: (WHOLE,),
    Action.SHORT_TERM_ACTIVATION: (details.Limit(LATER),),
    Action.END_SHORT_TERM_ACTIVATION: (WHOLE,),
    Action.SHORT_TERM_DEACTIVATION: (details.DateOrDays(days=3),),
    Action.END_SHORT_TERM_DEACTIVATION: (WHOLE,),
    Action.ADD_SERVICE: tuple(details.NewService("TWO", state=start) for start in details.Start),
    Action.REMOVE_SERVICE: tuple(details.ServiceEnding(service, mode) for service in "123" for mode in BOTH_ENDS),
    Action.START_SERVICE: tuple(details.OneService(service) for service in "123"),
    Action.STOP_SERVICE: tuple(details.OneService(service) for service in "123"),
    Action.SWAP_SERVICE: (details.Swap("1", "TWO"),),
    Action.REGRET_SWAP: tuple(details.OneService(service) for service in "23"),
    Action.AMEND_BUNDLE_SERVICES: (details.Amendment("1", add=("TWO",)), details.Amendment("1", remove=("ONE",))),
    Action.ADD_SERVICE_USAGE: (details.NewUsage("FILM", BEGINS, ENDS),),
    Action.CANCEL_SERVICE_USAGE: tuple(details.OneService(service) for service in "23"),
    Action.END_SERVICE_USAGE: tuple(details.OneService(service) for service in "23"),
    Action.ADD_INSTALLED_ITEM: (details.NewItem("STB", "STB-2"),),
    Action.REMOVE_INSTALLED_ITEM: (details.OneItem("STB-1"),),
    Action.SWAP_INSTALLED_ITEM: (details.ItemSwap("STB-1", "STB-2"),),
    Action.MOVE_INSTALLED_ITEM: (details.ItemMove("STB-1", OTHER),),
    Action.CHANGE_DISTRIBUTION: (details.Redistribution(items=("STB-1",), put_on=MAIN),),
}
"""What is said with each action on the walk; services are named by their numbers."""


class Change(NamedTuple):
    """An action, and the state before and after it. None before: it was new."""

    action: Action
    before: State | None
    after: State


class Changes(NamedTuple):
    """All that was seen: of subscriptions (staying in a state counts too), and of services (only what changed)."""

    subscriptions: frozenset[Change]
    services: frozenset[Change]


def changes() -> Changes:
    """Walk the rules: carry out every action in every state that can be reached, with few services."""
    subscriptions: set[Change] = set()
    services: set[Change] = set()
    for action, before, after in steps():
        subscriptions.add(Change(action, before.state if before else None, after.state))
        services.update(changes_of_services(action, before, after))
    return Changes(frozenset(subscriptions), frozenset(services))


def steps() -> Iterator[tuple[Action, Subscription | None, Subscription]]:
    """Every action that is not refused, with the subscription before and after it."""
    first = [rules.subscribe(NUMBER, one, GROUND) for one in SAID[Action.BECOME_SUBSCRIBER]]  # type: ignore[arg-type]  # the row's kind
    for subscription in first:
        yield Action.BECOME_SUBSCRIBER, None, subscription
        rules.act(subscription, Action.ADD_INSTALLED_ITEM, details.NewItem("STB", "STB-1"), GROUND)
    seen = {standing(subscription) for subscription in first}
    waiting = deque(first)
    while waiting:
        before = waiting.popleft()
        for action, after in continued(before):
            yield action, before, after
            if standing(after) not in seen and len(after.services) <= MOST_SERVICES:
                seen.add(standing(after))
                waiting.append(after)


def continued(before: Subscription) -> Iterator[tuple[Action, Subscription]]:
    """What each action makes of a subscription, where it is not refused."""
    for action, said in SAID.items():
        if before.state not in rules.RULES[action].allowed:
            continue
        for one in said:
            after = copied(before)
            try:
                rules.act(after, action, one, ground_of(action, after))
            except DomainError:
                continue
            yield action, after


def ground_of(action: Action, subscription: Subscription) -> Ground:
    """The ground of an action: another subscription of the same owner, and time enough for what ends by itself."""
    ground = AFTER_ALL if action is Action.END_SERVICE_USAGE else GROUND
    return replace(ground, others={OTHER: Subscription(OTHER, subscription.subscriber)})


def copied(subscription: Subscription) -> Subscription:
    """A subscription of its own with the same content."""
    return replace(
        subscription,
        services=[replace(one, distributors=set(one.distributors)) for one in subscription.services],
        items=[replace(one, distributors=set(one.distributors)) for one in subscription.items],
    )


def standing(subscription: Subscription) -> tuple[object, ...]:
    """All that matters to the life cycles."""
    of_services = ((one.product, one.state, one.bundle, one.replaces) for one in subscription.services)
    return (subscription.state, *of_services)


def changes_of_services(action: Action, before: Subscription | None, after: Subscription) -> Iterator[Change]:
    """The services whose state the action has changed, and those that it has brought."""
    old = {service.number: service.state for service in before.services} if before else {}
    for service in after.services:
        if old.get(service.number) is not service.state:
            yield Change(action, old.get(service.number), service.state)
