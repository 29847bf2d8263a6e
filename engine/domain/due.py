"""What comes to its end by itself: limited states on their day, usage services with their windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from engine.domain import details
from engine.domain.actions import Action
from engine.domain.states import State
from engine.domain.subscription import Subscription

ENDS: Mapping[State, Action] = {
    State.IN_RESTING: Action.END_SUBSCRIPTION_RESTING,
    State.SHORT_TERM_EFFECTIVE: Action.END_SHORT_TERM_ACTIVATION,
    State.SHORT_TERM_NOT_EFFECTIVE: Action.END_SHORT_TERM_DEACTIVATION,
}


@dataclass(frozen=True)
class Due:
    """An action whose moment has come, and what is said with it.

    `scheduled` is the key of one that a caller has scheduled; its details are as they were kept.
    """

    moment: datetime
    action: Action
    said: Any
    scheduled: int | None = None


def ends(subscription: Subscription, now: datetime) -> Iterator[Due]:
    """What of the subscription has come to its end. A limited state ends at the beginning of its day, UTC."""
    if subscription.state in ENDS and subscription.until is not None:
        day = datetime.combine(subscription.until, time(), UTC)
        if day <= now:
            yield Due(day, ENDS[subscription.state], details.Nothing())
    for service in subscription.services:
        if service.is_live and service.window is not None and service.window.end <= now:
            yield Due(service.window.end, Action.END_SERVICE_USAGE, details.OneService(str(service.number)))
