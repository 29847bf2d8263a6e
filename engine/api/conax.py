"""The calls about cards at Conax: authorisations and pairs by hand, messages, queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.adapters.conax.utilities import (
    DEFAULT_DURATION_S,
    DEFAULT_SEQUENCE,
    LONGEST_DURATION_S,
    LONGEST_TEXT,
    MOST_SEQUENCE,
)
from engine.api.asking import Done, device
from engine.api.asking import ask as ask_any
from engine.api.envelope import Later
from engine.api.models import (
    Identifier,
    InstalledItemIdentifier,
    Moment,
    OneDevice,
    ProviderIdentifier,
    RequestQuery,
    RequestsQuery,
    Said,
    Text,
    filters,
)
from engine.api.site import Site
from engine.domain.errors import UnknownError
from engine.domain.request import Priority, ProvisioningRequest
from engine.service import requested
from engine.service.utilities import Asked
from engine.service.views import Page

PROTOCOL = "conax"
MOST_PRODUCTS = 100
Sequence = Annotated[int, Meta(ge=1, le=MOST_SEQUENCE)]
Seconds = Annotated[int, Meta(ge=1, le=LONGEST_DURATION_S)]
ask = partial(ask_any, protocol=PROTOCOL)


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


@dataclass(frozen=True)
class Made:
    """The requests that a call has made, in order; all of them, or none. They have not ended yet."""

    requests: list[ProvisioningRequest]


def add_subscriptions(site: Site, said: Subscriptions) -> Later:
    """Have a smartcard authorised for services: a request for each."""
    return ask_for_products(site, "add_subscriptions", said)


def cancel_subscriptions(site: Site, said: Subscriptions) -> Later:
    """Have a smartcard's authorisations for services cancelled: a request for each."""
    return ask_for_products(site, "cancel_subscriptions", said)


def create_pairing(site: Site, said: Pairing) -> Later:
    """Pair a smartcard with an STB."""
    stb = said.stb_identifier
    return Later(site.engine.ask(by_hand("pair", said, {"stb": stb.serial_number if stb else ""})))


def send_mail_message(site: Site, said: MailMessage) -> Done:
    """Send a text to the mailbox of a smartcard."""
    words = {"message_type": "MAIL", "text": said.text, "sequence": said.sequence}
    return ask(site, "send_message", said, words, device(said))


def send_bark_message(site: Site, said: BarkMessage) -> Done:
    """Send a text onto the screen, by a smartcard."""
    words = {"message_type": "BARK", "text": said.text, "sequence": said.sequence, "duration": said.duration}
    return ask(site, "send_message", said, words, device(said))


def query_status(site: Site, said: OneDevice) -> Done:
    """Ask what a smartcard is authorised for; the request has the `answer` when it has ended."""
    return ask(site, "query", said, {}, device(said))


def request(site: Site, said: RequestQuery) -> ProvisioningRequest:
    """Show a provisioning request at a provider of Conax."""
    found = requested.list_requests(site.engine.context.still(), {"id": said.id}, 1, 0, protocol=PROTOCOL).results
    if not found:
        raise UnknownError("provisioning request", str(said.id), field="id")
    return found[0]


def requests(site: Site, said: RequestsQuery) -> Page[ProvisioningRequest]:
    """List provisioning requests at providers of Conax, in the order of their making."""
    page = said.number_of_results, said.offset
    return requested.list_requests(site.engine.context.still(), filters(said), *page, protocol=PROTOCOL)


def ask_for_products(site: Site, utility: str, said: Subscriptions) -> Later:
    """A request for each product."""
    products = tuple(one.alternative_code for one in said.product_identifiers)
    words = {"products": products, "start_date": said.start_date or None}
    return Later(Made(site.engine.ask_several(by_hand(utility, said, words))))


def by_hand(utility: str, said: ByHand, words: Mapping[str, object]) -> Asked:
    """What is asked for with a smartcard, to be left to the processing run unless said otherwise."""
    provider = said.provisioning_provider_identifier
    return Asked(
        utility,
        words,
        said.installed_item_identifier.serial_number,
        provider=provider.alternative_code if provider else "",
        protocol=PROTOCOL,
        process_immediately=said.process_immediately,
        priority=said.priority,
    )
