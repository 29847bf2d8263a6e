"""What stands before the cards of a file, line by line: a table for each kind, and how each value is read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from simulators.conax import payload
from simulators.conax.codes import EMM, NONE, PAIRING, TEXT_MESSAGE, Code, Kind, Priority

_MINUTE = "%Y%m%d%H%M"
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")


class Line(NamedTuple):
    """One line: what it is called (nothing: it is always the same), the code if it is wrong, how it is read."""

    name: str
    code: Code
    read: Callable[[str], Any]  # raises ValueError with a sentence


def minute(text: str) -> datetime:
    """A minute as files have it, in UTC. Raises ValueError."""
    try:
        if _TWELVE_DIGITS.fullmatch(text):
            return datetime.strptime(text, _MINUTE).replace(tzinfo=UTC)
    except ValueError:
        pass  # twelve digits, and no date
    raise ValueError("it must be a date, YYYYMMDDhhmm")


def _literal(wanted: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text != wanted:
            raise ValueError(f"it must be {wanted}")
        return text

    return read


def _digits(pattern: str, said: str) -> Callable[[str], str]:
    whole = re.compile(pattern)

    def read(text: str) -> str:
        if not whole.fullmatch(text):
            raise ValueError(f"it must be {said}")
        return text

    return read


def _priority(text: str) -> Priority:
    if text not in set(Priority):
        raise ValueError(f"it must be {' or '.join(Priority)}")
    return Priority(text)


def _count(wanted: int | None = None) -> Callable[[str], int]:
    digits = _digits(r"[0-9]{5,6}", "5 or 6 digits")

    def read(text: str) -> int:
        count = int(digits(text))
        if count == 0 or wanted not in {None, count}:
            raise ValueError(f"it must be {wanted or 'at least 1'}")
        return count

    return read


# fmt: off
MODE        = Line("",            Code.ERR_CAMODE,     _literal(NONE))
TRANSACTION = Line("transaction", Code.ERR_TRANSNUM,   _digits(r"[0-9]{6}", "6 digits"))
PRODUCT     = Line("product",     Code.ERR_PRODUCT,    _digits(r"[0-9]{8}", "8 digits"))
PAIR        = Line("",            Code.ERR_PRODUCT,    _literal(PAIRING))
TEXT        = Line("",            Code.ERR_PRODUCT,    _literal(TEXT_MESSAGE))
NO_PRODUCT  = Line("",            Code.ERR_PRODUCT,    _literal(NONE))
START       = Line("start",       Code.ERR_DATES,      minute)
END         = Line("end",         Code.ERR_DATES,      minute)
NO_DATE     = Line("",            Code.ERR_DATES,      _literal(NONE))
PAYLOAD     = Line("message",     Code.ERR_DATES,      payload.read)
PRIORITY    = Line("priority",    Code.ERR_PRIORITY,   _priority)
NO_PRIORITY = Line("",            Code.ERR_PRIORITY,   _literal(NONE))
NOTHING     = Line("",            Code.ERR_CAMODE,     _literal(NONE))
LITERAL_EMM = Line("",            Code.ERR_CAMODE,     _literal(EMM))
COUNT       = Line("count",       Code.ERR_NUMOFCARDS, _count())
TWO         = Line("count",       Code.ERR_NUMOFCARDS, _count(2))

_SUBSCRIPTIONS = (MODE, TRANSACTION, PRODUCT, START, END, PRIORITY, LITERAL_EMM, NOTHING, COUNT)
HEADS = {
    # the lines of a file, in their order
    Kind.SUBSCRIBE: _SUBSCRIPTIONS,
    Kind.CANCEL:    _SUBSCRIPTIONS,
    Kind.STATUS:    (MODE, TRANSACTION, NO_PRODUCT, NO_DATE, NO_DATE, NO_PRIORITY, LITERAL_EMM, NOTHING, COUNT),
    Kind.PAIR:      (MODE, TRANSACTION, PAIR, NO_DATE, NO_DATE, PRIORITY, LITERAL_EMM, NOTHING, TWO),
    Kind.MESSAGE:   (MODE, TRANSACTION, TEXT, PAYLOAD, NO_DATE, NO_PRIORITY, NOTHING, NOTHING, LITERAL_EMM, COUNT),
}
# fmt: on
