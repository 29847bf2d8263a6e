"""A subscriber before ordering: authenticated here, then at the platform; given is the kind of token that it takes."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from engine.domain import belief
from engine.domain.errors import InvalidError, NotAllowedError, PlatformError, UnknownError
from engine.domain.provider import Provider
from engine.domain.request import Meaning
from engine.domain.states import ON
from engine.domain.subscription import Subscription
from engine.service.access import AccessToken, opened
from engine.service.act import find
from engine.service.configured import refresh
from engine.service.context import Configuration, Context
from engine.service.inquire import inquire
from engine.store import access, beliefs, subscriptions

NAMES = {
    "access_token": "access_token_identifier",
    "serial_number": "installed_item_identifier",
    "subscription": "subscription_identifier",
    "customer_number": "customer_identification_claim_identifier",
}
TYPE = "subscription_type_identifier"


@dataclass(frozen=True)
class Who:
    """By what a subscriber is known: exactly one of four. `subscription_type` may stand with the access token only."""

    access_token: AccessToken | None = None
    serial_number: str = ""
    subscription: str = ""
    customer_number: str = ""
    subscription_type: str = ""

    def check(self) -> None:
        """Refuse none, two, or a type that stands with another. Raises InvalidError."""
        said = [name for attribute, name in NAMES.items() if getattr(self, attribute)]
        if len(said) != 1:
            found = " and ".join(said) or "none"
            raise InvalidError(f"Found {found}; exactly one is wanted of {', '.join(NAMES.values())}.", field="body")
        if self.subscription_type and not self.access_token:
            raise InvalidError(f"{TYPE} goes with access_token_identifier only; found {said[0]}.", field=TYPE)


@dataclass(frozen=True)
class Authenticated:
    """Who was authenticated: the key of the subscription, and the token with which he may order at the platform."""

    subscription_id: int
    jwt: str = field(repr=False)


def authenticate(context: Context, who: Who, provider_code: str | None = None) -> Authenticated:
    """Authenticate a subscriber, here and at the platform. Changes nothing.

    Raises NotAuthenticatedError, NotAllowedError where he may not order, PlatformError where the platform can't say.
    """
    who.check()
    refresh(context)
    configuration = context.configuration
    with context.database.reading() as connection:
        key, subscription = the_one(connection, who)
        if subscription.state not in ON:
            wanted = " or ".join(sorted(ON))
            raise NotAllowedError(f"{subscription.number} is {subscription.state}; wanted: {wanted}.")
        provider, account = account_of(connection, key, chosen(context, configuration, provider_code))
    confirm(context, provider, account)
    return Authenticated(key, context.adapter(provider).subscriber_token(provider, account, context.clock.now()))


def the_one(connection: Connection, who: Who) -> tuple[int, Subscription]:
    """The subscription that is meant. Raises where there is none, or more than one."""
    found = [find(connection, number) for number in candidates(connection, who)]
    if who.subscription_type:
        found = [(key, one) for key, one in found if one.type == who.subscription_type]
    if len(found) > 1:
        found = [(key, one) for key, one in found if one.state in ON]
    if len(found) != 1:
        numbers = ", ".join(one.number for _key, one in found) or "none"
        field = TYPE if who.access_token else NAMES["customer_number"]
        raise NotAllowedError(f"{len(found)} subscriptions are meant ({numbers}); exactly one is wanted.", field=field)
    return found[0]


def candidates(connection: Connection, who: Who) -> list[str]:
    """The numbers of the subscriptions that may be meant: an access token opens all of its customer's."""
    if who.subscription:
        return [who.subscription]
    if who.serial_number:
        number = subscriptions.owner(connection, who.serial_number)
        if number is None:
            raise UnknownError("installed item", who.serial_number, field="installed_item_identifier")
        return [number]
    if who.customer_number:
        return of_customer(connection, who.customer_number)
    number = opened(connection, who.access_token or AccessToken())
    _key, subscription = find(connection, number)
    return of_customer(connection, subscription.customer_number) if subscription.customer_number else [number]


def of_customer(connection: Connection, customer_number: str) -> list[str]:
    """The numbers of a customer's subscriptions. Raises UnknownError."""
    found = access.of_customer(connection, customer_number)
    if not found:
        raise UnknownError("customer", customer_number, field=NAMES["customer_number"])
    return found


def chosen(context: Context, configuration: Configuration, provider_code: str | None) -> list[Provider]:
    """The effective providers whose platforms take orders; the one that is named, if one is. Raises UnknownError."""
    if provider_code:
        configuration.provider(provider_code)
    return [
        provider
        for provider in configuration.effective_providers
        if context.adapter(provider).takes_orders and provider_code in {None, provider.code}
    ]


def account_of(connection: Connection, key: int, providers: list[Provider]) -> tuple[Provider, str]:
    """The first of the providers at which the subscription has an account. Raises NotAllowedError."""
    for provider in providers:
        account = belief.account_of(beliefs.load(connection, key, provider.code))
        if account:
            return provider, account
    names = ", ".join(provider.code for provider in providers) or "any provider that takes orders"
    raise NotAllowedError(f"The subscription has no account at {names}.")


def confirm(context: Context, provider: Provider, account: str) -> None:
    """Ask the platform whether it knows the account. Raises NotAllowedError if it doesn't, PlatformError else."""
    answer = inquire(context, provider, account)
    verdict = answer.verdict
    if verdict.meaning is Meaning.ACCOUNT_UNKNOWN:
        raise NotAllowedError(
            f"{provider.code} does not know account {account}: {verdict.code}; reset the subscription."
        )
    if verdict.meaning is not Meaning.ACCEPTED:
        raise PlatformError(provider.code, verdict.code, verdict.description)
