"""Accounts, and devices that hang on them, which differ from what should be held, as the database sees it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Subquery, and_, exists, or_, select

from engine.domain.rights import Kind
from engine.domain.states import FINAL, ItemState
from engine.store import schema
from engine.store.gaps.believed import HELD, lacking, of_kind
from engine.store.gaps.question import ITEMS, Question, within
from engine.store.gaps.services import on_account, services, watched
from engine.store.gaps.wanted import id_at, is_placed


def of_accounts(asked: Question) -> Iterator[Select[Any]]:
    """Subscriptions that differ, where things hang on accounts."""
    devices = installed(asked)
    yield from services(asked, on_account(asked))
    yield lacking(asked, Kind.ITEM, devices, lambda held: alone(held, held.ca_id == devices.c.ca_id))
    yield without_account(asked)
    yield with_too_many(asked)
    yield select(HELD.subscription_id).where(*of_kind(asked, Kind.PAIR), HELD.place != "")
    if asked.account_ends:
        yield ended(asked)


def with_too_many(asked: Question) -> Select[Any]:
    """Subscriptions that hold devices which they should not."""
    devices = installed(asked)
    should = and_(devices.c.subscription_id == HELD.subscription_id, devices.c.ca_id == HELD.ca_id, HELD.place == "")
    return select(HELD.subscription_id).where(*of_kind(asked, Kind.ITEM), ~exists().where(should))


def without_account(asked: Question) -> Select[Any]:
    """Subscriptions that have something on the provider, and no account there."""
    key = schema.subscriptions.c.id
    every = select(key.label("subscription_id")).where(within(key)).subquery()
    uses = (watched(asked), select(installed(asked).c.subscription_id))
    is_used = (exists(one.where(one.selected_columns.subscription_id == every.c.subscription_id)) for one in uses)
    return lacking(asked, Kind.ACCOUNT, every, lambda held: [held.place == ""], or_(*is_used))


def alone(held: Any, *conditions: Any) -> list[Any]:
    """Whether it hangs on the account, without a window."""
    return [held.place == "", held.window_start.is_(None), *conditions]


def installed(asked: Question) -> Subquery:
    """The devices in effect on the provider, by their ids there."""
    found = select(ITEMS.subscription_id, id_at(asked).label("ca_id"))
    here = is_placed(asked.distributors)
    return found.where(within(ITEMS.subscription_id), ITEMS.state == ItemState.EFFECTIVE, here).subquery()


def ended(asked: Question) -> Select[Any]:
    """Subscriptions that have ended, and whose account is still there."""
    subscription = schema.subscriptions.c
    mine = HELD.subscription_id == subscription.id
    account = exists().where(mine, *of_kind(asked, Kind.ACCOUNT), HELD.place == "")
    return select(subscription.id).where(within(subscription.id), subscription.state.in_(sorted(FINAL)), account)
