"""What agents and runs may ask of Irdeto for a box: each makes one request, checked before it is kept."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args

from engine.adapters.irdeto import texts
from engine.adapters.irdeto.connection import default_pin, four_digits
from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from engine.ports import Parameters, Utility

Word = TypeVar("Word", bound=str)
ALL = "ALL"
"""Stands for all boxes, in a message."""
MessageType = Literal["MAIL", "MESSAGE"]
QueryKind = Literal[
    "PAIRING",
    "ENTITLEMENTS",
    "BASIC",
    "SECURITY",
    "ANCHORING",
    "TMS_ATTRIBUTE",
    "SECTOR",
    "PVR",
    "DEVICE_DOMAIN",
]
KINDS: tuple[QueryKind, ...] = get_args(QueryKind)
MESSAGE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"message_type": get_args(MessageType), "text_mode": tuple(texts.MODES), "text": ()}
)


def message(_provider: Provider, device: str, said: Mapping[str, Any]) -> Parameters:
    """A text to the mailbox (MAIL) or onto the screen (MESSAGE); in ANSI, unless another mode is said."""
    if device == ALL:
        raise InvalidError(f"device: found {ALL!r}; wanted: one device, for {ALL} is all of them.", field="device")
    type_ = one_of("message_type", said.get("message_type"), get_args(MessageType))
    mode = one_of("text_mode", said.get("text_mode") or "ANSI", texts.MODES)
    text = str(said.get("text") or "")
    texts.on_the_wire(mode, text)
    return {"secure_client": device or ALL, "type": type_, "text_mode": mode, "text": text}


def new_pin(_provider: Provider, device: str, said: Mapping[str, Any]) -> Parameters:
    """The PIN that is said. It is never repeated."""
    pin = str(said.get("new_pin") or "")
    if four_digits(pin):
        raise InvalidError(f"new_pin: found something else; wanted: {four_digits(pin)}.", field="new_pin")
    return {"secure_client": device, "pin": pin}


def pin_again(provider: Provider, device: str, _said: Mapping[str, Any]) -> Parameters:
    """The PIN to which boxes of this provider go back."""
    return {"secure_client": device, "pin": default_pin(provider.connection)}


def query(_provider: Provider, device: str, said: Mapping[str, Any]) -> Parameters:
    """The kinds that are said, each once; all of them, where none is said."""
    kinds = dict.fromkeys(one_of("kinds", kind, KINDS) for kind in said.get("kinds") or KINDS)
    return {"secure_client": device, "kinds": list(kinds)}


def device_alone(_provider: Provider, device: str, _said: Mapping[str, Any]) -> Parameters:
    """Nothing more than which box."""
    return {"secure_client": device}


def one_of(field: str, found: Any, wanted: Iterable[Word]) -> Word:
    """The value, if it is among these. Raises InvalidError."""
    names = tuple(wanted)
    if found not in names:
        raise InvalidError(f"{field}: found {found!a}; wanted: one of {', '.join(names)}.", field=field)
    return names[names.index(found)]


UTILITIES: Mapping[str, Utility] = MappingProxyType(
    {
        "send_message": Utility("SEND_MESSAGE", message, MESSAGE, to_all=True),
        "set_pin": Utility("SET_PIN", new_pin, {"new_pin": ()}),
        "reset_pin": Utility("RESET_PIN", pin_again),
        "query": Utility("QUERY_SECURE_CLIENT", query, {"kinds": KINDS}),
        "reauthorise_sector": Utility("REAUTHORISE_SECTOR", device_alone),
    }
)
