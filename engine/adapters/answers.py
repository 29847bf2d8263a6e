"""What is the same in the answers of all platforms: what HTTP says by its status, ids, windows."""

from collections import Counter
from datetime import UTC, datetime

from engine.domain.request import Meaning, Verdict
from engine.domain.subscription import Window
from engine.ports import Reply

BUSY = 503
SERVER_ERRORS = 500


def by_status(reply: Reply, readable: frozenset[int]) -> Verdict | None:
    """The meaning of an answer that has no other words; nothing for one of the statuses whose bodies can be read."""
    if reply.status == BUSY:
        return Verdict(Meaning.NOT_SENT, "BUSY", f"HTTP {reply.status} {reply.reason}")
    if reply.status in readable:
        return None
    if reply.status < SERVER_ERRORS:
        return Verdict(Meaning.TURNED_AWAY, str(reply.status), reply.reason)
    return unreadable(f"HTTP {reply.status} {reply.reason}")


def unreadable(why: str) -> Verdict:
    """An answer that does not say whether the platform acted."""
    return Verdict(Meaning.IN_DOUBT, "UNREADABLE_REPLY", why)


def once(ids: list[str]) -> list[str]:
    """These ids, of which none comes twice. Raises ValueError, with a sentence."""
    for one, times in Counter(ids).items():
        if times > 1:
            raise ValueError(f"{one!r} comes {times} times; wanted: once")
    return ids


def window(start: str, end: str = "") -> Window:
    """A window as it is written in an answer: two moments with offsets. Raises ValueError, with a sentence."""
    try:
        moments = [datetime.fromisoformat(moment) for moment in (start, end)]
    except ValueError as error:
        raise ValueError(f"found a window {start!r} to {end!r}; wanted: two moments") from error
    if any(moment.tzinfo is None for moment in moments):
        raise ValueError(f"found a window {start!r} to {end!r}; wanted: moments with offsets")
    try:
        begins, ends = (moment.astimezone(UTC) for moment in moments)
    except OverflowError as error:
        raise ValueError(f"found a window {start!r} to {end!r}; wanted: moments in years 1 to 9999") from error
    return Window(begins, ends)
