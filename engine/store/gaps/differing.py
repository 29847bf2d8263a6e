"""Which subscriptions are out of sync at a provider, as the database sees it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, literal, select, union

from engine.store import schema
from engine.store.gaps.accounts import of_accounts
from engine.store.gaps.question import Question, within
from engine.store.gaps.seats import of_seats
from engine.store.requests import IS_PENDING, OF_PROVIDER

REQUESTS = schema.requests.c


@lru_cache(maxsize=32)
def differing(asked: Question) -> CompoundSelect[Any]:
    """The keys of a range's subscriptions that are out of sync: something differs, or is under way."""
    return union(under_way(asked), *(of_accounts if asked.on_accounts else of_seats)(asked))


def under_way(asked: Question) -> Select[Any]:
    """Subscriptions for which a request has not ended that changes what is held."""
    return select(REQUESTS.subscription_id).where(
        within(REQUESTS.subscription_id),
        literal(asked.provider) == OF_PROVIDER,
        IS_PENDING,
        REQUESTS.type.in_(asked.changing),
    )
