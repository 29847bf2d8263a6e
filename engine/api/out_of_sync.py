"""The calls about subscriptions that are out of sync."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.api.models import HIGHEST_KEY, Key, PageSize, Said, Text
from engine.api.site import Site
from engine.service import out_of_sync
from engine.service.selecting import NAMES
from engine.service.views import OutOfSyncCount, OutOfSyncPage

Day = Annotated[Text, Meta(examples=["2030-01-31", "2030-01-31T20:00:00Z"])]


class Chosen(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """At which provider, where one is meant; and of which subscriptions: made from when to when, of which types.

    A day is meant to its end, in UTC; a moment is not meant itself where it is the last one. Types have commas between
    them.
    """

    provider: Text | UnsetType = UNSET
    created_from: Day | UnsetType = UNSET
    created_to: Day | UnsetType = UNSET
    subscription_types: Annotated[Text, Meta(examples=["HOME,BUSINESS"])] | UnsetType = UNSET


class ListQuery(Chosen, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Likewise; how many subscriptions, and after which id: that which the page before has given."""

    number_of_results: PageSize = 100
    after: Annotated[int, Meta(ge=0, le=HIGHEST_KEY)] = 0


class CountQuery(Chosen, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Likewise; and with which ids, to count in parts."""

    first_id: Key = 1
    last_id: Key = HIGHEST_KEY


def several(site: Site, said: ListQuery) -> OutOfSyncPage:
    """List subscriptions that are out of sync at effective providers, by their ids. How many there are is counted."""
    context, provider = site.engine.context.still(), said.provider or None
    return out_of_sync.page(context, provider, filters(said), after=said.after, limit=said.number_of_results)


def count(site: Site, said: CountQuery) -> OutOfSyncCount:
    """Count subscriptions that are out of sync, by provider. Of a million it takes seconds."""
    context, provider = site.engine.context.still(), said.provider or None
    return out_of_sync.count(context, provider, filters(said), first=said.first_id, last=said.last_id)


def filters(said: Chosen) -> dict[str, str]:
    """By what subscriptions are chosen."""
    return {name: value for name in NAMES if (value := getattr(said, name)) is not UNSET}
