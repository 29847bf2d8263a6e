"""Windows of time, on the wire and in a memory: two instants in UTC, to the second, the end after the start."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from simulators.kit.xml import BreachError

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Window = tuple[Instant, Instant]


def instant(at: datetime) -> str:
    """A point in time as it stands on the wire."""
    return at.isoformat().replace("+00:00", "Z")


def span(window: Window | None) -> str:
    """A window as one word; nothing for a right without an end."""
    return "/".join(map(instant, window or ()))


def odd(at: datetime) -> bool:
    """Whether an instant is one that no wire could have brought."""
    return bool(at.utcoffset()) or at.microsecond > 0


def check(window: Window | None) -> None:
    """Raise ValueError for a window that no wire could have brought."""
    if window and (window[1] <= window[0] or any(map(odd, window))):
        raise ValueError("a window has two instants in UTC, to the second, the end after the start")


def window_of(given: Mapping[str, str], path: str) -> Window | None:
    """The window in an element's attributes, if there is one. Raises BreachError."""
    ends = [_read(given[name], f"{path}/@{name}") for name in ("start", "end") if name in given]
    if not ends:
        return None
    if len(ends) == 1:
        raise BreachError(path, "start and end come together, or neither does")
    start, end = ends
    if end <= start:
        raise BreachError(f"{path}/@end", "the end is not after the start")
    return start, end


def _read(text: str, path: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:  # midnight as 24:00:00 is a date-time to the schema
        raise BreachError(path, f"{text} is no instant: {error}") from error
