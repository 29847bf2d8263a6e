"""The calls about single devices at Irdeto: messages, PINs, queries, sectors."""

from functools import partial

from engine.api.asking import Done, device
from engine.api.asking import ask as ask_any
from engine.api.models import NewMessage, NewPin, NewQuery, OneDevice
from engine.api.site import Site

ask = partial(ask_any, protocol="irdeto")


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
