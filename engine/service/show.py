"""What users see: subscriptions with what should be and what is believed to be held, and requests."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from engine.domain.catalogue import Catalogue
from engine.domain.errors import InvalidError, UnknownError
from engine.domain.provider import Provider
from engine.domain.request import RequestState
from engine.domain.rights import Gap, Held, Kind, gap, lasting, wanted
from engine.domain.subscription import InstalledItem, Service, Subscription
from engine.service.act import find
from engine.service.context import Context
from engine.store import beliefs, requests, subscriptions

LONGEST_PAGE = 1000


def show_subscription(context: Context, number: str) -> dict[str, Any]:
    """One subscription, whole. Raises UnknownError."""
    now = context.clock.now()
    with context.database.reading() as connection:
        key, subscription = find(connection, number)
        held = {code: beliefs.load(connection, key, code) for code in context.providers}
        pending = {code: len(requests.pending_of(connection, key, code)) for code in context.providers}
    return {
        "number": subscription.number,
        "state": subscription.state.value,
        "until": subscription.until.isoformat() if subscription.until else None,
        "subscriber": asdict(subscription.subscriber),
        "services": [service(one, context, held) for one in subscription.services],
        "installed_items": [item(one, context, held) for one in subscription.items],
        "providers": {
            code: standing(subscription, provider, lasting(held[code], now), pending[code], now)
            for code, provider in context.providers.items()
        },
    }


def service(one: Service, context: Context, held: Mapping[str, list[Held]]) -> dict[str, Any]:
    """One service: where it is watched, and where it is authorised."""
    return {
        "number": one.number,
        "product": one.product,
        "name": name_of(context.catalogue, one.product),
        "state": one.state.value,
        "bundle": one.bundle,
        "replaces": one.replaces,
        "window": msgspec.to_builtins(one.window),
        "distributors": sorted(one.distributors),
        "authorised": sorted(
            code
            for provider, code in places(one.distributors, context)
            if is_authorised(held[provider.code], Kind.SERVICE, provider.ca_id(one.product))
        ),
    }


def item(one: InstalledItem, context: Context, held: Mapping[str, list[Held]]) -> dict[str, Any]:
    """One installed item: where it is used, and where it is initialised."""
    return {
        "serial_number": one.serial_number,
        "product": one.product,
        "name": name_of(context.catalogue, one.product),
        "state": one.state.value,
        "distributors": sorted(one.distributors),
        "initialised": sorted(
            code
            for provider, code in places(one.distributors, context)
            if is_authorised(held[provider.code], Kind.ITEM, one.ca_id(provider.code))
        ),
    }


def places(distributors: set[str], context: Context) -> list[tuple[Provider, str]]:
    """The distributors, each with its provider."""
    return [
        (provider, one.code)
        for provider in context.providers.values()
        for one in provider.distributors
        if one.code in distributors
    ]


def is_authorised(held: list[Held], kind: Kind, ca_id: str | None) -> bool:
    """Whether the platform has said that it holds this."""
    return any(right.authorised for right in held if right.kind is kind and right.ca_id == ca_id)


def name_of(catalogue: Catalogue, code: str) -> str:
    """The product's name."""
    return catalogue.products[code].name if code in catalogue.products else code


def standing(
    subscription: Subscription, provider: Provider, held: list[Held], pending: int, now: datetime
) -> dict[str, Any]:
    """How a subscription stands at a provider: what should be held, what is believed held, what differs."""
    should = wanted(subscription, provider, now)
    missing = gap(subscription, should, held)
    return {
        "effective": provider.effective,
        "in_sync": missing.is_empty and not pending,
        "pending": pending,
        "account": next((right.ca_id for right in held if right.kind is Kind.ACCOUNT), None),
        "should_hold": {
            "account": should.account,
            "services": sorted(should.services),
            "items": sorted(should.items),
        },
        "believed_held": {
            "services": sorted(right.ca_id for right in held if right.kind is Kind.SERVICE and right.authorised),
            "items": sorted(right.ca_id for right in held if right.kind is Kind.ITEM and right.authorised),
            "in_doubt": sorted(right.ca_id for right in held if right.in_doubt),
        },
        "differences": differences(missing),
    }


def differences(missing: Gap) -> list[str]:
    """What must be taken from, and given to, the platform: signed, as the platform's effects are."""
    taken = [f"-material {ca_id}" for ca_id in missing.items_gone] + [
        f"-option {ca_id}" for ca_id in missing.services_gone
    ]
    given = [f"+material {ca_id}" for ca_id in missing.items_new] + [
        f"+option {ca_id}" for ca_id in missing.services_new
    ]
    return taken + (["+account"] if missing.account_missing else []) + given


def list_subscriptions(context: Context, limit: int, offset: int) -> list[dict[str, Any]]:
    """A page of subscriptions, in order of creation."""
    with context.database.reading() as connection:
        found = subscriptions.numbers(connection, limit=page(limit), offset=offset)
    return [show_subscription(context, number) for number in found]


def list_requests(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> list[dict[str, Any]]:
    """A page of requests, in the order of their making. Raises for a filter, a state or a subscription not known."""
    for name in filters:
        if name not in requests.FILTERS:
            raise UnknownError("filter", name, requests.FILTERS)
    state = filters.get("life_cycle_state")
    if state is not None and state not in set(RequestState):
        raise UnknownError("life-cycle state", state, set(RequestState), field="life_cycle_state")
    if "provider" in filters:
        context.provider(filters["provider"])
    with context.database.reading() as connection:
        if "subscription" in filters:
            find(connection, filters["subscription"])
        found = requests.find(connection, filters, limit=page(limit), offset=offset)
    return [msgspec.to_builtins(request) for request in found]


def page(limit: int) -> int:
    """The size of a page, within bounds."""
    if not 0 < limit <= LONGEST_PAGE:
        raise InvalidError(f"number_of_results is {limit}; 1 to {LONGEST_PAGE} is wanted.", field="number_of_results")
    return limit


def show_providers(context: Context) -> list[dict[str, Any]]:
    """Providers, without their connection parameters, and the state of their circuits."""
    return [
        {
            "code": provider.code,
            "name": provider.name,
            "protocol": provider.protocol,
            "effective": provider.effective,
            "circuit": context.breakers.circuit(provider.code, context.clock.now()).value,
            "distributors": [one.code for one in provider.distributors],
            "services": {service.product: service.ca_id for service in provider.services},
        }
        for provider in context.providers.values()
    ]
