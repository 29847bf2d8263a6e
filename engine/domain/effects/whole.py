"""The subscription as a whole: on, off, for a while, for good."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

from engine.domain import details
from engine.domain.effects.ground import ENDED, Ground
from engine.domain.effects.items import add_item
from engine.domain.effects.services import add_service
from engine.domain.errors import InvalidError
from engine.domain.states import LIVE, State
from engine.domain.subscription import Subscription


def become(subscription: Subscription, said: details.NewSubscription, ground: Ground) -> None:
    """A new subscription, with its services and items."""
    subscription.state = State(said.state)
    subscription.customer_number, subscription.type = said.customer_number, said.subscription_type
    for new_service in said.services:
        add_service(subscription, new_service, ground)
    for new_item in said.items:
        add_item(subscription, new_item, ground)


def follow(following: Collection[State], to: State) -> Callable[[Subscription, object, Ground], None]:
    """The effect by which the subscription takes a state, and so do its services in one of the `following` states."""

    def effect(subscription: Subscription, _said: object, _ground: Ground) -> None:
        move(subscription, following, to)

    return effect


def limited(following: Collection[State], to: State) -> Callable[[Subscription, details.Limit, Ground], None]:
    """As `follow`, until a day."""

    def effect(subscription: Subscription, said: details.Limit, ground: Ground) -> None:
        check_day(said.until, ground)
        move(subscription, following, to, until=said.until)

    return effect


def deactivate_for_short(subscription: Subscription, said: details.DateOrDays, ground: Ground) -> None:
    """Off until a day, or for a number of days."""
    if (said.until is None) == (said.days is None):
        raise InvalidError("Exactly one of until and days is wanted.", field="until")
    until = said.until or after(said.days or 0, ground)
    check_day(until, ground)
    move(subscription, {State.EFFECTIVE}, State.SHORT_TERM_NOT_EFFECTIVE, until=until)


def terminate(subscription: Subscription, said: details.Ending, _ground: Ground) -> None:
    """The end: services that are not final end the same way, and the items are released."""
    move(subscription, LIVE, ENDED[said.mode])
    subscription.items.clear()


def move(subscription: Subscription, following: Collection[State], to: State, until: date | None = None) -> None:
    """Take the subscription, and its services in the following states, to a state."""
    subscription.state, subscription.until = to, until
    for service in subscription.services:
        if service.state in following:
            service.state = to
    subscription.wake_items()


def check_day(until: date, ground: Ground) -> None:
    """Refuse a limit that has passed already."""
    if until <= ground.today:
        raise InvalidError(f"until is {until}; a day after {ground.today} is wanted.", field="until")


def after(days: int, ground: Ground) -> date:
    """The day that many days from today. Raises InvalidError outside the calendar."""
    most = (date.max - ground.today).days
    if not 0 < days <= most:
        raise InvalidError(f"days is {days}; a number from 1 to {most} is wanted.", field="days")
    return ground.today + timedelta(days=days)
