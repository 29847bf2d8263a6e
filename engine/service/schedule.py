"""Actions for later: scheduled, listed, cancelled; carried out when they are due."""

from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from engine.domain import rules
from engine.domain.actions import Action, ActionState
from engine.domain.catalogue import SwapClass
from engine.domain.effects.ground import Ground, utc
from engine.domain.errors import CollisionError, DomainError, InvalidError, NotAllowedError, UnknownError
from engine.domain.states import FINAL, LIVE
from engine.domain.subscription import Subscription
from engine.service.act import Executed, act, find
from engine.service.configured import configured
from engine.service.context import Context
from engine.service.reading import check_filters, read_details
from engine.service.views import Page
from engine.store import actions


@dataclass(frozen=True)
class Recorded:
    """An action of a subscription's history, or of its future. `reason` says why it was cancelled or rejected."""

    id: int
    subscription: str
    action: Action
    state: ActionState
    details: Mapping[str, Any]
    created_date: datetime | None
    scheduled_date: datetime | None
    executed_date: datetime | None
    swap_class: SwapClass | None
    reason: str


def schedule(context: Context, action: Action, number: str, said: Any, at: datetime) -> Recorded:
    """Keep an action until its moment, to be executed by the maintenance run. Raises DomainError; then nothing is kept.

    What can never be meant (a product that is unknown, a day before the action's own) is refused now. What the state
    of the subscription does not allow today it may allow then.
    """
    now, moment = context.clock.now(), utc(at, "scheduled_date")
    if not rules.RULES[action].schedulable:
        raise NotAllowedError(f"{action} can't be scheduled; it is executed at once.", field="scheduled_date")
    if moment <= now:
        wanted = f"a moment after {now:%Y-%m-%dT%H:%M:%SZ}"
        raise InvalidError(f"scheduled_date is {at.isoformat()}; {wanted} is wanted.", field="scheduled_date")
    with context.database.transaction() as connection:
        key, subscription = find(connection, number, lock=True)
        if subscription.state in FINAL:
            states = " or ".join(sorted(LIVE))
            raise NotAllowedError(f"{number} is {subscription.state}; wanted: {states}.", field="scheduled_date")
        ground = configured(context, connection).ground(context.clock.now())
        said, service = pinned(subscription, said, ground)
        tried(subscription, action, said, replace(ground, now=moment))
        kept = msgspec.to_builtins(said)
        made = actions.schedule(connection, key, action.value, kept, at=moment, now=now, service=service)
        return recorded(actions.find(connection, {"id": made}, limit=1, offset=0)[0])


def pinned(subscription: Subscription, said: Any, ground: Ground) -> tuple[Any, int | None]:
    """What is said, with its service named by number: then it means the same one, whatever comes in between."""
    if not hasattr(said, "service"):
        return said, None
    service = subscription.service(ground.code(said.service))
    return replace(said, service=str(service.number)), service.number


def tried(subscription: Subscription, action: Action, said: Any, ground: Ground) -> None:
    """Refuse what can't be meant at all, by trying it on a copy."""
    with suppress(NotAllowedError):
        rules.RULES[action].effect(deepcopy(subscription), said, ground)


def cancel(context: Context, action_id: int, reason: str = "Cancelled by the caller.") -> Recorded:
    """Cancel a scheduled action. Raises DomainError where it is not scheduled (any more)."""
    with context.database.transaction() as connection:
        ended = actions.end(connection, action_id, ActionState.CANCELLED, reason=reason)
        found = actions.find(connection, {"id": action_id}, limit=1, offset=0)
    if not found:
        raise UnknownError("action", str(action_id), field="action_identifier")
    if not ended:
        state = found[0]["state"]
        raise NotAllowedError(f"Action {action_id} is {state}; wanted: SCHEDULED.", field="action_identifier")
    return recorded(found[0])


def execute(context: Context, number: str, action: Action, kept: Mapping[str, Any], scheduled: int) -> Executed:
    """Carry out a scheduled action whose moment has come. One that is refused is REJECTED, with the reason.

    Raises CollisionError, and then it may be executed again.
    """
    try:
        return act(context, action, number, read_details(action, kept), scheduled=scheduled)
    except CollisionError:
        raise
    except DomainError as refusal:
        with context.database.transaction() as connection:
            now = context.clock.now()
            actions.end(connection, scheduled, ActionState.REJECTED, reason=refusal.message, executed_date=now)
        raise


def recorded(row: Mapping[str, Any]) -> Recorded:
    """The action that the row holds."""
    return Recorded(
        row["id"],
        row["subscription"],
        Action(row["code"]),
        ActionState(row["state"]),
        row["details"],
        row["created_date"],
        row["scheduled_date"],
        row["executed_date"],
        SwapClass(row["swap_class"]) if row["swap_class"] else None,
        row["reason"],
    )


def find_actions(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> Page[Recorded]:
    """A page of actions, in the order of their making. Raises for what isn't known."""
    check_filters(filters, actions.FILTERS, "state", ActionState)
    with context.database.reading() as connection:
        if "subscription" in filters:
            find(connection, filters["subscription"])
        found = actions.find(connection, filters, limit=limit, offset=offset)
        return Page(actions.count(connection, filters), [recorded(row) for row in found])
