"""From the gap to requests on disk: planning is writing them."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from engine.domain import belief
from engine.domain.actions import Action
from engine.domain.gap import Gap, gap
from engine.domain.provider import Provider
from engine.domain.request import ProvisioningRequest
from engine.domain.rights import Held, lasting, wanted
from engine.domain.subscription import Subscription
from engine.ports import Adapter, Parameters, Row
from engine.service.context import Context
from engine.store import beliefs, requests


def plan(
    context: Context,
    connection: Connection,
    key: int,
    subscription: Subscription,
    *,
    action: Action,
    process_id: int,
    providers: Iterable[Provider],
    sequence: Iterator[int],
) -> None:
    """Write the requests that the action calls for at these providers, numbered by the sequence. Sends nothing."""
    now = context.clock.now()
    for provider in providers:
        adapter = context.adapter(provider)
        missing = gap_at(context, connection, key, subscription, provider)
        needed = list(called_for(adapter.table, action, missing))
        if not needed:
            continue
        common = {
            "subscription_id": key,
            "provider": provider.code,
            "process_name": action.value,
            "process_id": process_id,
            "created_date": now,
            "process_immediately": not adapter.takes_files,
        }
        numbers = requests.take_numbers(connection, provider.code, len(needed))
        rows = [
            {"number": number, "type": row.request, "parameters_set": parameters, "sequence_number": next(sequence)}
            for number, (row, parameters) in zip(numbers, needed, strict=True)
        ]
        about = [adapter.about(row.request, parameters) for row, parameters in needed]
        requests.add(connection, [common | row | more for row, more in zip(rows, about, strict=True)])


def gap_at(context: Context, connection: Connection, key: int, subscription: Subscription, provider: Provider) -> Gap:
    """What will separate the platform from the subscription when all that is under way has succeeded."""
    adapter, now = context.adapter(provider), context.clock.now()
    held = lasting(expected(connection, key, provider, adapter), now)
    should = wanted(subscription, provider, now, adapter.keeping, held)
    return gap(subscription, should, held, adapter.files.renewed_before(provider, now) if adapter.takes_files else None)


def called_for(table: Iterable[Row], action: Action, missing: Gap) -> Iterator[tuple[Row, Parameters]]:
    """For each row that the action triggers, what its trigger logic finds missing."""
    for row in table:
        if action in row.triggered_by:
            for parameters in row.trigger_logic(missing):
                yield row, parameters


def expected(connection: Connection, key: int, provider: Provider, adapter: Adapter) -> list[Held]:
    """What the platform will hold when all that is under way has succeeded; it is not asked for again."""
    held = beliefs.load(connection, key, provider.code)
    return follow(held, requests.pending_of(connection, key, provider.code), adapter)


def follow(held: list[Held], pending: Iterable[ProvisioningRequest], adapter: Adapter) -> list[Held]:
    """What is held after these requests."""
    for request in pending:
        effect = adapter.row(request.type).on_completed
        account = belief.account_of(held)
        held = belief.completed(held, effect, request.parameters_set, account=account, awaiting=request.awaiting)
    return held
