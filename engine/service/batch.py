"""A batch of subscriptions at a provider: planned at once, sent in order, written down at once."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from engine.domain import belief
from engine.domain.actions import Action
from engine.domain.provider import Provider
from engine.domain.request import Meaning, ProvisioningRequest
from engine.domain.rights import Held
from engine.domain.subscription import Subscription
from engine.service.context import Context
from engine.service.jobs import Foreseen, Task, Why, waiting
from engine.service.pace import Pace
from engine.service.plan import Needed, Outlook, called_for, differing, follow, gap_of, rows_of
from engine.service.send import End, carried_out, prepare
from engine.service.transcript import of_parameters
from engine.store import batches, requests, since
from engine.store.batches import Waiting
from engine.store.since import Note

PROCESS = "RESET_SUBSCRIPTIONS"
LONG_S = 1.0
"""How long requests of a batch are sent: who acts on one of its subscriptions meanwhile waits for it."""


@dataclass(frozen=True)
class Found:
    """What there is of subscriptions at a provider, by key: they, what is believed held, what waits, what differs."""

    subscriptions: Mapping[int, Subscription]
    held: dict[int, list[Held]]
    waiting: Mapping[int, list[Waiting]]
    ahead: Mapping[int, Outlook]

    def at_once(self, key: int) -> list[ProvisioningRequest]:
        """What waits, and is to be sent at once."""
        return at_once(self.waiting.get(key, ()))

    def numbers(self) -> dict[int, str]:
        """The numbers of the subscriptions."""
        return {key: one.number for key, one in self.subscriptions.items()}

    def needed(self, context: Context, provider: Provider, key: int) -> list[Needed]:
        """What a reset calls for."""
        return list(called_for(context.adapter(provider).table, Action.RESET, self.ahead[key].missing))


def at_once(waiting: Iterable[Waiting]) -> list[ProvisioningRequest]:
    """What of this is to be sent at once."""
    return [one.request for one in waiting if one.request.process_immediately]


def look(context: Context, connection: Connection, provider: Provider, keys: list[int]) -> Found:
    """What there is of these subscriptions now."""
    adapter = context.adapter(provider)
    subscriptions = batches.subscriptions(connection, keys)
    held = batches.believed(connection, keys, provider.code)
    waiting = batches.pending(connection, keys, provider.code)
    ahead = {}
    for key, subscription in subscriptions.items():
        under_way = sorted((one.request for one in waiting.get(key, ())), key=lambda one: one.number)
        after = follow(held[key], under_way, adapter)
        ahead[key] = Outlook(under_way, after, gap_of(context, subscription, provider, after))
    return Found(subscriptions, held, waiting, ahead)


def plan(
    context: Context, connection: Connection, task: Task, provider: Provider, found: Found
) -> dict[int, list[ProvisioningRequest]]:
    """Write the requests that a reset of these calls for, all at once. Gives them by the subscriptions' keys."""
    adapter, now = context.adapter(provider), context.clock.now()
    needed = {key: found.needed(context, provider, key) for key in found.ahead}
    count = sum(map(len, needed.values()))
    numbers = requests.take_numbers(connection, provider.code, count) if count else range(0)
    notes, rows, first = [], [], 0
    for key, wanted in needed.items():
        mine = numbers[first : first + len(wanted)]
        first += len(wanted)
        notes.append(Note(key, provider.code, *differing(context, provider, found.ahead[key], wanted, mine)))
        rows += rows_of(
            adapter,
            wanted,
            zip(mine, itertools.count(1), strict=False),
            subscription_id=key,
            provider=provider.code,
            process_name=PROCESS,
            process_id=task.run,
            created_date=now,
            begun=context.database.shared and not adapter.takes_files,
        )
    ids = batches.add(connection, rows)
    since.note(connection, notes, now)
    task.mark(connection)
    made: dict[int, list[ProvisioningRequest]] = {key: [] for key in needed}
    for row in rows:
        key = row["subscription_id"]
        made[key].append(request_of(row, ids[row["number"]], found.subscriptions[key].number))
    return made


def request_of(row: Mapping[str, Any], key: int, subscription: str) -> ProvisioningRequest:
    """The request that was written as this row."""
    names = ("number", "type", "sequence_number", "provider", "parameters_set", "process_name", "process_id")
    said = {name: row[name] for name in names}
    return ProvisioningRequest(id=key, subscription=subscription, created_date=row["created_date"], **said)


def foreseen(context: Context, connection: Connection, provider: Provider, keys: list[int]) -> list[Foreseen]:
    """What a reset would send for these: what waits, then what is missing when all of that has succeeded."""
    found, adapter = look(context, connection, provider, keys), context.adapter(provider)
    common = Foreseen("", context.clock.now(), provider=provider.code)
    return [
        one
        for key, subscription in found.subscriptions.items()
        for one in (
            *(waiting(subscription.number, request, adapter) for request in found.at_once(key)),
            *(
                replace(
                    common,
                    subscription=subscription.number,
                    request=row.request,
                    parameters=of_parameters(row, parameters),
                )
                for row, parameters in found.needed(context, provider, key)
            ),
        )
    ]


@dataclass
class Batch:
    """Subscriptions in hand at a platform that is called: what is believed held for each, its number, what was sent.

    `unwritten` are the keys of requests that may have been sent, and of which nothing is written yet; `noted` those of
    which it is written that they may have been.
    """

    context: Context
    task: Task
    provider: Provider
    pace: Pace
    held: dict[int, list[Held]] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)
    noted: set[int] = field(default_factory=set)
    unwritten: list[int] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)

    def send(self, to_send: Mapping[int, list[ProvisioningRequest]], done: list[int]) -> Why | None:
        """Send, subscription by subscription; those that are done with are added. Gives why not all are."""
        clock = self.context.clock
        began = clock.now()
        for key, wanted in to_send.items():
            if self.task.halts():
                return Why.HALTED
            if wanted and (clock.now() - began).total_seconds() > LONG_S:
                return Why.LONG_ENOUGH
            for request in wanted:
                why = self.send_one(key, request)
                if why is not None:
                    return why
            done.append(key)
        return None

    def send_one(self, key: int, request: ProvisioningRequest) -> Why | None:
        """Send a request. Gives why it stays PENDING, if it does."""
        if not self.context.provider(self.provider.code).effective:
            return Why.NOT_EFFECTIVE
        if not self.pace.passes():
            return Why.HALTED
        held = self.held[key]
        errand = prepare(self.context, self.provider, request, held, is_noted=request.id in self.noted)
        self.unwritten.append(request.id)
        if not errand.inherited:
            self.noted.add(request.id)
        end = carried_out(errand, key, held)
        if end.result.is_left_alone or self.is_kept_from(end):
            self.unwritten.pop()
            return Why.LEFT_ALONE
        self.ends.append(end)
        self.held[key] = end.after
        if end.given:
            others = {other: belief.given_away(self.held[other], end.given) for other in self.held if other != key}
            self.held.update(others)
        return None

    def is_kept_from(self, end: End) -> bool:
        """Whether a request has not reached a platform that is left alone now: it waits for it to be back."""
        _probes, retry_at = self.context.breakers.probed(self.provider.code)
        return end.result.verdict.meaning is Meaning.NOT_SENT and retry_at is not None

    def unsent(self) -> list[int]:
        """Requests that have not been sent, and of which it is written that they may have been."""
        return sorted(self.noted - {one.errand.request.id for one in self.ends})
