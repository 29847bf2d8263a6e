"""Platforms that are called: each request is a message, and its answer comes at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.domain.audit import Told
from engine.domain.provider import Provider, Timeouts
from engine.domain.request import Verdict

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """Bytes for the platform, in a character set; with user name and password, where it wants them.

    Neither the password nor one of the other `secrets` may appear in anything that is stored; nor may a secret of a few
    characters where it stands as a word of its own: those are `secret_words`, since innocent texts hold them too.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    charset: str = "UTF-8"
    secrets: tuple[str, ...] = field(default=(), repr=False)
    secret_words: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Reply:
    """What the platform answered, as it came."""

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Failure:
    """Why there is no answer. `sent` says whether the platform may have got the request."""

    code: str
    description: str
    sent: bool


def unsigned(_provider: Provider, message: Message, _now: datetime) -> Message:
    """Nothing is signed for such a platform."""
    return message


@dataclass(frozen=True)
class Calls:
    """How a platform is called. Pure: no I/O, no store, no clock.

    `pack(provider, request type, reference, parameters)` puts a request in the platform's form, and
    `sign(provider, message, now)` signs it, anew for each attempt; `judge(reply, reference)` says what the answer to it
    means.

    `inquire(provider, account, reference)` asks the platform for an account, which changes nothing there; the answer is
    judged as that to a request is. `credentials_hold(reply, reference)` says whether the answer shows that they do;
    None where it does not say.

    `ask_all(provider, subject, reference)` asks what the platform holds, where `subject` is a subscription's number,
    or one of its devices if these are what it keeps things on; `holdings(reply, subscription, subject)` reads an answer
    that was judged as accepted. It raises ValueError, with a sentence, for one that does not say it all.
    """

    pack: Callable[[Provider, str, str, Parameters], Message]
    judge: Callable[[Reply, str], Verdict]
    inquire: Callable[[Provider, str, str], Message]
    credentials_hold: Callable[[Reply, str], bool | None]
    ask_all: Callable[[Provider, str, str], Message]
    holdings: Callable[[Reply, str, str], Told]
    sign: Callable[[Provider, Message, datetime], Message] = unsigned


class Transport(Protocol):
    """Bytes out, bytes in. Blind to what they say."""

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """The platform's answer, or why there is none. Never raises for what happens on the way."""

    def close(self) -> None:
        """Let go of what is open."""
