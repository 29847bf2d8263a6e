"""The manual's table of actions: in which states each is allowed, what is said with it, what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain import details
from engine.domain.actions import Action
from engine.domain.effects import items, services, whole
from engine.domain.effects.ground import Ground
from engine.domain.errors import NotAllowedError
from engine.domain.states import LIVE, State
from engine.domain.subscription import Subscription

NEW: frozenset[State] = frozenset()
DRAFT, EFFECTIVE, NOT_EFFECTIVE = State.DRAFT, State.EFFECTIVE, State.NOT_EFFECTIVE
IN_RESTING, SHORT_ON, SHORT_OFF = State.IN_RESTING, State.SHORT_TERM_EFFECTIVE, State.SHORT_TERM_NOT_EFFECTIVE
OFF_AT_FIRST = frozenset({DRAFT, NOT_EFFECTIVE})


@dataclass(frozen=True)
class Rule:
    """One row: an action, the subscription states that allow it (none: it makes the subscription), details, effect.

    An effect takes details of just the row's kind, so the column can't be typed more closely than this.
    """

    action: Action
    allowed: frozenset[State]
    details: type[Any]
    effect: Callable[[Subscription, Any, Ground], None]


# fmt: off
ROWS = (
    Rule(Action.BECOME_SUBSCRIBER,         NEW,                              details.NewSubscription, whole.become),
    Rule(Action.ACTIVATE_SUBSCRIPTION,     OFF_AT_FIRST,                     details.Nothing,         whole.follow(OFF_AT_FIRST, to=EFFECTIVE)),
    Rule(Action.DEACTIVATE_SUBSCRIPTION,   frozenset({EFFECTIVE}),           details.Nothing,         whole.follow({EFFECTIVE}, to=NOT_EFFECTIVE)),
    Rule(Action.TERMINATE_SUBSCRIPTION,    OFF_AT_FIRST | {EFFECTIVE, IN_RESTING}, details.Ending,    whole.terminate),
    Rule(Action.REST_SUBSCRIPTION,         frozenset({EFFECTIVE}),           details.Limit,           whole.limited({EFFECTIVE}, to=IN_RESTING)),
    Rule(Action.END_SUBSCRIPTION_RESTING,  frozenset({IN_RESTING}),          details.Nothing,         whole.follow({IN_RESTING}, to=EFFECTIVE)),
    Rule(Action.SHORT_TERM_ACTIVATION,     OFF_AT_FIRST,                     details.Limit,           whole.limited(OFF_AT_FIRST, to=SHORT_ON)),
    Rule(Action.END_SHORT_TERM_ACTIVATION, frozenset({SHORT_ON}),            details.Nothing,         whole.follow({SHORT_ON}, to=NOT_EFFECTIVE)),
    Rule(Action.SHORT_TERM_DEACTIVATION,   frozenset({EFFECTIVE}),           details.DateOrDays,      whole.deactivate_for_short),
    Rule(Action.END_SHORT_TERM_DEACTIVATION, frozenset({SHORT_OFF}),         details.Nothing,         whole.follow({SHORT_OFF}, to=EFFECTIVE)),
    Rule(Action.ADD_SERVICE,               LIVE,                             details.NewService,      services.add_service),
    Rule(Action.REMOVE_SERVICE,            LIVE,                             details.ServiceEnding,   services.remove_service),
    Rule(Action.START_SERVICE,             frozenset({EFFECTIVE, NOT_EFFECTIVE}), details.OneService, services.start_service),
    Rule(Action.STOP_SERVICE,              frozenset({EFFECTIVE}),           details.OneService,      services.stop_service),
    Rule(Action.SWAP_SERVICE,              frozenset({EFFECTIVE}),           details.Swap,            services.swap_service),
    Rule(Action.REGRET_SWAP,               frozenset({EFFECTIVE}),           details.OneService,      services.regret_swap),
    Rule(Action.AMEND_BUNDLE_SERVICES,     frozenset({EFFECTIVE, NOT_EFFECTIVE}), details.Amendment,  services.amend_bundle),
    Rule(Action.ADD_SERVICE_USAGE,         frozenset({EFFECTIVE}),           details.NewUsage,        services.add_usage),
    Rule(Action.CANCEL_SERVICE_USAGE,      frozenset({EFFECTIVE}),           details.OneService,      services.cancel_usage),
    Rule(Action.ADD_INSTALLED_ITEM,        LIVE,                             details.NewItem,         items.add_item),
    Rule(Action.REMOVE_INSTALLED_ITEM,     LIVE,                             details.OneItem,         items.remove_item),
    Rule(Action.SWAP_INSTALLED_ITEM,       LIVE,                             details.ItemSwap,        items.swap_item),
    Rule(Action.CHANGE_DISTRIBUTION,       LIVE,                             details.Redistribution,  items.change_distribution),
)
# fmt: on
RULES = {rule.action: rule for rule in ROWS}


def act(subscription: Subscription, action: Action, said: object, ground: Ground) -> None:
    """Carry the action out on a subscription that exists. Raises DomainError where it can't be done."""
    rule = RULES[action]
    if subscription.state not in rule.allowed:
        wanted = " or ".join(sorted(rule.allowed)) or "a new subscription"
        raise NotAllowedError(
            f"{action} is not allowed: {subscription.number} is {subscription.state}; wanted: {wanted}.", field="action"
        )
    rule.effect(subscription, said, ground)


def subscribe(number: str, said: details.NewSubscription, ground: Ground) -> Subscription:
    """The subscription that BECOME_SUBSCRIBER makes."""
    subscription = Subscription(number, said.subscriber)
    RULES[Action.BECOME_SUBSCRIBER].effect(subscription, said, ground)
    return subscription
