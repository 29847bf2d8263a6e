"""What calls say: identifiers, queries, bodies. The description of the Web API is made from these."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from engine.adapters.irdeto.texts import TextMode
from engine.adapters.irdeto.utilities import MessageType, QueryKind
from engine.domain.communication import EntryState
from engine.domain.request import Priority, RequestState
from engine.domain.states import State
from engine.service.communication import LONGEST_TEXT

LARGEST_BODY_BYTES = 1 << 20
HIGHEST_KEY = 2**31 - 1  # that databases keep
HIGHEST_NUMBER = 2**63 - 1
LONGEST_PAGE = 1000

Moment = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(min_length=1)]
LongText = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
FileName = Annotated[str, Meta(min_length=1, max_length=200)]
Key = Annotated[int, Meta(ge=1, le=HIGHEST_KEY, examples=[1])]
PageSize = Annotated[int, Meta(ge=1, le=LONGEST_PAGE)]
Offset = Annotated[int, Meta(ge=0, le=HIGHEST_NUMBER)]
FieldsSet = tuple[str, ...] | UnsetType


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a call may say."""


class Identifier(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An object with exactly one key, which names something."""

    @property
    def key(self) -> tuple[str, Any]:
        """The one key, and what it holds."""
        return next((name, getattr(self, name)) for name in self.__struct_fields__ if getattr(self, name) is not UNSET)


class SubscriptionIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription, by its number or by its id."""

    number: Annotated[Text, Meta(examples=["S0000000001"])] | UnsetType = UNSET
    id: Key | UnsetType = UNSET


class ProviderIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider, by its alternative code."""

    alternative_code: Annotated[Text, Meta(examples=["tucano"])]


class InstalledItemIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An installed item, by its serial number."""

    serial_number: Text


class Reset(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription, and a provider if one only is meant."""

    subscription_identifier: SubscriptionIdentifier
    provisioning_provider_identifier: ProviderIdentifier | UnsetType = UNSET


class OneProvider(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider."""

    provisioning_provider_identifier: ProviderIdentifier

    @property
    def code(self) -> str:
        """Its alternative code."""
        return self.provisioning_provider_identifier.alternative_code


class ConfigurationFiles(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The contents of configuration files in TOML, by the names by which they are spoken of."""

    files: dict[FileName, Annotated[str, Meta(max_length=LARGEST_BODY_BYTES)]]


class ForLater(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """At which provider, where several could be meant; when, and before which others.

    It is done at once. With `process_immediately` false it is left to the next processing run, with `scheduled_date` to
    the first after that moment. EXPRESS goes first.
    """

    provisioning_provider_identifier: ProviderIdentifier | UnsetType = UNSET
    process_immediately: bool | UnsetType = UNSET
    scheduled_date: Moment | UnsetType = UNSET
    priority: Priority = Priority.REGULAR


class OneDevice(ForLater, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device that gets signals."""

    installed_item_identifier: InstalledItemIdentifier


class NewPin(OneDevice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device that gets signals, and its new PIN: four digits."""

    new_pin: Text


class NewMessage(ForLater, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text for a device that gets signals, or for all of the provider's: exactly one of the two is said.

    MAIL goes to the mailbox, MESSAGE onto the screen. ANSI is what windows-1252 can hold; RAW is bytes, as hexadecimal
    digits.
    """

    text: LongText
    message_type: MessageType = "MAIL"
    text_mode: TextMode = "ANSI"
    installed_item_identifier: InstalledItemIdentifier | UnsetType = UNSET
    to_all: bool = False


class NewQuery(OneDevice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device that gets signals, and the kinds of things that are asked for: all of them, where none is said."""

    kinds: tuple[QueryKind, ...] = ()


class NewEntry(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text for a subscription, and the code of the system that tells it."""

    subscription_identifier: SubscriptionIdentifier
    text: LongText
    external_system: Text


class EntryIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the communication queue, by its id."""

    id: Key


class OneEntry(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the communication queue."""

    entry_identifier: EntryIdentifier


class Paged(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many results, how many to pass over, and which of their fields."""

    number_of_results: PageSize = 100
    offset: Offset = 0
    fields_set: FieldsSet = UNSET


class SubscriptionQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription, by its number or by its id: exactly one of them."""

    number: Text | UnsetType = UNSET
    id: Key | UnsetType = UNSET
    fields_set: FieldsSet = UNSET


class SubscriptionsQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which subscriptions: in this state, with a service or item of this product, with this item, at this provider."""

    state: State | UnsetType = UNSET
    product: Text | UnsetType = UNSET
    serial_number: Text | UnsetType = UNSET
    provider: Text | UnsetType = UNSET


class RequestQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provisioning request, by its id."""

    id: Key
    fields_set: FieldsSet = UNSET


class RequestsQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which provisioning requests."""

    type: Text | UnsetType = UNSET
    life_cycle_state: RequestState | UnsetType = UNSET
    provider: Text | UnsetType = UNSET
    subscription: Text | UnsetType = UNSET
    reference_number: Text | UnsetType = UNSET
    process_name: Text | UnsetType = UNSET
    process_id: Key | UnsetType = UNSET
    communication_entry: Key | UnsetType = UNSET
    id: Key | UnsetType = UNSET


class EntryQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the communication queue, by its id."""

    id: Key
    fields_set: FieldsSet = UNSET


class EntriesQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which entries of the communication queue."""

    subscription: Text | UnsetType = UNSET
    external_system: Text | UnsetType = UNSET
    state: EntryState | UnsetType = UNSET
    id: Key | UnsetType = UNSET


class ItemQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An installed item at a provider, by its serial number or by its id there: exactly one of them."""

    provisioning_provider_identifier: Text
    serial_number: Text | UnsetType = UNSET
    ca_id: Text | UnsetType = UNSET
    fields_set: FieldsSet = UNSET


def filters(query: Paged) -> dict[str, Any]:
    """What is asked for, besides the page."""
    said = {name: getattr(query, name) for name in query.__struct_fields__ if name not in Paged.__struct_fields__}
    return {name: value for name, value in said.items() if value is not UNSET}
