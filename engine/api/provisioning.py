"""The calls about what platforms hold, and what they are sent."""

from msgspec import UNSET, UnsetType

from engine.api.models import ItemQuery, RequestQuery, RequestsQuery, Reset, Said, Text, filters
from engine.api.site import Site
from engine.api.subscriptions import number_of
from engine.domain.errors import InvalidError, UnknownError
from engine.domain.request import ProvisioningRequest
from engine.service import requested, show
from engine.service.act import Executed
from engine.service.jobs import Foreseen
from engine.service.reset import foresee
from engine.service.views import InstalledItemView, Page, ProviderView


class ResetQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription, by its number; and a provider, by its code, if one only is meant."""

    subscription: Text
    provider: Text | UnsetType = UNSET


def reset(site: Site, said: Reset) -> Executed:
    """Make platforms follow the engine, for one subscription: every effective provider's, or one's."""
    number = number_of(site, said.subscription_identifier)
    provider = said.provisioning_provider_identifier
    return site.engine.reset(number, provider.alternative_code if provider else None)


def preview_reset(site: Site, said: ResetQuery) -> list[Foreseen]:
    """Show what a reset of a subscription would send now. Changes nothing."""
    return foresee(site.engine.context.still(), said.subscription, said.provider or None)


def request(site: Site, said: RequestQuery) -> ProvisioningRequest:
    """Show a provisioning request, with the texts of its last attempt."""
    found = requested.list_requests(site.engine.context.still(), {"id": said.id}, 1, 0).results
    if not found:
        raise UnknownError("provisioning request", str(said.id), field="id")
    return found[0]


def requests(site: Site, said: RequestsQuery) -> Page[ProvisioningRequest]:
    """List provisioning requests, in the order of their making."""
    return requested.list_requests(site.engine.context.still(), filters(said), said.number_of_results, said.offset)


def item(site: Site, said: ItemQuery) -> InstalledItemView:
    """Show an installed item at a provider: whose it is, where it is used, whether it is initialised, since when."""
    if (said.serial_number is UNSET) is (said.ca_id is UNSET):
        raise InvalidError("Exactly one of serial_number and ca_id is wanted.", field="serial_number")
    code, context = said.provisioning_provider_identifier, site.engine.context.still()
    return show.show_item(context, code, serial_number=said.serial_number or None, ca_id=said.ca_id or None)


def providers(site: Site) -> list[ProviderView]:
    """List providers and the state of their circuits; never their credentials."""
    return show.show_providers(site.engine.context.still())
