"""Conax's dates, all in UTC: periods of whole months, what is to be renewed, and how a message has its start."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

from engine.domain.file import Period

LAST_MINUTE = time(23, 59, tzinfo=UTC)
MIDNIGHT = time(0, 0, tzinfo=UTC)
MONTHS_OF_A_YEAR = 12
FIRST_PACKED_YEAR = 1990
YEARS_OF_A_DECADE = 10


def whole_minute(moment: datetime) -> datetime:
    """The minute in which a moment is."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def period(start: datetime, months: int) -> Period:
    """From a minute on until the last minute of the day that is so many months later."""
    begun = whole_minute(start)
    return Period(begun, datetime.combine(months_later(begun.date(), months), LAST_MINUTE))


def months_later(day: date, months: int) -> date:
    """The same day so many months later (or before: less than none); the last of that month, where it has no such day.

    After the last year that there is, the last day of that.
    """
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def renewed_before(now: datetime, months: int) -> datetime:
    """What was authorised before this moment was so on a day that is `months` ago, or more.

    On the last day of a month these are the last days of the earlier one, too: they have all come to this day.
    """
    today = now.astimezone(UTC).date()
    is_last = today.day == calendar.monthrange(today.year, today.month)[1]
    day = months_later(today, -months)
    if is_last:
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return datetime.combine(day + timedelta(days=1), MIDNIGHT)


def packed(moment: datetime) -> bytes:
    """A moment in four bytes: the decade since 1990 in 3 bits and the day in 5; year and month; hour; minute."""
    utc = moment.astimezone(UTC)
    decade, year = divmod(utc.year - FIRST_PACKED_YEAR, YEARS_OF_A_DECADE)
    return bytes([decade << 5 | utc.day, year << 4 | utc.month, utc.hour, utc.minute])
