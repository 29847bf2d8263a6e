"""A secure client: what it holds, line by line. A value, replaced and never changed."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from simulators.irdeto.codes import DEFAULT_PIN, MessageType, TextMode
from simulators.kit.windows import Instant, Window, check, odd, span

Id = Annotated[str, msgspec.Meta(pattern=r"^[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]{1,64}$(?!\n)")]
Count = Annotated[int, msgspec.Meta(ge=0)]
FOUR_DIGITS = re.compile(r"[0-9]{4}")
MOST_MESSAGES = 100  # of one device; the oldest go


class Entitlement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A right to a CA ID, for good or in a window."""

    window: Window | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a window that no request could have given."""
        check(self.window)

    def held(self, at: datetime) -> bool:
        """Whether it still is one. A window that hasn't begun counts: the right has been given."""
        return self.window is None or at < self.window[1]


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text in the mailbox or on the screen; `copy` tells it from the same text before."""

    type: MessageType
    mode: TextMode
    text: str  # as it reads
    copy: Annotated[int, msgspec.Meta(ge=1)] = 1

    @property
    def reads(self) -> tuple[MessageType, bool, str]:
        """How it reads where it came: alike in every mode but RAW, which nobody here can read."""
        return self.type, self.mode is TextMode.RAW, self.text

    @property
    def line(self) -> str:
        """The line of the holdings that it is: one line, whatever is in it."""
        text = self.text if self.mode is TextMode.RAW else msgspec.json.encode(self.text).decode()
        mode = "raw " if self.mode is TextMode.RAW else ""
        return f"{self.type.lower()} {mode}{text}{_again(self.copy)}"


class Pin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The PIN of a device: as it came, set, or gone back to a default; `change` counts within the last of these."""

    digits: str = DEFAULT_PIN
    how: Literal["", "set", "reset"] = ""
    change: Count = 0

    def __post_init__(self) -> None:
        """Raise ValueError for what is no PIN. The PIN is not in it."""
        if not FOUR_DIGITS.fullmatch(self.digits) or bool(self.how) is not bool(self.change):
            raise ValueError("a PIN has four digits, and a count of changes if it has been set or reset")

    def changed(self, digits: str, how: Literal["set", "reset"]) -> "Pin":
        """The PIN after a change. The default of the platform's own is the PIN as it came."""
        if (digits, how) == (DEFAULT_PIN, "reset"):
            return Pin()
        if (digits, how) == (self.digits, self.how):
            return self
        return Pin(digits, how, self.change + 1 if how == self.how else 1)

    @property
    def line(self) -> str:
        """The line of the holdings that it is: never the PIN itself; nothing while it is as it came."""
        return f"pin {self.how}{_again(self.change)}" if self.how else ""


class SecureClient(msgspec.Struct, frozen=True, omit_defaults=True):
    """A device that gets the signals."""

    subscription: Id
    sector: Id
    registered: Instant
    smartcard: Id | None = None
    entitlements: dict[Id, Entitlement] = {}
    messages: tuple[Message, ...] = ()
    pin: Pin = Pin()
    reauthorised: Count = 0
    reauthorised_at: Instant | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for instants that no request could have come at."""
        if any(map(odd, filter(None, (self.registered, self.reauthorised_at)))):
            raise ValueError("a secure client is registered and reauthorised at instants in UTC, to the second")

    def entitled(self, at: datetime) -> dict[str, Entitlement]:
        """The entitlements that it holds at an instant, sorted."""
        return {id_: right for id_, right in sorted(self.entitlements.items()) if right.held(at)}

    def received(self, type_: MessageType, mode: TextMode, text: str) -> "SecureClient":
        """The same with one message more."""
        first = Message(type_, mode, text)
        before = [each.copy for each in self.messages if each.reads == first.reads]
        message = msgspec.structs.replace(first, copy=max(before, default=0) + 1)
        return msgspec.structs.replace(self, messages=(*self.messages, message)[-MOST_MESSAGES:])

    def without(self, things: Collection[str]) -> dict[str, Any]:
        """The card and the entitlements that are left when these are gone."""
        left = {ca_id: right for ca_id, right in self.entitlements.items() if ca_id not in things}
        return {"smartcard": None if self.smartcard in things else self.smartcard, "entitlements": left}

    def lines(self, id_: str, at: datetime) -> Iterator[str]:
        """What it holds at an instant."""
        yield f"client {id_} sector {self.sector}"
        if self.smartcard:
            yield f"paired {self.smartcard}"
        yield from (f"entitlement {ca_id} {span(right.window)}".rstrip() for ca_id, right in self.entitled(at).items())
        yield from (message.line for message in self.messages)
        if self.pin.line:
            yield self.pin.line
        if self.reauthorised:
            yield f"reauthorised {self.reauthorised}"


def _again(count: int) -> str:
    return f" ({count})" if count > 1 else ""
