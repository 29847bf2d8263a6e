"""Who carries a run out has a lease on it, and renews it beside the work: a unit may take longer than one."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from engine.service.context import Context
from engine.store import runs as store
from engine.store.runs import Hold

LEASE = timedelta(minutes=5)  # how long nothing may be heard of an engine before its runs are free
RENEW_EVERY_S = 60.0
log = logging.getLogger(__name__)


class LostError(Exception):
    """A run that someone else has taken or given up, as nothing was heard of this engine for longer than a lease."""


@contextmanager
def held(context: Context, hold: Hold) -> Iterator[None]:
    """Renew the lease on a run until it is over."""
    context.running.holds.add(hold)
    try:
        with renewed(partial(renew, context, hold), RENEW_EVERY_S, f"lease-{hold.run}"):
            yield
    finally:
        context.running.holds.discard(hold)


@contextmanager
def renewed(once: Callable[[], None], every_s: float, name: str) -> Iterator[None]:
    """Renew again and again beside the work, in a thread of this name."""
    over = threading.Event()
    keeper = threading.Thread(target=keep, args=(once, every_s, over), name=name)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def keep(once: Callable[[], None], every_s: float, over: threading.Event) -> None:
    """Renew until it is over. Where the database can't be reached now, perhaps it can the next time."""
    while not over.wait(every_s):
        try:
            once()
        except Exception:
            log.exception("Not renewed: %s.", threading.current_thread().name)


def renew(context: Context, hold: Hold) -> None:
    """Renew a lease, if it is still there."""
    with context.database.transaction(durable=False) as connection:
        store.change(connection, hold, leased_until=context.clock.now() + LEASE)


def renew_all(context: Context) -> None:
    """Renew the leases on all that this engine carries out: its clock may have been put forward."""
    for hold in tuple(context.running.holds):
        renew(context, hold)
