"""Utilities: what an agent asks of a platform for one device, or for all. Each makes one request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.domain.effects.ground import utc
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.domain.request import Priority, ProvisioningRequest
from engine.domain.subscription import InstalledItem, Subscription
from engine.ports import Utility
from engine.service.act import find
from engine.service.configured import configured
from engine.service.context import Configuration, Context
from engine.service.reading import check_printable
from engine.service.requested import list_requests
from engine.service.send import send_pending
from engine.store import requests, subscriptions

PROCESS = "UTILITY"
DEVICE, PROVIDER, MOMENT = "installed_item_identifier", "provisioning_provider_identifier", "scheduled_date"

NOT_THERE = {
    "send_message": "takes no messages",
    "set_pin": "knows no PINs",
    "reset_pin": "knows no PINs",
    "query": "answers no queries",
    "reauthorise_sector": "reauthorises no sectors",
}
"""What is said of a platform that has not got a utility."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: the utility's name, what is said with it, for which device (or for all), at which provider.

    It is sent at once; or by the processing run: the next one, or the first after its moment.
    """

    utility: str
    said: Mapping[str, Any]
    serial_number: str = ""
    to_all: bool = False
    provider: str = ""
    process_immediately: bool | None = None
    scheduled_date: datetime | None = None
    priority: Priority = Priority.REGULAR

    @property
    def at_once(self) -> bool:
        """Whether it is not left to the processing run."""
        return self.scheduled_date is None if self.process_immediately is None else self.process_immediately


def ask(context: Context, asked: Asked) -> ProvisioningRequest:
    """Make the request, and send it if it is to be sent at once. Gives it as it is then.

    Raises DomainError, and then nothing was made.
    """
    moment = moment_of(context, asked)
    for name, value in asked.said.items():
        if isinstance(value, str):
            check_printable(value, name)
    with context.database.transaction() as connection:
        provider = chosen(context, configured(context, connection), asked)
        utility = context.adapter(provider).utilities[asked.utility]
        key, device = to_whom(context, connection, provider, utility, asked)
        made = requests.add_one(
            connection,
            {
                "number": requests.take_numbers(connection, provider.code, 1)[0],
                "type": utility.request,
                "sequence_number": 1,
                "subscription_id": key,
                "provider": provider.code,
                "parameters_set": utility.parameters(provider, device, asked.said),
                "process_name": PROCESS,
                "process_id": requests.next_utility(connection),
                "created_date": context.clock.now(),
                "priority": asked.priority,
                "process_immediately": asked.at_once,
                "scheduled_date": moment,
            },
        )
    if asked.at_once:
        send_pending(context, key, provider)
    return list_requests(context, {"id": made}, 1, 0).results[0]


def moment_of(context: Context, asked: Asked) -> datetime | None:
    """The moment for which it is scheduled, in UTC. Raises InvalidError for one that has passed, or is not wanted."""
    if asked.scheduled_date is None:
        return None
    if asked.process_immediately:
        raise InvalidError(f"{MOMENT} goes with process_immediately false only.", field=MOMENT)
    now, moment = context.clock.now(), utc(asked.scheduled_date, MOMENT)
    if moment <= now:
        wanted = f"a moment after {now:%Y-%m-%dT%H:%M:%SZ}"
        raise InvalidError(f"{MOMENT} is {asked.scheduled_date.isoformat()}; {wanted} is wanted.", field=MOMENT)
    return moment


def chosen(context: Context, configuration: Configuration, asked: Asked) -> Provider:
    """The provider that is meant: the one that is named, else the only one with such a utility. Raises DomainError."""
    able = [one for one in configuration.providers.values() if has(context, one, asked.utility)]
    if asked.provider:
        provider = configuration.provider(asked.provider)
        if provider not in able:
            raise NotAllowedError(f"{provider.protocol} {NOT_THERE[asked.utility]}.", field=PROVIDER)
    elif len(able) == 1:
        provider = able[0]
    elif able:
        found = ", ".join(sorted(one.code for one in able))
        raise InvalidError(f"{PROVIDER} is wanted: one of {found}.", field=PROVIDER)
    else:
        raise NotAllowedError(f"There is no provider for this: each {NOT_THERE[asked.utility]}.", field=PROVIDER)
    if not provider.effective:
        raise NotAllowedError(f"Provider {provider.code} is NOT_EFFECTIVE: nothing is sent to it.", field=PROVIDER)
    return provider


def to_whom(
    context: Context, connection: Connection, provider: Provider, utility: Utility, asked: Asked
) -> tuple[int | None, str]:
    """The key of the subscription that has the device, and its id at the platform; neither, where it is for all."""
    if asked.to_all:
        if asked.serial_number or not utility.to_all:
            wanted = "one of them" if utility.to_all else f"only {DEVICE}"
            raise InvalidError(f"{DEVICE} and to_all: wanted is {wanted}.", field="to_all")
        return None, ""
    if not asked.serial_number:
        raise InvalidError(f"{DEVICE} is wanted{', or to_all' if utility.to_all else ''}.", field=DEVICE)
    key, subscription = owner(connection, asked.serial_number)
    item = subscription.item(asked.serial_number)
    check_seat(context, provider, item, asked.utility)
    return key, item.ca_id(provider.code)


def owner(connection: Connection, serial_number: str) -> tuple[int, Subscription]:
    """The subscription that has a device, locked. Raises UnknownError."""
    number = subscriptions.owner(connection, serial_number)
    if number is None:
        raise UnknownError("installed item", serial_number, field=DEVICE)
    return find(connection, number, lock=True)


def check_seat(context: Context, provider: Provider, item: InstalledItem, utility: str) -> None:
    """Refuse a device which is none that gets the provider's signals. Raises NotAllowedError."""
    roles, serial_number = context.adapter(provider).keeping.roles, item.serial_number
    if roles and provider.role(item.product, roles) is not Role.ENTITLED:
        seats = [good.product for good in provider.hardware if provider.role(good.product, roles) is Role.ENTITLED]
        wanted = f"a device that gets signals ({', '.join(seats)})"
        raise NotAllowedError(f"{serial_number} is of product {item.product}; wanted: {wanted}.", field=DEVICE)
    if not provider.serves(item.distributors):
        others = [one for one in context.providers.values() if one.serves(item.distributors)]
        lacking = [f"; {one.protocol} {NOT_THERE[utility]}" for one in others if not has(context, one, utility)]
        found = ", ".join(sorted(item.distributors)) or "no distributor"
        wanted = f"one of {provider.code}'s ({', '.join(one.code for one in provider.distributors)})"
        said = f"{serial_number} is on {found}; wanted: {wanted}{''.join(dict.fromkeys(lacking))}."
        raise NotAllowedError(said, field=DEVICE)


def has(context: Context, provider: Provider, utility: str) -> bool:
    """Whether the provider's platform has this utility."""
    return utility in context.adapter(provider).utilities
