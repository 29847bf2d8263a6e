"""The mail run: what the communication queue has for one external system is sent to the devices.

It takes entries in the order of their making, and never makes one. The requests of some entries at once are made in
one transaction; an entry ends with the last of its requests, in one transaction too. So an entry that has requests is
never taken again, and what an engine that was killed has left of them is sent by the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from engine.domain.communication import Entry
from engine.domain.errors import InvalidError, NotAllowedError
from engine.domain.provider import Provider
from engine.domain.rights import Held, Kind, is_installed, lasting, wanted
from engine.domain.run import Counts, LogLine
from engine.ports import Parameters, Utility
from engine.service import filters
from engine.service.act import find
from engine.service.breaker import left_alone
from engine.service.configured import refresh
from engine.service.context import Context
from engine.service.files import process_files
from engine.service.files.upload import send_files
from engine.service.filters import ENTRY
from engine.service.jobs import Deed, Foreseen, Job, Task, Unit, paged
from engine.service.send import Sent, send_pending
from engine.store import beliefs, communication, requests, subscriptions

PROCESS, UTILITY = "MAIL", "send_message"


def count(context: Context, connection: Connection, task: Task, after: int) -> int:
    """How many entries are to be sent."""
    return communication.count_to_send(connection, system(context, task), after=after)


def units(context: Context, task: Task, after: int, skip: int) -> Iterator[Unit]:
    """Those entries; `what` is the key of the subscription, and the entry."""

    def page(connection: Connection, **which: int) -> list[Unit]:
        found = communication.page(connection, system(context, task), **which)
        return [Unit(entry.id, entry.subscription, (key, entry)) for key, entry in found]

    return paged(context, page, after, skip)


def system(context: Context, task: Task) -> str:
    """The external system whose entries are sent."""
    return said_by(context, task)["external_system"]


def said_by(context: Context, task: Task) -> dict[str, str]:
    """What the filters of the definition say, or what is meant."""
    adapter = context.adapter(context.provider(task.definition.provider))
    return filters.values(task.definition, adapter.utilities[UTILITY].fields)


@dataclass(frozen=True)
class Delivery:
    """An entry, and all that is needed to send it: `said` are the values of the definition's filters.

    `made` is how many requests were made for it now, none if it had some before. `reason` says why it was rejected.
    """

    context: Context
    provider: Provider
    run: int
    said: dict[str, str]
    key: int
    entry: Entry
    made: int = 0
    reason: str = ""
    removed: bool = False

    @classmethod
    def of(cls, context: Context, task: Task, unit: Unit, provider: Provider) -> "Delivery":
        """The delivery of a unit of the run."""
        return cls(context, provider, task.run, said_by(context, task), *unit.what)

    @property
    def utility(self) -> Utility:
        """How the platform takes messages."""
        return self.context.adapter(self.provider).utilities[UTILITY]

    @property
    def in_files(self) -> bool:
        """Whether messages go to the platform in files."""
        return self.context.adapter(self.provider).takes_files

    @property
    def at_once(self) -> bool:
        """Whether its requests are not left to the processing run."""
        return self.said["process_immediately"] == filters.YES


def reachable(context: Context, code: str) -> Provider:
    """The provider, if it is sent to now. Raises NotAllowedError."""
    refresh(context)
    (provider,) = context.configuration.sent_to(code)
    if context.breakers.is_open(code, context.clock.now()):
        raise NotAllowedError(left_alone(f"Provider {code}"), field="provider")
    return provider


def prepare(context: Context, task: Task, units: list[Unit]) -> list[Unit]:
    """Make the requests of these entries where they have none yet, or reject them: `what` is each one's delivery.

    Raises NotAllowedError where nothing is sent to the provider now; then the entries wait.
    """
    provider, now = reachable(context, task.definition.provider), context.clock.now()
    deliveries = {unit.position: Delivery.of(context, task, unit, provider) for unit in units}
    keys = sorted({one.key for one in deliveries.values()})
    with context.database.transaction() as connection:
        for key in keys:
            subscriptions.lock(connection, key)
        held, needed = beliefs.load_many(connection, keys), []
        for entry_id in sorted(communication.take(connection, deliveries)):
            one = deliveries[entry_id]
            parameters, reason = called_for(one, devices(connection, one, held.get((one.key, provider.code), [])))
            needed += list(enumerate(((one, each) for each in parameters), start=1))
            if reason:
                communication.end(connection, entry_id, now, reason)
            deliveries[entry_id] = replace(one, made=len(parameters), reason=reason)
        for entry_id in communication.removed(connection, deliveries):
            deliveries[entry_id] = replace(deliveries[entry_id], removed=True)
        if needed:
            numbers = requests.take_numbers(connection, provider.code, len(needed))
            rows = [row(*each, number, sequence) for number, (sequence, each) in zip(numbers, needed, strict=True)]
            requests.add(connection, rows)
    return [unit._replace(what=deliveries[unit.position]) for unit in units]


def devices(connection: Connection, delivery: Delivery, held: list[Held]) -> list[str]:
    """The devices to be told: those that the platform holds.

    Where devices are not registered there, these are those of the subscription on which it holds something, or should.
    """
    provider, keeping = delivery.provider, delivery.context.adapter(delivery.provider).keeping
    if keeping.registers:
        return [right.ca_id for right in held if right.kind is Kind.ITEM and right.authorised]
    now, (_key, subscription) = delivery.context.clock.now(), find(connection, delivery.entry.subscription)
    there = lasting(held, now)
    seats = {*wanted(subscription, provider, now, keeping, there).seats, *(right.place for right in there)}
    installed = {item.ca_id(provider.code) for item in subscription.items if is_installed(item, provider)}
    return sorted(seats & installed)


def called_for(delivery: Delivery, devices: list[str]) -> tuple[list[Parameters], str]:
    """The parameters of a message for each of these devices; or why there is none."""
    entry, provider, said = delivery.entry, delivery.provider, delivery.said
    if not devices:
        return [], f"{provider.code} holds no device of {entry.subscription}."
    words = {name: value for name, value in said.items() if name in delivery.utility.fields} | {ENTRY: entry.text}
    try:
        return [delivery.utility.parameters(provider, device, words) for device in devices], ""
    except InvalidError as refusal:
        return [], refusal.message


def row(delivery: Delivery, parameters: Parameters, number: int, sequence: int) -> dict[str, Any]:
    """The row of a request. What goes in a file waits for all that goes in the same, and for no mail run after this."""
    adapter = delivery.context.adapter(delivery.provider)
    request_type = delivery.utility.request_for(delivery.said)
    return {
        "number": number,
        "type": request_type,
        "sequence_number": sequence,
        "subscription_id": delivery.key,
        "provider": delivery.provider.code,
        "parameters_set": parameters,
        "process_name": PROCESS,
        "process_id": delivery.run,
        "created_date": delivery.context.clock.now(),
        "priority": delivery.said["priority"],
        "process_immediately": delivery.at_once and not adapter.takes_files,
        "communication_entry": delivery.entry.id,
        **adapter.about(request_type, parameters),
    }


def send_entry(context: Context, task: Task, unit: Unit) -> Iterator[Deed]:
    """Send the requests of one entry, or leave them to the processing run. Raises NotAllowedError, as `prepare`."""
    delivery: Delivery = unit.what
    entry = delivery.entry
    if delivery.reason:
        yield Counts(errors=1), line(context, entry, f"rejected: {delivery.reason}", error=True)
    elif delivery.removed:
        yield Counts(), line(context, entry, "was removed")
    elif delivery.in_files and not delivery.made:
        yield Counts(), line(context, entry, "was in hand already")
    elif delivery.in_files and delivery.at_once:
        yield Counts(changed=1), line(context, entry, f"to be sent in files; requests: {delivery.made}")
    elif delivery.at_once or not delivery.made:
        yield from send_now(context, task, delivery)
    else:
        yield Counts(changed=1), line(context, entry, "left to the processing run")


def send_now(context: Context, task: Task, delivery: Delivery) -> Iterator[Deed]:
    """Send the requests of one entry. Where the platform is left alone with the rest, that waits for it to be back.

    Then, and where nothing is sent to the provider at all, raises NotAllowedError.
    """
    entry, provider = delivery.entry, reachable(context, task.definition.provider)
    done = send_pending(
        context, delivery.key, provider, only=lambda request: request.communication_entry == entry.id, waits=True
    )
    if done.left:
        if done.sent:
            yield told(context, entry, done.sent, "begun")
        raise NotAllowedError(f"Provider {done.left}", field="provider")
    yield told(context, entry, done.sent, "" if len(done.sent) == delivery.made else became(context, entry))


def became(context: Context, entry: Entry) -> str:
    """How an entry stands of which another run, or another engine, has sent something."""
    with context.database.reading() as connection:
        return next(one.state.lower() for one in communication.find(connection, {"id": entry.id}, limit=1))


def told(context: Context, entry: Entry, sent: list[Sent], state: str) -> Deed:
    """What became of an entry, which is in this state, where that is not said by what was sent."""
    if not sent:
        return Counts(), line(context, entry, "was in hand already")
    rejected = [one for one in sent if one.is_rejected]
    why = f": {rejected[0].verdict.code}" if rejected else ""
    state = state or ("rejected" if rejected else "completed")
    said = f"{state}; requests: {len(sent)}, rejected: {len(rejected)}{why}"
    counts = Counts(changed=int(state == "completed"), requests=len(sent), rejected=len(rejected))
    return counts, line(context, entry, said, error=bool(rejected))


def line(context: Context, entry: Entry, said: str, *, error: bool = False) -> LogLine:
    """A line of the log about an entry."""
    return LogLine(context.clock.now(), entry.subscription, f"entry {entry.id}: {said}", error=error)


def foresee(context: Context, connection: Connection, task: Task, unit: Unit) -> list[Foreseen]:
    """What would be sent for one entry."""
    delivery = Delivery.of(context, task, unit, context.provider(task.definition.provider))
    entry = delivery.entry
    held = beliefs.load(connection, delivery.key, delivery.provider.code)
    needed, reason = called_for(delivery, devices(connection, delivery, held))
    request_type = delivery.utility.request_for(delivery.said)
    common = Foreseen(
        unit.subscription,
        entry.created_date,
        request=request_type,
        communication_entry=entry.id,
        provider=delivery.provider.code,
    )
    return [replace(common, parameters=one) for one in needed] or [replace(common, reason=reason)]


def conclude(context: Context, task: Task) -> Iterator[Deed]:
    """Send the requests that go in files, unless they are left to the processing run; the same text shares one."""
    provider, said = context.provider(task.definition.provider), said_by(context, task)
    if not context.adapter(provider).takes_files or said["process_immediately"] != filters.YES:
        return
    mine = requests.keys_of(task.run, PROCESS)
    for sent in send_files(context, provider, until=context.clock.now(), only=mine):
        for counts, said_of_it in process_files.told(context, provider, sent):
            yield replace(counts, examined=0), said_of_it  # these are its entries


JOB = Job(count, units, send_entry, foresee, prepare, together=25, conclude=conclude)
