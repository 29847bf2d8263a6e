"""The refusal of devices that a platform could not be told of: their ids there are none of its ids."""

from collections.abc import Iterable, Iterator

from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from engine.domain.rights import is_installed
from engine.domain.subscription import InstalledItem, Subscription
from engine.service.context import Context

Places = frozenset[tuple[str, str]]
"""Devices by serial number, each with a distributor that it is on."""


def places(subscriptions: Iterable[Subscription]) -> Places:
    """Where the devices of these subscriptions are."""
    return frozenset(
        (item.serial_number, distributor)
        for one in subscriptions
        for item in one.items
        for distributor in item.distributors
    )


def check_devices(
    context: Context, providers: Iterable[Provider], subscriptions: Iterable[Subscription], before: Places
) -> None:
    """Refuse a device that has come onto a provider's distributors with an id there that its platform can't read.

    One that was there before stays: it is in nobody's way. Raises InvalidError.
    """
    items = [item for one in subscriptions for item in one.items]
    for provider in providers:
        adapter = context.adapter(provider)
        for item in arrived(items, provider, before):
            found = item.ca_id(provider.code)
            instead = adapter.unfit_device(provider.role(item.product, adapter.keeping.roles), found)
            if instead:
                field = f"ca_ids.{provider.code}" if provider.code in item.ca_ids else "serial_number"
                raise InvalidError(
                    f"{item.serial_number}: its CA ID at {provider.code}: found {found!r}; wanted: {instead}.",
                    field=field,
                )


def arrived(items: Iterable[InstalledItem], provider: Provider, before: Places) -> Iterator[InstalledItem]:
    """The devices that are on a distributor of the provider on which they were not before."""
    known = {one.code for one in provider.distributors}
    for item in items:
        new = any((item.serial_number, one) not in before for one in item.distributors & known)
        if new and is_installed(item, provider):
            yield item
