"""The communication queue: entries are made by callers, sent by the mail run, looked at, removed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.domain.communication import Entry, EntryState
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.service.act import find
from engine.service.context import Context
from engine.service.reading import check_filters, check_printable
from engine.service.views import Page
from engine.store import communication as store
from engine.store import subscriptions

LONGEST_TEXT = 4_000  # characters: a device takes 2,000 bytes, and RAW tells each of them in two digits


def add(context: Context, subscription: str, text: str, external_system: str) -> Entry:
    """Queue a text for a subscription, to be sent by the mail run of the external system. Raises DomainError."""
    check(text, "text")
    check_name(external_system, "external_system")
    with context.database.transaction() as connection:
        key, _subscription = find(connection, subscription, lock=True)
        made = store.add(connection, key, text, external_system, context.clock.now())
        return look(connection, made)


def check(text: str, field: str) -> None:
    """Refuse a text that is empty, too long, or holds what no platform can be told. Raises InvalidError."""
    if not text.strip() or len(text) > LONGEST_TEXT:
        wanted = f"1 to {LONGEST_TEXT}, and not only blanks"
        raise InvalidError(f"{field}: found {len(text)} characters; wanted: {wanted}.", field=field)
    check_printable(text, field)


def check_name(name: str, field: str) -> None:
    """Refuse the name of an external system that no definition could say. Raises InvalidError."""
    check(name, field)
    if name != name.strip():
        raise InvalidError(f"{field}: found {name!r}; wanted: no blanks around it.", field=field)


def remove(context: Context, entry_id: int) -> Entry:
    """Take an entry out of the queue; gives it as it is then, or was.

    One that is COMPLETED stays as COMPLETED_AND_REMOVED; one that is PENDING, and has no requests yet, is deleted.
    Raises NotAllowedError for others.
    """
    with context.database.transaction() as connection:
        found = hold(connection, entry_id)
        if not store.remove(connection, entry_id):
            in_hand = ", and in hand" if found.state is EntryState.PENDING else ""
            wanted = "COMPLETED, or PENDING and not in hand"
            raise NotAllowedError(
                f"Entry {entry_id} is {found.state}{in_hand}; wanted: {wanted}.", field="entry_identifier"
            )
        return look(connection, entry_id) if found.state is EntryState.COMPLETED else found


def hold(connection: Connection, entry_id: int) -> Entry:
    """The entry of this key, kept from others: its subscription is locked first, as a run does. Raises UnknownError."""
    key = store.owner(connection, entry_id)
    if key is not None:
        subscriptions.lock(connection, key)
        store.lock(connection, entry_id)
    return look(connection, entry_id)


def show(context: Context, entry_id: int) -> Entry:
    """The entry of this key. Raises UnknownError."""
    with context.database.reading() as connection:
        return look(connection, entry_id)


def look(connection: Connection, entry_id: int) -> Entry:
    """The entry of this key. Raises UnknownError."""
    for found in store.find(connection, {"id": entry_id}, limit=1):
        return found
    raise UnknownError("communication entry", str(entry_id), field="entry_identifier")


def list_entries(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> Page[Entry]:
    """A page of entries, in the order of their making. Raises UnknownError for what isn't known."""
    check_filters(filters, store.FILTERS, "state", EntryState)
    with context.database.reading() as connection:
        if "subscription" in filters:
            find(connection, filters["subscription"])
        return Page(store.count(connection, filters), store.find(connection, filters, limit=limit, offset=offset))
