"""Utilities: what an agent asks of a platform for one device, or for all. Most make one request."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.ports import Parameters
from engine.service.addressee import DEVICE, Seated, check_device, chosen, owner
from engine.service.asked import Asked, check_whom, moment_of
from engine.service.configured import configured
from engine.service.context import Configuration, Context
from engine.service.files.upload import send_files
from engine.service.particulars import START, told
from engine.service.reading import check_printable
from engine.service.requested import list_requests
from engine.service.send import send_pending
from engine.store import requests

PROCESS = "UTILITY"


def ask(context: Context, asked: Asked) -> list[ProvisioningRequest]:
    """Make what is asked for, and send it if it is to be sent at once. Gives the requests as they are then.

    Where the platform takes files, sending puts a file there; the answer comes later. Raises DomainError, and then
    nothing was made.
    """
    moment = moment_of(asked, context.clock.now())
    for name, value in asked.said.items():
        if isinstance(value, str):
            check_printable(value, name)
    with context.database.transaction() as connection:
        configuration, process_id = configured(context, connection), requests.next_utility(connection)
        key, provider, needed = called_for(context, connection, configuration, asked)
        common = {
            "subscription_id": key,
            "provider": provider.code,
            "process_name": PROCESS,
            "process_id": process_id,
            "created_date": context.clock.now(),
            "priority": asked.priority,
            "process_immediately": asked.at_once,
            "scheduled_date": moment,
        }
        numbers = requests.take_numbers(connection, provider.code, len(needed))
        rows = [common | {"number": number, **one} for number, one in zip(numbers, needed, strict=True)]
        requests.add(connection, rows)
    if asked.at_once and context.adapter(provider).takes_files:
        mine = requests.keys_of(process_id, PROCESS)
        list(send_files(context, provider, until=context.clock.now(), only=mine))
    elif asked.at_once:
        send_pending(context, key, provider)
    return list_requests(context, {"process_name": PROCESS, "process_id": process_id}, len(needed), 0).results


def called_for(
    context: Context, connection: Connection, configuration: Configuration, asked: Asked
) -> tuple[int | None, Provider, list[dict[str, Any]]]:
    """The subscription's key (none: for all), the provider, and what tells its requests apart. Raises DomainError."""
    found = owner(connection, asked.serial_number)
    item = found[1].item(asked.serial_number) if found else None
    provider = chosen(
        context,
        configuration,
        asked.utility,
        code=asked.provider,
        protocol=asked.protocol,
        used=item.distributors if item else set(),
    )
    adapter = context.adapter(provider)
    utility = adapter.utilities[asked.utility]
    check_whom(utility, asked)
    if asked.to_all:
        parameters = utility.parameters(provider, "", asked.said)
        return None, provider, [{"type": utility.request, "sequence_number": 1, "parameters_set": parameters}]
    if not found or not item:
        raise UnknownError("installed item", asked.serial_number, field=DEVICE)
    check_device(context, provider, item, asked.utility)
    key, subscription = found
    seat = Seated(configuration, provider, adapter, key, subscription, item)
    return key, provider, list(each(context, connection, seat, asked))


def each(context: Context, connection: Connection, seat: Seated, asked: Asked) -> Iterator[dict[str, Any]]:
    """What tells the requests for a device apart, in order. Raises DomainError."""
    adapter, provider = seat.adapter, seat.provider
    utility, pending = adapter.utilities[asked.utility], requests.pending_of(connection, seat.key, provider.code)
    for place, said in enumerate(told(context, connection, seat, asked.utility, asked.said), start=1):
        request_type = utility.request_for(said)
        parameters = utility.parameters(provider, seat.ca_id, said)
        if adapter.takes_files:
            check_filed(seat, request_type, parameters, pending, context.clock.now())
        about = adapter.about(request_type, parameters)
        yield {"type": request_type, "sequence_number": place, "parameters_set": parameters, **about}


def check_filed(
    seat: Seated, request_type: str, parameters: Parameters, pending: list[ProvisioningRequest], now: datetime
) -> None:
    """Refuse what is asked for already and not answered, and what would be over before it begins."""
    files, serial_number = seat.adapter.files, seat.item.serial_number
    about = files.about(request_type, parameters)
    period = files.period(seat.provider, request_type, about.detail, now)
    if period and period.end <= now:
        wanted = f"a moment whose period, which ended {period.end:%Y-%m-%dT%H:%MZ}, is not over"
        raise InvalidError(f"{START}: found {period.start:%Y-%m-%dT%H:%MZ}; wanted: {wanted}.", field=START)
    if not seat.adapter.row(request_type).on_completed.changes_holdings:
        return
    for one in pending:
        if files.about(one.type, dict(one.parameters_set))[:2] == about[:2]:
            said = f"Request {one.number} of {seat.provider.code}, {one.type} of {about.ca_id} on {serial_number}"
            raise NotAllowedError(f"{said}, is PENDING; wanted: its end, before the next.", field=DEVICE)
