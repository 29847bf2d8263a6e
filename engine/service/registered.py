"""The refusal of platforms that want an account first: what only takes away can't be done where none is registered."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection

from engine.domain.actions import Action
from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.domain.rights import Kind, Wanted, wanted
from engine.domain.subscription import Subscription
from engine.ports import Adapter
from engine.service.context import Context
from engine.service.plan import expected

Subscriptions = Mapping[int, Subscription]  # by key


@contextmanager
def account_first(
    context: Context, connection: Connection, changed: Subscriptions, action: Action, providers: list[Provider]
) -> Iterator[None]:
    """Let the action change the subscriptions, unless it takes something from a platform that has no account for it.

    Raises NotAllowedError, once it is known what the action would do.
    """
    strict = [one for one in providers if wants_an_account(context.adapter(one), action)]
    before = {key: should_hold(context, one, strict) for key, one in changed.items()}
    yield
    for key, one in changed.items():
        after = should_hold(context, one, strict)
        for provider in strict:
            had = before[key][provider.code]
            if had.account and had != after[provider.code] and not has_account(context, connection, key, provider):
                raise NotAllowedError(
                    f"{one.number} has no registered account at {provider.code}, which {action} needs; reset the "
                    "subscription first.",
                    field="subscription_identifier",
                )


def wants_an_account(adapter: Adapter, action: Action) -> bool:
    """Whether the platform wants an account before this action, because it registers none itself."""
    makers = (row for row in adapter.table if row.on_completed.kind is Kind.ACCOUNT and row.on_completed.gives)
    return adapter.keeping.account_first and not any(action in row.triggered_by for row in makers)


def should_hold(context: Context, subscription: Subscription, providers: list[Provider]) -> dict[str, Wanted]:
    """What these providers' platforms should hold for the subscription now, by provider."""
    now = context.clock.now()
    return {one.code: wanted(subscription, one, now, context.adapter(one).keeping) for one in providers}


def has_account(context: Context, connection: Connection, key: int, provider: Provider) -> bool:
    """Whether the platform holds an account for the subscription, or will when what is under way has succeeded.

    One that may have been made, so that nobody knows its id, is not enough.
    """
    held = expected(connection, key, provider, context.adapter(provider))
    return any(right.kind is Kind.ACCOUNT and (right.certain or right.ca_id) for right in held)
