"""The calls about single devices at Irdeto: messages, PINs, queries, sectors."""

from typing import Any

from engine.api.envelope import Later
from engine.api.models import ForLater, NewMessage, NewPin, NewQuery, OneDevice
from engine.api.site import Site
from engine.domain.request import ProvisioningRequest, RequestState
from engine.service.utilities import Asked

Done = ProvisioningRequest | Later


def set_pin(site: Site, said: NewPin) -> Done:
    """Set the PIN of a device."""
    return ask(site, "set_pin", said, {"new_pin": said.new_pin}, device(said))


def reset_pin(site: Site, said: OneDevice) -> Done:
    """Set the PIN of a device to the provider's default."""
    return ask(site, "reset_pin", said, {}, device(said))


def reauthorise_sector(site: Site, said: OneDevice) -> Done:
    """Refresh the sector of a device that has lost its signal."""
    return ask(site, "reauthorise_sector", said, {}, device(said))


def send_message(site: Site, said: NewMessage) -> Done:
    """Send a message to a device, or to all of a provider."""
    item = said.installed_item_identifier
    words = {"message_type": said.message_type, "text_mode": said.text_mode, "text": said.text}
    return ask(site, "send_message", said, words, item.serial_number if item else "", to_all=said.to_all)


def query(site: Site, said: NewQuery) -> Done:
    """Ask what the platform holds of a device; `answer` has it, by kind."""
    return ask(site, "query", said, {"kinds": list(said.kinds)}, device(said))


def device(said: OneDevice) -> str:
    """The device's serial number."""
    return said.installed_item_identifier.serial_number


def ask(
    site: Site, utility: str, said: ForLater, words: dict[str, Any], serial_number: str, *, to_all: bool = False
) -> Done:
    """The request, which has ended, or is left to the processing run."""
    provider = said.provisioning_provider_identifier
    asked = Asked(
        utility,
        words,
        serial_number,
        to_all=to_all,
        provider=provider.alternative_code if provider else "",
        process_immediately=said.process_immediately if isinstance(said.process_immediately, bool) else None,
        scheduled_date=said.scheduled_date or None,
        priority=said.priority,
    )
    made = site.engine.ask(asked)
    return Later(made) if made.life_cycle_state is RequestState.PENDING else made
