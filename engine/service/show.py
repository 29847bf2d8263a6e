"""What users see: subscriptions with what should be and what is believed to be held, items, providers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.domain.catalogue import Catalogue
from engine.domain.errors import UnknownError, UnknownFieldError
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.rights import Held, Kind, lasting
from engine.domain.subscription import InstalledItem, Service, Subscription, Window
from engine.service.act import find
from engine.service.context import Context
from engine.service.plan import follow
from engine.service.standing import DEVICES, standing
from engine.service.views import (
    CancelledView,
    InstalledItemView,
    ItemView,
    Page,
    PlacedView,
    ProviderView,
    ServiceView,
    SubscriptionView,
    WindowView,
)
from engine.store import beliefs, pages, requests, since
from engine.store.pages import Condition

Beliefs = Mapping[str, list[Held]]


@dataclass(frozen=True)
class UnderWay:
    """What has not ended, by subscription and provider: how many requests of each type; those that go in files.

    And since when something differs there.
    """

    pending: Mapping[tuple[int, str], Mapping[str, int]]
    in_files: Mapping[tuple[int, str], list[ProvisioningRequest]]
    since: Mapping[tuple[int, str], datetime]

    @classmethod
    def of(cls, connection: Connection, keys: list[int]) -> "UnderWay":
        """That of these subscriptions."""
        in_files = requests.pending_in_files(connection, keys)
        return cls(requests.pending_of_many(connection, keys), in_files, since.load(connection, keys))


def number_of(context: Context, key: int) -> str:
    """The number of the subscription with this id. Raises UnknownError."""
    with context.database.reading() as connection:
        number = pages.number_of(connection, key)
    if number is None:
        raise UnknownError("subscription", str(key))
    return number


def show_subscription(context: Context, number: str) -> SubscriptionView:
    """One subscription, whole. Raises UnknownError."""
    with context.database.reading() as connection:
        key, subscription = find(connection, number)
        held = beliefs.load_many(connection, [key])
        under_way = UnderWay.of(connection, [key])
    return view(context, key, subscription, held, under_way)


def list_subscriptions(context: Context, filters: Mapping[str, str], limit: int, offset: int) -> Page[SubscriptionView]:
    """A page of subscriptions, in order of creation. Raises UnknownError for a product or a provider not known."""
    conditions = list(conditions_of(context, filters))
    with context.database.reading() as connection:
        total = pages.count(connection, conditions)
        found = pages.find(connection, conditions, limit=limit, offset=offset)
        held = beliefs.load_many(connection, list(found))
        under_way = UnderWay.of(connection, list(found))
    return Page(total, [view(context, key, one, held, under_way) for key, one in found.items()])


def conditions_of(context: Context, filters: Mapping[str, str]) -> Iterable[Condition]:
    """What the filters ask of a subscription."""
    for name, value in filters.items():
        match name:
            case "state":
                yield pages.in_state(value)
            case "product":
                yield pages.with_product(context.catalogue.product(value).code)
            case "serial_number":
                yield pages.with_item(value)
            case "provider":
                distributors = context.provider(value).distributors
                yield pages.at_provider(value, [one.code for one in distributors])
            case _:
                raise UnknownFieldError(name, ("state", "product", "serial_number", "provider"))


def view(
    context: Context,
    key: int,
    subscription: Subscription,
    held: Mapping[tuple[int, str], list[Held]],
    under_way: UnderWay,
) -> SubscriptionView:
    """A subscription as users see it. What was told to a platform is held, until that refuses it."""
    kept = {code: held.get((key, code), []) for code in context.providers}
    in_files = {code: under_way.in_files.get((key, code), []) for code in context.providers}
    of_this = {
        code: follow(kept[code], (one for one in in_files[code] if one.awaiting), context.adapter(provider))
        for code, provider in context.providers.items()
    }
    return SubscriptionView(
        id=key,
        number=subscription.number,
        state=subscription.state,
        until=subscription.until,
        type=subscription.type,
        customer_number=subscription.customer_number,
        subscriber=subscription.subscriber,
        services=[service(one, context, of_this) for one in subscription.services],
        installed_items=[item(one, context, kept) for one in subscription.items],
        providers={
            code: standing(
                context,
                subscription,
                provider,
                of_this[code],
                pending=under_way.pending.get((key, code), {}),
                in_files=in_files[code],
                since=under_way.since.get((key, code)),
            )
            for code, provider in context.providers.items()
        },
    )


def service(one: Service, context: Context, held: Beliefs) -> ServiceView:
    """One service: where it is watched, where it is authorised, and where it was taken away."""
    now = context.clock.now()
    return ServiceView(
        number=one.number,
        product=one.product,
        name=name_of(context.catalogue, one.product),
        state=one.state,
        bundle=one.bundle,
        replaces=one.replaces,
        window=window(one.window),
        distributors=sorted(one.distributors),
        authorised=[
            PlacedView(code, provider.code, right.since, right.until, right.awaiting)
            for provider, code in places(one.distributors, context)
            for right in authorised(lasting(held[provider.code], now), Kind.SERVICE, provider.ca_id(one.product), code)
        ],
        cancelled=[
            CancelledView(code, provider.code, right.cancel_end, right.awaiting)
            for provider, code in places(one.distributors, context)
            for right in cancelled(held[provider.code], provider.ca_id(one.product), code)
        ],
    )


def item(one: InstalledItem, context: Context, held: Beliefs) -> ItemView:
    """One installed item: where it is used, and where it is initialised."""
    return ItemView(
        serial_number=one.serial_number,
        product=one.product,
        name=name_of(context.catalogue, one.product),
        state=one.state,
        ca_ids=one.ca_ids,
        distributors=sorted(one.distributors),
        initialised=[
            PlacedView(code, provider.code, right.since)
            for provider, code in places(one.distributors, context)
            for right in initialised(held[provider.code], one.ca_id(provider.code), code)
        ],
    )


def window(found: Window | None) -> WindowView | None:
    """The window of a usage service."""
    return WindowView(found.start, found.end) if found else None


def places(distributors: set[str], context: Context) -> list[tuple[Provider, str]]:
    """The distributors, each with its provider, in the order of their codes."""
    found = [(one.code, provider) for provider in context.providers.values() for one in provider.distributors]
    return [(provider, code) for code, provider in sorted(found, key=lambda pair: pair[0]) if code in distributors]


def authorised(held: list[Held], kind: Kind, ca_id: str | None, distributor: str) -> list[Held]:
    """What the platform has said that it holds now under this id for the distributor: one thing, or none."""
    found = (
        right
        for right in held
        if right.kind is kind
        and right.ca_id == ca_id
        and right.authorised
        and not right.ahead
        and distributor_of(held, right) in {"", distributor}
    )
    return list(found)[:1]


def cancelled(held: list[Held], ca_id: str | None, distributor: str) -> list[Held]:
    """The trace of what was taken away under this id from the distributor: one, or none."""
    there = (right for right in held if (right.kind, right.ca_id) == (Kind.SERVICE, ca_id) and right.cancel_end)
    return [right for right in there if right.distributor == distributor][:1]


def initialised(held: list[Held], ca_id: str, distributor: str) -> list[Held]:
    """Likewise for a device, which the platform holds by itself, or paired with another."""
    found = [one for kind in (Kind.ITEM, Kind.PAIR) for one in authorised(held, kind, ca_id, distributor)]
    return found or [one for one in held if is_seat(one, ca_id) and one.distributor == distributor][:1]


def is_seat(right: Held, ca_id: str) -> bool:
    """Whether it is a pair on this device, which the platform knows by nothing else."""
    return right.kind is Kind.PAIR and right.place == ca_id and right.authorised and bool(right.distributor)


def distributor_of(held: Iterable[Held], right: Held) -> str:
    """The distributor of a seat, or of the seat on which something is; nothing, where it hangs on an account."""
    if right.distributor:
        return right.distributor
    if right.kind is Kind.ITEM:
        return right.place
    return next((one.place for one in held if (one.kind, one.ca_id) == (Kind.ITEM, right.place)), "")


def name_of(catalogue: Catalogue, code: str) -> str:
    """The product's name."""
    return catalogue.products[code].name if code in catalogue.products else code


def show_item(
    context: Context, provider_code: str, *, serial_number: str | None = None, ca_id: str | None = None
) -> InstalledItemView:
    """An installed item at a provider, by serial number or by its id there. Raises UnknownError."""
    provider = context.provider(provider_code)
    with context.database.reading() as connection:
        serial = pages.item_of(connection, provider.code, ca_id) if ca_id else serial_number
        found = pages.find(connection, [pages.with_item(serial or "")], limit=1)
        held = beliefs.load_many(connection, list(found))
    if not serial or not found:
        field = "ca_id" if ca_id else "serial_number"
        raise UnknownError("installed item", ca_id or serial_number or "", field=field)
    ((key, owner),) = found.items()
    one = owner.item(serial)
    there = [
        right
        for right in held.get((key, provider.code), [])
        if (right.kind in DEVICES and right.ca_id == one.ca_id(provider.code))
        or is_seat(right, one.ca_id(provider.code))
    ]
    return InstalledItemView(
        serial_number=one.serial_number,
        product=one.product,
        name=name_of(context.catalogue, one.product),
        state=one.state,
        subscription_id=key,
        subscription=owner.number,
        provider=provider.code,
        ca_id=one.ca_id(provider.code),
        distributors=sorted(place.code for place in provider.distributors if place.code in one.distributors),
        initialised=any(right.authorised for right in there),
        in_doubt=any(right.in_doubt for right in there),
        since=next((right.since for right in there if right.authorised), None),
    )


def show_providers(context: Context) -> list[ProviderView]:
    """Providers, without their connection parameters, and the state of their circuits."""
    return [
        ProviderView(
            code=provider.code,
            name=provider.name,
            protocol=provider.protocol,
            effective=provider.effective,
            circuit=context.breakers.circuit(provider.code, context.clock.now()),
            distributors=[one.code for one in provider.distributors],
            services={service.product: service.ca_id for service in provider.services},
        )
        for provider in context.providers.values()
    ]
