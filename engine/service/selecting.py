"""Which subscriptions are meant, as filters say it: created_from, created_to, subscription_types."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from engine.domain.effects.ground import utc
from engine.domain.errors import InvalidError
from engine.store.selection import Selection

FROM, TO, TYPES = "created_from", "created_to", "subscription_types"
NAMES = (FROM, TO, TYPES)
WANTED = "a day such as 2030-01-31 or a moment such as 2030-01-31T20:00:00Z"


def selection(said: Mapping[str, str], where: str = "") -> Selection:
    """Those that the filters mean; others than these are not looked at. Raises InvalidError with the field.

    A day is meant as it is in UTC, to its end where it is the last one; a moment is not meant itself where it is that.
    """
    types = tuple(filter(None, (one.strip() for one in said.get(TYPES, "").split(","))))
    if TYPES in said and not types:
        raise InvalidError(f"{where}{TYPES}: found nothing; wanted: types, with commas between.", field=where + TYPES)
    first, last = moment(said, FROM, where), moment(said, TO, where, whole_day=True)
    if first and last and first >= last:
        found = f"found {said[TO]!r}, which is not after {said[FROM]!r}"
        raise InvalidError(f"{where}{TO}: {found}; wanted: later than {FROM}.", field=where + TO)
    return Selection(first, last, types)


def moment(said: Mapping[str, str], name: str, where: str, *, whole_day: bool = False) -> datetime | None:
    """A moment in UTC; a day is its beginning, or its end. Raises InvalidError."""
    if name not in said:
        return None
    try:
        if len(said[name]) == len("2030-01-31"):
            midnight = datetime.combine(date.fromisoformat(said[name]), datetime.min.time(), UTC)
            return midnight + timedelta(days=int(whole_day))
        return utc(datetime.fromisoformat(said[name]), where + name)
    except (ValueError, OverflowError) as error:
        path = where + name
        raise InvalidError(f"{path}: found {said[name]!r}; wanted: {WANTED}.", field=path) from error
