"""The calls that look at subscriptions."""

from msgspec import UNSET

from engine.api.models import SubscriptionIdentifier, SubscriptionQuery, SubscriptionsQuery, filters
from engine.api.site import Site
from engine.domain.errors import InvalidError
from engine.service import show
from engine.service.views import Page, SubscriptionView


def number_of(site: Site, identifier: SubscriptionIdentifier) -> str:
    """The number of the subscription that is named. Raises UnknownError."""
    key, value = identifier.key
    return value if key == "number" else show.number_of(site.engine.context, value)


def one(site: Site, said: SubscriptionQuery) -> SubscriptionView:
    """Show a subscription: what it has, what each platform should hold of it, and is believed to hold."""
    if (said.number is UNSET) is (said.id is UNSET):
        raise InvalidError("Exactly one of number and id is wanted.", field="number")
    context = site.engine.context.still()
    number = show.number_of(context, said.id) if said.id else said.number
    return show.show_subscription(context, str(number))


def several(site: Site, said: SubscriptionsQuery) -> Page[SubscriptionView]:
    """List subscriptions, in the order of their making."""
    return show.list_subscriptions(site.engine.context.still(), filters(said), said.number_of_results, said.offset)
