"""Audits of devices at platforms that take files: each is asked for in a file, and answered later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from engine.ports import Parameters
from engine.service.auditing.questions import Whose
from engine.service.context import Context
from engine.store import requests
from engine.store.audits import Process


@dataclass(frozen=True)
class Asked:
    """What is to be asked of a subscription's devices: the parameters of each request; and why not of others."""

    key: int
    number: str
    parameters: tuple[Parameters, ...]
    unfit: tuple[str, ...] = ()


def prepare(context: Context, provider: Provider, whose: Whose) -> Asked:
    """What is to be asked of a subscription's devices."""
    parameters, unfit = [], []
    query = context.adapter(provider).utilities["query"]
    for device in whose.devices:
        try:
            parameters.append(query.parameters(provider, device, {}))
        except InvalidError as refusal:
            unfit.append(f"{provider.code}: {refusal.message}")
    return Asked(whose.key, whose.subscription.number, tuple(parameters), tuple(unfit))


def make(context: Context, connection: Connection, provider: Provider, process: Process, asked: Iterable[Asked]) -> int:
    """Write the requests that ask, PENDING, for files. Returns how many there are."""
    needed = list(rows(context, provider, process, asked))
    if needed:
        numbers = requests.take_numbers(connection, provider.code, len(needed))
        requests.add(connection, [row | {"number": number} for row, number in zip(needed, numbers, strict=True)])
    return len(needed)


def rows(context: Context, provider: Provider, process: Process, asked: Iterable[Asked]) -> Iterator[dict[str, object]]:
    """The requests without their numbers."""
    adapter, now = context.adapter(provider), context.clock.now()
    request_type = adapter.utilities["query"].request
    for one in asked:
        for place, parameters in enumerate(one.parameters, start=1):
            yield {
                "subscription_id": one.key,
                "provider": provider.code,
                "type": request_type,
                "sequence_number": place,
                "parameters_set": parameters,
                "process_name": process.name,
                "process_id": process.id,
                "created_date": now,
                "process_immediately": False,
                **adapter.about(request_type, parameters),
            }
