"""What becomes of a card's authorisation for a product when files come, and how it reads. Values, no memory.

An authorisation begins with its first minute and is over when the minute of its end begins.
"""

from datetime import datetime, time

from simulators.kit.windows import Window

LAST_MINUTE = time(23, 59)


def extended(old: Window | None, new: Window) -> Window | None:
    """The authorisation after another file for it: no gap where the new one begins within the old one.

    None for one that would end when it begins.
    """
    start, end = new
    if old and old[0] < start <= old[1]:
        start = old[0]
    if old == (start, end):
        return old
    return (start, end) if start < end else None


def cut(old: Window, cancelled: Window) -> Window | None:
    """What is left of an authorisation: nothing if it begins in the time that is cancelled."""
    start, end = cancelled
    if old[0] < start < old[1]:
        return old[0], start
    return None if start <= old[0] <= end else old


def line(product: str, window: Window, at: datetime) -> str:
    """The line of the holdings that an authorisation is; from when, only if it has not begun."""
    start, end = window
    begins = f" from {_told(start, time.min)}" if at < start else ""
    return f"product {product}{begins} until {_told(end, LAST_MINUTE)}"


def _told(at: datetime, usual: time) -> str:
    """A minute; the usual one of a day is the day."""
    return at.strftime("%Y-%m-%d" if at.time() == usual else "%Y-%m-%dT%H:%MZ")
