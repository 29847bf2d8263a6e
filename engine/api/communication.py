"""The calls about the communication queue: what is to be told to subscribers."""

from engine.api.models import EntriesQuery, EntryQuery, NewEntry, OneEntry, filters
from engine.api.site import Site
from engine.api.subscriptions import number_of
from engine.domain.communication import Entry
from engine.service.views import Page


def add(site: Site, said: NewEntry) -> Entry:
    """Queue a text for a subscription, to be sent by the mail run of its external system."""
    return site.engine.queue_text(number_of(site, said.subscription_identifier), said.text, said.external_system)


def remove(site: Site, said: OneEntry) -> Entry:
    """Take an entry out of the queue: a COMPLETED one stays as removed, a PENDING one is deleted."""
    return site.engine.remove_entry(said.entry_identifier.id)


def one(site: Site, said: EntryQuery) -> Entry:
    """Show an entry of the communication queue."""
    return site.engine.entry(said.id)


def several(site: Site, said: EntriesQuery) -> Page[Entry]:
    """List entries of the communication queue, in the order of their making."""
    return site.engine.entries(said.number_of_results, said.offset, **filters(said))
