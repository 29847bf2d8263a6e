"""The calls about subscribers who order at Tucano."""

from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from engine.api.models import (
    Identifier,
    InstalledItemIdentifier,
    ProviderIdentifier,
    Said,
    SubscriptionIdentifier,
    Text,
)
from engine.api.site import Site
from engine.api.subscriptions import number_of
from engine.service.access import AccessToken
from engine.service.authenticate import Authenticated, Who


class CustomerIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A customer, by the number that identifies him."""

    number: Text


class TypeIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A type of subscriptions, by its alternative code."""

    alternative_code: Text


class AccessTokenIdentifier(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An authentication code alone, or an identifier with its pass code."""

    authentication_code: Text | UnsetType = UNSET
    identifier: Text | UnsetType = UNSET
    pass_code: Text | UnsetType = UNSET

    @property
    def token(self) -> AccessToken:
        """What is shown."""
        return AccessToken(self.authentication_code or "", self.identifier or "", self.pass_code or "")


class Authentication(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who the subscriber is: exactly one of the first four. A type may stand with the access token only."""

    access_token_identifier: AccessTokenIdentifier | UnsetType = UNSET
    installed_item_identifier: InstalledItemIdentifier | UnsetType = UNSET
    subscription_identifier: SubscriptionIdentifier | UnsetType = UNSET
    customer_identification_claim_identifier: CustomerIdentifier | UnsetType = UNSET
    subscription_type_identifier: TypeIdentifier | UnsetType = UNSET
    provisioning_provider_identifier: ProviderIdentifier | UnsetType = UNSET


class Grant(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription, and the access token that is to open it."""

    subscription_identifier: SubscriptionIdentifier
    access_token_identifier: AccessTokenIdentifier


@dataclass(frozen=True)
class Granted:
    """The subscription that is opened now."""

    number: str


def authenticate(site: Site, said: Authentication) -> Authenticated:
    """Authenticate a subscriber before he orders, here and at the platform. Gives the token with which he may."""
    item, subscription = said.installed_item_identifier, said.subscription_identifier
    customer, kind = said.customer_identification_claim_identifier, said.subscription_type_identifier
    provider, token = said.provisioning_provider_identifier, said.access_token_identifier
    who = Who(
        access_token=token.token if token else None,
        serial_number=item.serial_number if item else "",
        subscription=number_of(site, subscription) if subscription else "",
        customer_number=customer.number if customer else "",
        subscription_type=kind.alternative_code if kind else "",
    )
    return site.engine.authenticate(who, provider.alternative_code if provider else None)


def grant(site: Site, said: Grant) -> Granted:
    """Let an access token open a subscription. It is kept as a hash."""
    number = number_of(site, said.subscription_identifier)
    site.engine.grant_access(number, said.access_token_identifier.token)
    return Granted(number)
