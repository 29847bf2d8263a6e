"""From the gap to requests on disk: planning is writing them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

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
from engine.store import beliefs, requests, since
from engine.store.since import Note

Needed = tuple[Row, Parameters]


@dataclass(frozen=True)
class Outlook:
    """What is under way at a platform, what it holds when all of that has succeeded, and what is missing then."""

    under_way: list[ProvisioningRequest]
    held: list[Held]
    missing: Gap


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
    now, notes = context.clock.now(), []
    for provider in providers:
        adapter = context.adapter(provider)
        ahead = outlook(context, connection, key, subscription, provider)
        needed = list(called_for(adapter.table, action, ahead.missing))
        numbers = requests.take_numbers(connection, provider.code, len(needed)) if needed else range(0)
        notes.append(Note(key, provider.code, *differing(context, provider, ahead, needed, numbers)))
        if not needed:
            continue
        rows = rows_of(
            adapter,
            needed,
            zip(numbers, sequence, strict=False),
            subscription_id=key,
            provider=provider.code,
            process_name=action.value,
            process_id=process_id,
            created_date=now,
        )
        requests.add(connection, rows)
    since.note(connection, notes, now)


def rows_of(
    adapter: Adapter, needed: Iterable[Needed], numbered: Iterable[tuple[int, int]], **common: Any
) -> list[dict[str, Any]]:
    """The rows of requests that are needed, each with its number and its place within what causes it."""
    about = {"process_immediately": not adapter.takes_files, **common}
    return [
        {
            **about,
            "number": number,
            "sequence_number": place,
            "type": row.request,
            "parameters_set": parameters,
            **adapter.about(row.request, parameters),
        }
        for (row, parameters), (number, place) in zip(needed, numbered, strict=False)
    ]


def outlook(
    context: Context, connection: Connection, key: int, subscription: Subscription, provider: Provider
) -> Outlook:
    """What is under way for a subscription at a provider, and what then differs."""
    under_way = requests.pending_of(connection, key, provider.code)
    held = expected(connection, key, provider, context.adapter(provider), under_way)
    return Outlook(under_way, held, gap_of(context, subscription, provider, held))


def differing(
    context: Context, provider: Provider, ahead: Outlook, needed: list[Needed], numbers: range
) -> tuple[bool, int | None]:
    """Whether a subscription is out of sync when these are PENDING too; and which request ends that, if one does."""
    changing = context.adapter(provider).changing
    last = [*(one.number for one in ahead.under_way if one.type in changing), *numbers][-1:]
    held, left = ahead.held, ahead.missing
    if needed:
        for row, parameters in needed:
            held = belief.completed(held, row.on_completed, parameters, account=belief.account_of(held))
        left = gap_of(context, left.subscription, provider, held)
    return bool(last) or not left.is_empty, last[0] if last and left.is_empty else None


def forget_settled(
    context: Context, connection: Connection, key: int, subscription: Subscription, providers: Iterable[Provider]
) -> None:
    """Take away what is noted of a subscription that is in sync already, though no request that was accepted says so.

    Time has made it so, a configuration, or that something was refused which is not wanted any more.
    """
    noted = {code for _key, code in since.load(connection, [key])}
    for provider in providers:
        if provider.code in noted:
            ahead = outlook(context, connection, key, subscription, provider)
            if not differing(context, provider, ahead, [], range(0))[0]:
                since.forget(connection, [(key, provider.code)])


def gap_at(context: Context, connection: Connection, key: int, subscription: Subscription, provider: Provider) -> Gap:
    """What will separate the platform from the subscription when all that is under way has succeeded."""
    return outlook(context, connection, key, subscription, provider).missing


def gap_of(context: Context, subscription: Subscription, provider: Provider, held: Iterable[Held]) -> Gap:
    """What separates the platform from the subscription, if it holds this."""
    adapter, now = context.adapter(provider), context.clock.now()
    held = lasting(held, now)
    should = wanted(subscription, provider, now, adapter.keeping, held)
    return gap(subscription, should, held, adapter.files.renewed_before(provider, now) if adapter.takes_files else None)


def called_for(table: Iterable[Row], action: Action, missing: Gap) -> Iterator[Needed]:
    """For each row that the action triggers, what its trigger logic finds missing."""
    for row in table:
        if action in row.triggered_by:
            for parameters in row.trigger_logic(missing):
                yield row, parameters


def expected(
    connection: Connection,
    key: int,
    provider: Provider,
    adapter: Adapter,
    under_way: Iterable[ProvisioningRequest] | None = None,
) -> list[Held]:
    """What the platform will hold when all that is under way has succeeded; it is not asked for again."""
    pending = requests.pending_of(connection, key, provider.code) if under_way is None else under_way
    return follow(beliefs.load(connection, key, provider.code), pending, adapter)


def follow(held: list[Held], pending: Iterable[ProvisioningRequest], adapter: Adapter) -> list[Held]:
    """What is held after these requests."""
    for request in pending:
        effect = adapter.row(request.type).on_completed
        account = belief.account_of(held)
        held = belief.completed(held, effect, request.parameters_set, account=account, awaiting=request.awaiting)
    return held
