"""Filing: requests are put in files. A file is on disk, with its name and its dates, before its first byte leaves."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from engine.domain.file import RequestFile, name_of
from engine.domain.provider import Provider
from engine.ports import Adapter, Record
from engine.service.context import Context
from engine.service.jobs import PAGE, persistently
from engine.store import communication, files, since
from engine.store import filing as store
from engine.store.filing import Chosen, Group, Keys, Rivals

LOST = "Another subscription has the device by now that this is for; not sent."


class Unsendable(NamedTuple):
    """A request that was rejected, since its record can't be in a file: whose it is, its type, the code, and why."""

    subscription: str
    type: str
    code: str
    reason: str


class Filed(NamedTuple):
    """A file that was made, if anything was left to be in it; and what was not."""

    file: RequestFile | None = None
    unsendable: tuple[Unsendable, ...] = ()


NOTHING = Filed()


@dataclass
class Queue:
    """What is to be filed for a provider, group by group: all that is due, or of that the requests with these keys.

    It comes to its end: what is made meanwhile for a group that has had its turn is for the next run.
    """

    context: Context
    provider: str
    until: datetime
    only: Keys | None = None
    _groups: deque[Group] = field(default_factory=deque)
    _last: Group | None = None
    _is_last_page: bool = False

    def is_empty(self) -> bool:
        """Whether no group is left. It may be that all requests of those that are left must wait."""
        while not self._groups and not self._is_last_page:
            with self.context.database.reading() as connection:
                asked = (connection, self.provider, self.until)
                found = store.groups(*asked, limit=PAGE, after=self._last, only=self.only)
            self._groups.extend(found)
            self._is_last_page = len(found) < PAGE
        return not self._groups

    def next(self, provider: Provider, taken: Collection[str]) -> Filed | None:
        """The next file, made, under a name that isn't `taken`; None, where nothing is left."""
        while not self.is_empty():
            self._last = self._groups[0]
            filed, is_full = persistently(lambda: make(self.context, provider, self, self._groups[0], taken))
            if not is_full:
                self._groups.popleft()
            if filed.file or filed.unsendable:
                return filed
        return None


def make(
    context: Context, provider: Provider, queue: Queue, group: Group, taken: Collection[str]
) -> tuple[Filed, bool]:
    """Make a file of what is due of a group, and reject what can't be in one. Says too whether there may be more."""
    adapter, now = context.adapter(provider), context.clock.now()
    most = adapter.files.most(provider, group.type)
    start, end = adapter.files.period(provider, group.type, group.detail, now) or (None, None)
    with context.database.transaction() as connection:
        made = files.make(connection, provider.code, period_start=start, period_end=end, made_date=now, **group.same)
        asked = (connection, provider.code, group)
        choice = partial(store.chosen, *asked, rivals(adapter, group.type), most=most, only=queue.only)
        records, more = fill(connection, made, choice, queue.until, again=store.are_again(*asked))
        unsendable = reject(context, connection, provider, made, group.type, records)
        left, is_full = len(records) - len(unsendable), more or len(records) == most
        if left:
            named = named_next(connection, adapter, provider, group.type, taken)
            files.change(connection, made, records=left, **named)
            return Filed(files.load(connection, made), unsendable), is_full
        files.discard(connection, made)
    return Filed(unsendable=unsendable), is_full


def fill(
    connection: Connection, file_id: int, choice: Callable[..., Chosen], until: datetime, *, again: bool
) -> tuple[dict[int, Record], bool]:
    """Put the chosen requests in a file. Says too whether these are only those that were in one before.

    Such have a file of their own: else whoever was refused with them, and is asked for again, would keep them waiting.
    """
    records = store.fill(connection, file_id, choice(again=True), until) if again else {}
    return (records, True) if records else (store.fill(connection, file_id, choice(), until), False)


def named_next(
    connection: Connection, adapter: Adapter, provider: Provider, request_type: str, taken: Collection[str]
) -> dict[str, Any]:
    """The next number, taken, and the name that a file of this type has by it."""
    letters = adapter.files.letters
    number = files.next_number(connection, provider.code, set(letters.values()), taken)
    return {"number": number, "name": name_of(letters[request_type], number)}


def renumber(context: Context, provider: Provider, file: RequestFile, taken: Collection[str]) -> RequestFile:
    """Give a file of which nothing has left yet another number, for a name that isn't `taken`."""
    with context.database.transaction() as connection:
        named = named_next(connection, context.adapter(provider), provider, file.type, taken)
        files.change(connection, file.id, **named)
    return replace(file, **named)


def rivals(adapter: Adapter, request_type: str) -> Rivals:
    """The requests about the same things that must not be overtaken by one of this type."""
    effect = adapter.row(request_type).on_completed
    alike = [row for row in adapter.table if effect.changes_holdings and row.on_completed.kind is effect.kind]
    if effect.alone:
        return Rivals(frozenset(row.request for row in alike), pairs=True)
    return Rivals(frozenset(row.request for row in alike if row.on_completed.gives is not effect.gives))


def reject(  # noqa: PLR0917 (all of them are wanted, and none stands for another)
    context: Context,
    connection: Connection,
    provider: Provider,
    file_id: int,
    request_type: str,
    records: Mapping[int, Record],
) -> tuple[Unsendable, ...]:
    """Reject what can't be in a file: no attempt could mend that, and it is to keep nobody waiting.

    Nor is anything given to a device, or shown on it, that is somebody else's by now.
    """
    adapter = context.adapter(provider)
    reasons = {
        key: (store.UNSENDABLE, f"found {' '.join(filter(None, record))}; wanted: {wanted}.")
        for key, record in records.items()
        if (wanted := adapter.files.unfit(request_type, record))
    }
    if adapter.row(request_type).needs_device:
        lost = store.somebody_elses(connection, provider.code, file_id)
        reasons |= dict.fromkeys(lost, (store.NO_DEVICE, LOST))
    if not reasons:
        return ()
    if adapter.row(request_type).on_completed.changes_holdings:
        since.reject(connection, provider.code, reasons)
    now, told = context.clock.now(), []
    for key, number, entry in store.reject(connection, reasons, now):
        told.append(Unsendable(number, request_type, *reasons[key]))
        if entry is not None:
            communication.settle(connection, entry, now)
        context.tally.ended(provider.code, request_type, "rejected")
    return tuple(told)
