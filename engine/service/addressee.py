"""For whom something is asked: at which provider, on which device, and whose that is."""

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.domain.errors import InvalidError, NotAllowedError
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.domain.subscription import InstalledItem, Subscription
from engine.ports import Adapter
from engine.service.act import find
from engine.service.context import Configuration, Context
from engine.store import subscriptions

DEVICE, PROVIDER = "installed_item_identifier", "provisioning_provider_identifier"

NOT_THERE = {
    "send_message": "takes no messages",
    "set_pin": "knows no PINs",
    "reset_pin": "knows no PINs",
    "query": "answers no queries",
    "reauthorise_sector": "reauthorises no sectors",
    "pair": "pairs nothing by hand",
    "add_subscriptions": "authorises nothing by hand",
    "cancel_subscriptions": "authorises nothing by hand",
}
"""What is said of a platform that has not got a utility."""


DOES = {Role.ENTITLED: "gets signals", Role.PAIRED: "is paired with one that gets signals"}
"""What a device of a role does."""


@dataclass(frozen=True)
class Seated:
    """A device that gets a provider's signals, with the subscription that has it, locked."""

    configuration: Configuration
    provider: Provider
    adapter: Adapter
    key: int
    subscription: Subscription
    item: InstalledItem

    @property
    def ca_id(self) -> str:
        """The device's id at the provider."""
        return self.item.ca_id(self.provider.code)


def chosen(
    context: Context, configuration: Configuration, utility: str, *, code: str, protocol: str, used: set[str]
) -> Provider:
    """The provider that is meant: the one that is named, else the only one with such a utility.

    Of several, it is the only one that has one of the distributors that are used. With a protocol, only those that
    speak it are meant. Raises DomainError.
    """
    able = [one for one in configuration.providers.values() if has(context, one, utility)]
    meant = [one for one in able if protocol in {"", one.protocol}]
    if code:
        provider = configuration.provider(code)
        if provider not in able:
            raise NotAllowedError(f"{provider.protocol} {NOT_THERE[utility]}.", field=PROVIDER)
        if provider not in meant:
            wanted = f"one of protocol {protocol} ({', '.join(one.code for one in meant) or 'there is none'})"
            raise NotAllowedError(f"{code} is of protocol {provider.protocol}; wanted: {wanted}.", field=PROVIDER)
    else:
        provider = only_one(meant, utility, used)
    if not provider.effective:
        raise NotAllowedError(f"Provider {provider.code} is NOT_EFFECTIVE: nothing is sent to it.", field=PROVIDER)
    return provider


def only_one(meant: list[Provider], utility: str, used: set[str]) -> Provider:
    """The one of these; of several, the one that has any of these distributors. Raises DomainError."""
    if not meant:
        raise NotAllowedError(f"There is no provider for this: each {NOT_THERE[utility]}.", field=PROVIDER)
    here = meant if len(meant) == 1 else [one for one in meant if one.serves(used)]
    if len(here) != 1:
        found = ", ".join(sorted(one.code for one in here or meant))
        raise InvalidError(f"{PROVIDER} is wanted: one of {found}.", field=PROVIDER)
    return here[0]


def owner(connection: Connection, serial_number: str) -> tuple[int, Subscription] | None:
    """The subscription that has a device, locked; none, where nobody has it."""
    number = subscriptions.owner(connection, serial_number)
    return find(connection, number, lock=True) if number is not None else None


def check_device(
    context: Context, provider: Provider, item: InstalledItem, utility: str, role: Role = Role.ENTITLED
) -> None:
    """Refuse a device which is none of this role, for this provider. Raises DomainError; the field is not named."""
    roles, serial_number = context.adapter(provider).keeping.roles, item.serial_number
    if roles and provider.role(item.product, roles) is not role:
        seats = [good.product for good in provider.hardware if provider.role(good.product, roles) is role]
        wanted = f"a device that {DOES[role]} ({', '.join(seats)})"
        raise NotAllowedError(f"{serial_number} is of product {item.product}; wanted: {wanted}.", field=DEVICE)
    if not provider.serves(item.distributors):
        others = [one for one in context.providers.values() if one.serves(item.distributors)]
        lacking = [f"; {one.protocol} {NOT_THERE[utility]}" for one in others if not has(context, one, utility)]
        found = ", ".join(sorted(item.distributors)) or "no distributor"
        wanted = f"one of {provider.code}'s ({', '.join(one.code for one in provider.distributors)})"
        said = f"{serial_number} is on {found}; wanted: {wanted}{''.join(dict.fromkeys(lacking))}."
        raise NotAllowedError(said, field=DEVICE)
    ca_id = item.ca_id(provider.code)
    instead = context.adapter(provider).unfit_device(role, ca_id)
    if instead:
        raise InvalidError(f"{serial_number} is {ca_id!r} at {provider.code}; wanted: {instead}.", field=DEVICE)


def has(context: Context, provider: Provider, utility: str) -> bool:
    """Whether the provider's platform has this utility."""
    return utility in context.adapter(provider).utilities
