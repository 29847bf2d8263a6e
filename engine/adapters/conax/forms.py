"""The lines of Conax's files, as its table has them: one value a line, blanks to be filled in."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from engine.domain.request import Priority

LINE_END = "\r\n"
LAST_LINE = "ZZZ"
WIRE_DIGITS = 11
"""Of the 12 digits of a card or an STB: the last one is a check digit, and stays away."""

# fmt: off
DATES = ("{start:%Y%m%d%H%M}", "{end:%Y%m%d%H%M}")
SUBSCRIPTIONS = ("U", "{number:06d}", "{product:0>8}", *DATES, "{priority}", "EMM", "U", "{count:05d}")
STATUS        = ("U", "{number:06d}", "U", "U", "U", "U", "EMM", "U", "{count:05d}")
PAIRING       = ("U", "{number:06d}", "00000001", "U", "U", "{priority}", "EMM", "U", "00002")
MESSAGE       = ("U", "{number:06d}", "00000002", "{payload}", "U", "U", "U", "U", "EMM", "{count:05d}")
# fmt: on


def card(place: str, _ca_id: str) -> str:
    """A card."""
    return f"{place[:WIRE_DIGITS]}{LINE_END}"


def pair(place: str, ca_id: str) -> str:
    """A card, and the STB with which it is a pair."""
    return f"S{place[:WIRE_DIGITS]}{LINE_END}V{ca_id[:WIRE_DIGITS]}{LINE_END}"


class Form(NamedTuple):
    """One type of file: the letters of its name, the lines before its records, how each of these is written."""

    letters: str
    head: tuple[str, ...]
    record: Callable[[str, str], str] = card
    lines_of_a_record: int = 1


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "CANCEL_SUBSCRIPTIONS": Form("cs", SUBSCRIPTIONS),
        "CREATE_PAIRING": Form("vp", PAIRING, pair, 2),
        "RENEW_SUBSCRIPTIONS": Form("ps", SUBSCRIPTIONS),
        "ADD_SUBSCRIPTIONS": Form("ps", SUBSCRIPTIONS),
        "SEND_MAIL_MESSAGE_TO_CLIENT": Form("gp", MESSAGE),
        "SEND_BARK_MESSAGE_TO_CLIENT": Form("gp", MESSAGE),
        "QUERY_STATUS": Form("sc", STATUS),
    }
)
PRIORITIES: Mapping[Priority, str] = MappingProxyType({Priority.REGULAR: "U", Priority.EXPRESS: "01"})
