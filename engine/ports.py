"""What the engine asks of an adapter, of a transport and of a clock: the seams, each with two implementations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.domain.actions import Action
from engine.domain.errors import NotAllowedError
from engine.domain.keeping import ON_ACCOUNTS, Keeping
from engine.domain.provider import Provider, Timeouts
from engine.domain.request import Effect, Verdict
from engine.domain.rights import Gap, Kind

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of a platform's request table.

    `trigger_logic` yields the parameters of each request that the gap calls for; `triggered_by` are the actions that
    may cause it, `asked_by` the utilities and runs that do; `on_completed` is what the platform holds more or less when
    it has said yes; `repeatable` says whether the command may be sent again when it isn't known if the platform acted.

    `device` is the parameter that names the device which it is about, `needs_device` whether the platform must hold
    that; `so_already` are the platform's codes that say that it is as was asked for; `secrets` are parameters that
    nobody is shown. `mark` says where the request is from: the platform's manual (D), or our decision (O); `D, name O`
    where the manual says what can be asked for, and we how that is called.
    """

    request: str
    trigger_logic: Callable[[Gap], Iterable[Parameters]]
    triggered_by: frozenset[Action]
    on_completed: Effect
    repeatable: bool
    needs_account: bool = True
    device: str = ""
    needs_device: bool = False
    asked_by: tuple[str, ...] = ()
    so_already: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    mark: str = "D"


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


def nothing_else(_value: str) -> str:
    """Any text will do."""
    return ""


@dataclass(frozen=True)
class ConnectionParameter:
    """One thing that a provider is configured with: whether it must be, is secret, or is a whole number.

    `wanted(value)` says what is wanted instead of a value that can't be used; nothing where it can.
    """

    mandatory: bool = False
    secret: bool = False
    whole_number: bool = False
    wanted: Callable[[str], str] = nothing_else


def unsigned(_provider: Provider, message: Message, _now: datetime) -> Message:
    """Nothing is signed for such a platform."""
    return message


def no_orders(provider: Provider, _account: str, _now: datetime) -> str:
    """Nobody orders at such a platform."""
    raise NotAllowedError(f"{provider.protocol} takes no orders.")


@dataclass(frozen=True)
class Utility:
    """What may be asked of a platform for one device, and makes one request there.

    `parameters(provider, device, said)` are those of the request, out of what was said by the names of `fields`, each
    with the words that it may say (none: any text); it raises InvalidError, which names the field. `to_all`: it may be
    for all devices too; these are no device ("").
    """

    request: str
    parameters: Callable[[Provider, str, Mapping[str, Any]], Parameters]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    to_all: bool = False


@dataclass(frozen=True)
class Adapter:
    """One platform's words. Pure: no I/O, no store, no clock.

    `table` holds its requests in the order of sending; `connection_parameters` what a provider of this protocol is
    configured with, `address` being the one that says where the platform is; `keeping` how the platform keeps what
    subscriptions have, and `words` how it calls that; `pack(provider, request type, reference, parameters)` puts a
    request in the platform's form, and `sign(provider, message, now)` signs it, anew for each attempt;
    `judge(reply, reference)` says what the answer to it means.

    `inquire(provider, account, reference)` asks the platform for an account, which changes nothing there; the answer is
    judged as that to a request is. `credentials_hold(reply, reference)` says whether the answer shows that they do;
    None where it does not say. `only_one_provider`: the platform takes one from us, and no more.

    `utilities` are what agents and runs may ask of the platform, by name: send_message, set_pin, reset_pin, query,
    reauthorise_sector.

    `ours` are capabilities that the engine offers and the platform's manual does not speak of, by the names of the
    table of capabilities.

    `subscriber_token(provider, account, now)` makes what a subscriber shows when he orders at a platform that
    `takes_orders`; it raises NotAllowedError where the provider lacks what that takes.
    """

    table: tuple[Row, ...]
    connection_parameters: Mapping[str, ConnectionParameter]
    pack: Callable[[Provider, str, str, Parameters], Message]
    judge: Callable[[Reply, str], Verdict]
    inquire: Callable[[Provider, str, str], Message]
    credentials_hold: Callable[[Reply, str], bool | None]
    words: Mapping[Kind, str]
    keeping: Keeping = ON_ACCOUNTS
    sign: Callable[[Provider, Message, datetime], Message] = unsigned
    only_one_provider: bool = False
    address: str = "end_point"
    ours: frozenset[str] = frozenset()
    utilities: Mapping[str, Utility] = field(default_factory=dict)
    subscriber_token: Callable[[Provider, str, datetime], str] = no_orders

    @property
    def takes_orders(self) -> bool:
        """Whether subscribers order at such a platform."""
        return self.subscriber_token is not no_orders

    def row(self, request_type: str) -> Row:
        """The row of this request type."""
        return next(row for row in self.table if row.request == request_type)


class Transport(Protocol):
    """Bytes out, bytes in. Blind to what they say."""

    def send(self, message: Message, timeouts: Timeouts) -> Reply | Failure:
        """The platform's answer, or why there is none. Never raises for what happens on the way."""

    def close(self) -> None:
        """Let go of what is open."""


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """The present moment, UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
