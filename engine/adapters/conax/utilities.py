"""What agents and runs may ask of Conax for a card: each makes one request, checked before it is kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.adapters.conax.connection import encoding
from engine.adapters.conax.ids import device
from engine.adapters.conax.operations import whole
from engine.adapters.conax.payload import LONGEST_VALUE_BYTES, payload
from engine.domain.errors import InvalidError
from engine.domain.keeping import Role
from engine.domain.provider import Provider
from engine.ports import Parameters, Utility

MAIL, BARK = "SEND_MAIL_MESSAGE_TO_CLIENT", "SEND_BARK_MESSAGE_TO_CLIENT"
BY_TYPE: Mapping[str, str] = MappingProxyType({"MAIL": MAIL, "BARK": BARK})
LONGEST_TEXT: Mapping[str, int] = MappingProxyType({"MAIL": 141, "BARK": 129})
MOST_SEQUENCE, LONGEST_DURATION_S = 255, 65_535
DEFAULT_SEQUENCE, DEFAULT_DURATION_S = 255, 20
FIRST_PRINTABLE = " "
MESSAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"message_type": tuple(BY_TYPE), "text": (), "sequence": (), "duration": ()}
)

SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({"service": (), "start_date": ()})


def message(provider: Provider, card: str, said: Mapping[str, Any]) -> Parameters:
    """A text to the mailbox (MAIL) or onto the screen (BARK), where it stays for its duration in seconds."""
    type_ = said.get("message_type", "")
    if type_ not in BY_TYPE:
        raise InvalidError(f"message_type: found {type_!a}; wanted: one of {', '.join(BY_TYPE)}.", field="message_type")
    text = str(said.get("text") or "")
    in_bytes = encoded(text, type_, encoding(provider))
    sequence = number(said, "sequence", DEFAULT_SEQUENCE, MOST_SEQUENCE)
    if type_ == "MAIL" and said.get("duration") is not None:
        raise InvalidError(
            f"duration: found {said['duration']!r} with MAIL; wanted: none, it is for BARK.", field="duration"
        )
    duration = number(said, "duration", DEFAULT_DURATION_S, LONGEST_DURATION_S) if type_ == "BARK" else 0
    parameters = {"smartcard": fit(card, "device"), "text": text, "sequence": sequence}
    lasting = {"duration": duration} if duration else {}
    return parameters | lasting | {"payload": payload(in_bytes, sequence, duration)}


def query(_provider: Provider, card: str, _said: Mapping[str, Any]) -> Parameters:
    """Nothing more than which card."""
    return {"smartcard": fit(card, "device")}


def pair(_provider: Provider, card: str, said: Mapping[str, Any]) -> Parameters:
    """The STB with which the card is to be a pair, and on which distributor."""
    stb = fit(str(said.get("stb") or ""), "stb")
    return {"smartcard": fit(card, "device"), "stb": stb, "distributor": said.get("distributor", "")}


def subscription(_provider: Provider, card: str, said: Mapping[str, Any]) -> Parameters:
    """One service, for a distributor; with a start date not from the run's minute on, but from that moment."""
    service = {"service": str(said.get("service") or ""), "distributor": said.get("distributor", "")}
    start = {"start_date": said["start_date"]} if said.get("start_date") else {}
    return {"smartcard": fit(card, "device")} | service | start


def fit(ca_id: str, field: str) -> str:
    """The id, if a card or an STB can have it. Raises InvalidError."""
    instead = device(Role.ENTITLED, ca_id)
    if instead:
        raise InvalidError(f"{field}: found {ca_id!r}; wanted: {instead}.", field=field)
    return ca_id


def encoded(text: str, type_: str, charset: str) -> bytes:
    """The text in the provider's character encoding. Raises InvalidError where it is empty, too long, or not in it."""
    longest = LONGEST_TEXT[type_]
    if not 0 < len(text) <= longest:
        raise InvalidError(f"text: found {len(text)} characters; wanted: 1 to {longest} for {type_}.", field="text")
    for place, character in enumerate(text, start=1):
        if character < FIRST_PRINTABLE or not character.encode(charset, "ignore"):
            found = f"{character!a} in place {place}"
            raise InvalidError(f"text: found {found}; wanted: printable characters of {charset}.", field="text")
    found_bytes = text.encode(charset)
    if len(found_bytes) > LONGEST_VALUE_BYTES:
        found = f"{len(found_bytes)} bytes in {charset}"
        raise InvalidError(f"text: found {found}; wanted: at most {LONGEST_VALUE_BYTES}.", field="text")
    return found_bytes


def number(said: Mapping[str, Any], name: str, default: int, most: int) -> int:
    """A whole number from 1 on that was said, or what stands for none. Raises InvalidError."""
    found = said.get(name)
    if found is None:
        return default
    instead = whole(1, most)(str(found))
    if instead:
        raise InvalidError(f"{name}: found {found!r}; wanted: {instead}.", field=name)
    return int(found)


UTILITIES: Mapping[str, Utility] = MappingProxyType(
    {
        "send_message": Utility(MAIL, message, MESSAGE, by_type=BY_TYPE),
        "query": Utility("QUERY_STATUS", query),
        "pair": Utility("CREATE_PAIRING", pair, {"stb": ()}),
        "add_subscriptions": Utility("ADD_SUBSCRIPTIONS", subscription, SUBSCRIPTIONS),
        "cancel_subscriptions": Utility("CANCEL_SUBSCRIPTIONS", subscription, SUBSCRIPTIONS),
    }
)
