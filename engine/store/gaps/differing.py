"""Which subscriptions are out of sync at a provider, as the database sees it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, literal, select, union

from engine.store import schema
from engine.store.gaps import accounts, seats
from engine.store.gaps.question import Question, within
from engine.store.requests import IS_PENDING, OF_PROVIDER

REQUESTS = schema.requests.c


@lru_cache(maxsize=32)
def differing(asked: Question) -> CompoundSelect[Any]:
    """The keys of a range's subscriptions that are out of sync: something differs, or is under way."""
    return union(under_way(asked), *(accounts.of_accounts if asked.on_accounts else seats.of_seats)(asked))


@lru_cache(maxsize=32)
def losing(asked: Question) -> Select[Any]:
    """The keys of a range's subscriptions from which the platform must take devices."""
    with_too_many = accounts.with_too_many if asked.on_accounts else seats.with_too_many
    return with_too_many(asked).distinct()


def under_way(asked: Question) -> Select[Any]:
    """Subscriptions for which a request has not ended that changes what is held."""
    return select(REQUESTS.subscription_id).where(
        within(REQUESTS.subscription_id),
        literal(asked.provider) == OF_PROVIDER,
        IS_PENDING,
        REQUESTS.type.in_(asked.changing),
    )
