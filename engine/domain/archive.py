"""Archives: what has ended and is old, moved out of the database into files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from engine.domain.errors import InvalidError

CREATED_TO, OLDER_THAN_DAYS = "created_to", "older_than_days"
MOST_DAYS = 36_500
A_DAY = timedelta(days=1)


class Contents(StrEnum):
    """What the records of an archive are."""

    REQUESTS = "requests"
    RUN_LOGS = "run_logs"


class ArchiveState(StrEnum):
    """How far an archive has come; users see what is KEPT. Before that the file is nobody's, and after it, too."""

    WRITING = "WRITING"
    KEPT = "KEPT"
    DELETING = "DELETING"


@dataclass(frozen=True)
class Archive:
    """A file of records, which were made from `first_date` to `last_date`; `size` in bytes, as it is compressed."""

    name: str
    contents: Contents
    run: int
    made_date: datetime
    records: int
    first_date: datetime
    last_date: datetime
    size: int
    sha256: str


def made_before(filters: Mapping[str, str], now: datetime) -> datetime:
    """The moment before which something was made, if these filters mean it. Raises InvalidError, which names one."""
    said = [name for name in (CREATED_TO, OLDER_THAN_DAYS) if name in filters]
    if len(said) != 1:
        wanted = f"exactly one of {CREATED_TO} and {OLDER_THAN_DAYS}"
        raise InvalidError(f"found {' and '.join(said) or 'neither'}; wanted: {wanted}.", field="")
    (name,) = said
    return READERS[name](filters[name], now)


def day_after(text: str, _now: datetime) -> datetime:
    """The end of a day, in UTC. Raises InvalidError."""
    try:
        return datetime.combine(date.fromisoformat(text) + A_DAY, time(), UTC)
    except (ValueError, OverflowError) as error:
        wanted = "a day such as 2030-01-31, which is included"
        raise InvalidError(f"found {text!r}; wanted: {wanted}.", field=CREATED_TO) from error


def days_ago(text: str, now: datetime) -> datetime:
    """So many times 24 hours ago. Raises InvalidError."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_DAYS)) and int(text) <= MOST_DAYS):
        raise InvalidError(f"found {text!r}; wanted: a whole number from 0 to {MOST_DAYS}.", field=OLDER_THAN_DAYS)
    return now - int(text) * A_DAY


READERS = {CREATED_TO: day_after, OLDER_THAN_DAYS: days_ago}
