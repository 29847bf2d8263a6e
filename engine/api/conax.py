"""The calls about cards at Conax: authorisations and pairs by hand, messages, queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from engine.api.asking import Done, device
from engine.api.asking import ask as ask_any
from engine.api.cards import BarkMessage, ByHand, MailMessage, Pairing, Subscriptions
from engine.api.envelope import Later
from engine.api.models import OneDevice, RequestQuery, RequestsQuery, filters
from engine.api.site import Site
from engine.domain.errors import UnknownError
from engine.domain.request import ProvisioningRequest
from engine.service import requested
from engine.service.asked import Asked
from engine.service.views import Page

PROTOCOL = "conax"
ask = partial(ask_any, protocol=PROTOCOL)


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
