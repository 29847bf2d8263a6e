"""What calls about cards at Conax say."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.adapters.conax.utilities import (
    DEFAULT_DURATION_S,
    DEFAULT_SEQUENCE,
    LONGEST_DURATION_S,
    LONGEST_TEXT,
    MOST_SEQUENCE,
)
from engine.api.models import Identifier, InstalledItemIdentifier, Moment, OneDevice, ProviderIdentifier, Said, Text
from engine.domain.request import Priority

MOST_PRODUCTS = 100
Sequence = Annotated[int, Meta(ge=1, le=MOST_SEQUENCE)]
Seconds = Annotated[int, Meta(ge=1, le=LONGEST_DURATION_S)]


class ProductIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product, by its code, or by its name."""

    alternative_code: Annotated[Text, Meta(examples=["SPORT"])]


class ByHand(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A smartcard, and at which provider, where several could be meant.

    The processing run sends what is asked for; with `process_immediately` it is sent at once. EXPRESS goes first.
    """

    provisioning_provider_identifier: ProviderIdentifier | UnsetType = UNSET
    installed_item_identifier: InstalledItemIdentifier
    priority: Priority = Priority.REGULAR
    process_immediately: bool = False


class Subscriptions(ByHand, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A smartcard, and services: from the minute of their sending on, or from the start date."""

    product_identifiers: Annotated[tuple[ProductIdentifier, ...], Meta(min_length=1, max_length=MOST_PRODUCTS)]
    start_date: Moment | UnsetType = UNSET


class Pairing(ByHand, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A smartcard and an STB of its subscription; without an STB the one that the card is a pair with, or beside."""

    stb_identifier: InstalledItemIdentifier | UnsetType = UNSET


class MailMessage(OneDevice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text for the mailbox of a smartcard."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT["MAIL"])]
    sequence: Sequence = DEFAULT_SEQUENCE


class BarkMessage(OneDevice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text for the screen, where it stays for its duration in seconds."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT["BARK"])]
    sequence: Sequence = DEFAULT_SEQUENCE
    duration: Seconds = DEFAULT_DURATION_S
