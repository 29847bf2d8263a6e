"""The manual's table of actions: in which states each is allowed, what is said with it, what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain import details, distribution
from engine.domain.actions import Action
from engine.domain.catalogue import SwapClass
from engine.domain.effects import items, services, whole
from engine.domain.effects.ground import Ground
from engine.domain.errors import NotAllowedError
from engine.domain.states import LIVE, ON, State
from engine.domain.subscription import Subscription

NEW: frozenset[State] = frozenset()
DRAFT, EFFECTIVE, NOT_EFFECTIVE = State.DRAFT, State.EFFECTIVE, State.NOT_EFFECTIVE
IN_RESTING, SHORT_ON, SHORT_OFF = State.IN_RESTING, State.SHORT_TERM_EFFECTIVE, State.SHORT_TERM_NOT_EFFECTIVE
IS_ON, IS_RESTING = frozenset({EFFECTIVE}), frozenset({IN_RESTING})
OFF_AT_FIRST = frozenset({DRAFT, NOT_EFFECTIVE})
ON_OR_OFF = frozenset({EFFECTIVE, NOT_EFFECTIVE})
YES, NO = True, False


@dataclass(frozen=True)
class Rule:
    """One row: an action, the subscription states that allow it (none: it makes the subscription), details, effect.

    `schedulable`: it may be said today and executed later. `checked`: what it leaves must keep the distributors'
    rules, if the subscription is on then. An effect takes details of just the row's kind, so the column can't be typed
    more closely than this.
    """

    action: Action
    allowed: frozenset[State]
    details: type[Any]
    effect: Callable[[Subscription, Any, Ground], SwapClass | None]
    schedulable: bool
    checked: bool


# fmt: off
ROWS = (
    #    action                              allowed in                              details                  effect                                   later  checked
    Rule(Action.BECOME_SUBSCRIBER,           NEW,                                    details.NewSubscription, whole.become,                            NO,    YES),
    Rule(Action.ACTIVATE_SUBSCRIPTION,       OFF_AT_FIRST,                           details.Nothing,         whole.follow(OFF_AT_FIRST, to=EFFECTIVE), YES,  YES),
    Rule(Action.DEACTIVATE_SUBSCRIPTION,     IS_ON,                                  details.Nothing,         whole.follow({EFFECTIVE}, to=NOT_EFFECTIVE), YES, NO),
    Rule(Action.TERMINATE_SUBSCRIPTION,      ON_OR_OFF | {DRAFT, IN_RESTING},        details.Ending,          whole.terminate,                         YES,   NO),
    Rule(Action.REST_SUBSCRIPTION,           IS_ON,                                  details.Limit,           whole.limited({EFFECTIVE}, to=IN_RESTING), YES, NO),
    Rule(Action.END_SUBSCRIPTION_RESTING,    IS_RESTING,                             details.Nothing,         whole.follow({IN_RESTING}, to=EFFECTIVE), YES,  NO),
    Rule(Action.SHORT_TERM_ACTIVATION,       OFF_AT_FIRST,                           details.Limit,           whole.limited(OFF_AT_FIRST, to=SHORT_ON), YES,  YES),
    Rule(Action.END_SHORT_TERM_ACTIVATION,   frozenset({SHORT_ON}),                  details.Nothing,         whole.follow({SHORT_ON}, to=NOT_EFFECTIVE), YES, NO),
    Rule(Action.SHORT_TERM_DEACTIVATION,     IS_ON,                                  details.DateOrDays,      whole.deactivate_for_short,              YES,   NO),
    Rule(Action.END_SHORT_TERM_DEACTIVATION, frozenset({SHORT_OFF}),                 details.Nothing,         whole.follow({SHORT_OFF}, to=EFFECTIVE), YES,   NO),
    Rule(Action.ADD_SERVICE,                 LIVE,                                   details.NewService,      services.add_service,                    YES,   YES),
    Rule(Action.REMOVE_SERVICE,              LIVE,                                   details.ServiceEnding,   services.remove_service,                 YES,   YES),
    Rule(Action.START_SERVICE,               ON_OR_OFF,                              details.OneService,      services.start_service,                  YES,   YES),
    Rule(Action.STOP_SERVICE,                IS_ON,                                  details.OneService,      services.stop_service,                   YES,   YES),
    Rule(Action.SWAP_SERVICE,                IS_ON,                                  details.Swap,            services.swap_service,                   YES,   YES),
    Rule(Action.REGRET_SWAP,                 IS_ON,                                  details.OneService,      services.regret_swap,                    YES,   YES),
    Rule(Action.AMEND_BUNDLE_SERVICES,       ON_OR_OFF,                              details.Amendment,       services.amend_bundle,                   YES,   YES),
    Rule(Action.ADD_SERVICE_USAGE,           IS_ON,                                  details.NewUsage,        services.add_usage,                      YES,   YES),
    Rule(Action.CANCEL_SERVICE_USAGE,        IS_ON,                                  details.OneService,      services.cancel_usage,                   YES,   YES),
    Rule(Action.END_SERVICE_USAGE,           LIVE - {DRAFT},                         details.OneService,      services.end_usage,                      NO,    NO),
    Rule(Action.ADD_INSTALLED_ITEM,          LIVE,                                   details.NewItem,         items.add_item,                          NO,    YES),
    Rule(Action.REMOVE_INSTALLED_ITEM,       LIVE,                                   details.OneItem,         items.remove_item,                       NO,    YES),
    Rule(Action.SWAP_INSTALLED_ITEM,         LIVE,                                   details.ItemSwap,        items.swap_item,                         NO,    YES),
    Rule(Action.MOVE_INSTALLED_ITEM,         LIVE,                                   details.ItemMove,        items.move_item,                         NO,    YES),
    Rule(Action.CHANGE_DISTRIBUTION,         LIVE,                                   details.Redistribution,  items.change_distribution,               NO,    YES),
)
# fmt: on
RULES = {rule.action: rule for rule in ROWS}


def act(subscription: Subscription, action: Action, said: object, ground: Ground) -> SwapClass | None:
    """Carry the action out on a subscription that exists. Raises DomainError where it can't be done."""
    rule = RULES[action]
    if subscription.state not in rule.allowed:
        wanted = " or ".join(sorted(rule.allowed)) or "a new subscription"
        raise NotAllowedError(
            f"{action} is not allowed: {subscription.number} is {subscription.state}; wanted: {wanted}.", field="action"
        )
    swapped = rule.effect(subscription, said, ground)
    if rule.checked:
        check_distribution((subscription, *ground.others.values()), ground)
    return swapped


def subscribe(number: str, said: details.NewSubscription, ground: Ground) -> Subscription:
    """The subscription that BECOME_SUBSCRIBER makes."""
    subscription = Subscription(number, said.subscriber)
    RULES[Action.BECOME_SUBSCRIBER].effect(subscription, said, ground)
    check_distribution((subscription,), ground)
    return subscription


def check_distribution(changed: tuple[Subscription, ...], ground: Ground) -> None:
    """Refuse what breaks the distributors' rules, on subscriptions that are on. Raises RuleViolatedError."""
    for subscription in changed:
        if subscription.state in ON:
            distribution.check(subscription, ground.providers.values(), ground.catalogue, ground.now)
