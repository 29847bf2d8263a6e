"""The timetable: definitions with a schedule are submitted when they are due, by the engine's clock."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from engine.domain.errors import DomainError, InvalidError
from engine.domain.run import Definition
from engine.service import carry, runs
from engine.service.configured import refresh
from engine.service.context import Configuration, Context
from engine.service.joining import join_in
from engine.store import runs as store

EPOCH, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)  # the search backwards leaves out its own beginning
LOOK_EVERY_S = 1.0  # at the clock, which may be moved, and at the configuration, which may be loaded
log = logging.getLogger(__name__)


def check(schedule: str, field: str) -> None:
    """Refuse a schedule that is neither a moment with an offset nor five fields of cron. Raises InvalidError."""
    if schedule and moment(schedule) is None:
        try:
            CronSim(schedule, EPOCH)
        except CronSimError as error:
            wanted = "a moment such as 2030-01-31T20:00:00Z, or five fields of cron such as 0 3 * * *"
            raise InvalidError(f"{field}: found {schedule!r} ({error}); wanted: {wanted}.", field=field) from error


def moment(schedule: str) -> datetime | None:
    """The moment that the schedule names, where it is one for once."""
    try:
        found = datetime.fromisoformat(schedule)
    except ValueError:
        return None
    return found if found.tzinfo else None


def due(definition: Definition, after: datetime, now: datetime) -> datetime | None:
    """The last moment since `after` for which the definition is scheduled; nothing, where none has come.

    What was missed while no engine ran is made up for once, however often it was missed.
    """
    once = moment(definition.schedule)
    if once is not None:
        return once if after < once <= now else None
    latest = next(CronSim(definition.schedule, now.replace(second=0, microsecond=0) + A_MINUTE, reverse=True), None)
    return latest if latest and latest > after else None


def submit_due(context: Context) -> Iterator[str]:
    """Submit every effective definition that is due. Gives their codes; another engine may be faster."""
    refresh(context)
    now = context.clock.now()
    for definition in context.configuration.definitions.values():
        if not (definition.effective and definition.schedule):
            continue
        with context.database.transaction() as connection:
            after = store.last_due(connection, definition.code)
            found = due(definition, after, now) if after else None
            if found or after is None:
                store.note_due(connection, definition.code, found or now)
        if found:
            yield from submitted(context, definition.code)


def submitted(context: Context, code: str) -> Iterator[str]:
    """Start a run. One that can't be started is left out, and the log says why."""
    try:
        carry.start(context, runs.create(context, code).id)
    except DomainError as refusal:
        log.warning("%s was due and not submitted: %s", code, refusal.message)
    else:
        yield code


def keep(context: Context, stop: threading.Event) -> None:
    """Look at the timetable again and again until told to stop; where the database can't be reached, the next time."""
    known, nearest = None, NEVER
    while not stop.is_set():
        try:
            known, nearest = look(context, known, nearest)
        except Exception:
            log.exception("The timetable could not be looked at.")
        stop.wait(LOOK_EVERY_S)


def look(context: Context, known: Configuration | None, nearest: datetime) -> tuple[Configuration, datetime]:
    """Submit what is due, and join in where another engine has begun a run. Gives the configuration, and what is next.

    Between the moments of the timetable only another engine's run is looked for, and another configuration.
    """
    refresh(context)
    if context.configuration is not known or context.clock.now() >= nearest:
        known = context.configuration
        for code in submit_due(context):
            log.info("%s is due and was submitted.", code)
        nearest = next_moment(known, context.clock.now())
    join_in(context)
    return known, nearest


def next_moment(configuration: Configuration, now: datetime) -> datetime:
    """When something is due next."""
    schedules = (one.schedule for one in configuration.definitions.values() if one.effective and one.schedule)
    return min((following(schedule, now) for schedule in schedules), default=NEVER)


def following(schedule: str, now: datetime) -> datetime:
    """The next moment of a schedule."""
    once = moment(schedule)
    if once is not None:
        return once if once > now else NEVER
    return next(CronSim(schedule, now), NEVER)
