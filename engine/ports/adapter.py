"""What the engine asks of an adapter: one platform's words, as values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.actions import Action
from engine.domain.errors import NotAllowedError
from engine.domain.gap import Gap, Part
from engine.domain.keeping import ON_ACCOUNTS, Keeping, Role
from engine.domain.provider import Provider
from engine.domain.request import Effect
from engine.domain.rights import Kind
from engine.ports.calls import Calls, Parameters
from engine.ports.files import Files


@dataclass(frozen=True)
class Row:
    """One row of a platform's request table.

    `trigger_logic` yields the parameters of each request that the gap calls for; `triggered_by` are the actions that
    may cause it, `asked_by` the utilities and runs that do; `on_completed` is what the platform holds more or less when
    it has said yes; `repeatable` says whether the command may be sent again when it isn't known if the platform acted.

    `device` is the parameter that names the device which it is about, `needs_device` whether the platform must hold
    that (nobody else have it, where it is sent in a file); `so_already` are the platform's codes that say
    that it is as was asked for; `secrets` are parameters that nobody is shown. `mark` says where the request is from:
    the platform's manual (D), or our decision (O); `D, name O` where the manual says what can be asked for, and we how
    that is called.

    `part` is the part of the gap at which the trigger logic looks, where a run asks it of all subscriptions at once:
    then it yields the place and the id that `on_completed` names, and the distributor, of each thing in that part.
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
    part: Part | None = None


def nothing_else(_value: str) -> str:
    """Any text will do."""
    return ""


@dataclass(frozen=True)
class ProviderParameter:
    """One thing that a provider is configured with: whether it must be, is secret, is a whole number, or true or false.

    `wanted(value)` says what is wanted instead of a value that can't be used; nothing where it can.
    """

    mandatory: bool = False
    secret: bool = False
    whole_number: bool = False
    truth: bool = False
    wanted: Callable[[str], str] = nothing_else


def as_end_point(url: str) -> Mapping[str, str]:
    """The platform is where its end point says."""
    return {"end_point": url}


def any_device(_role: Role, _ca_id: str) -> str:
    """Any id will do."""
    return ""


def no_warnings(_provider: Provider) -> Iterable[str]:
    """Whatever is allowed is well."""
    return ()


def no_orders(provider: Provider, _account: str, _now: datetime) -> str:
    """Nobody orders at such a platform."""
    raise NotAllowedError(f"{provider.protocol} takes no orders.")


@dataclass(frozen=True)
class Utility:
    """What may be asked of a platform for one device, and makes one request there.

    `parameters(provider, device, said)` are those of the request, out of what was said by the names of `fields`, each
    with the words that it may say (none: any text); it raises InvalidError, which names the field. `to_all`: it may be
    for all devices too; these are no device (""). `by_type`: requests of another type, by the `message_type` said.
    """

    request: str
    parameters: Callable[[Provider, str, Mapping[str, Any]], Parameters]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    to_all: bool = False
    by_type: Mapping[str, str] = field(default_factory=dict)

    def request_for(self, said: Mapping[str, Any]) -> str:
        """The type of the request that is made of what was said."""
        return self.by_type.get(said.get("message_type", ""), self.request)


@dataclass(frozen=True)
class Adapter:
    """One platform's words. Pure: no I/O, no store, no clock.

    `table` holds its requests in the order of sending; `line` how they get there: the platform is called, or takes
    files. `connection_parameters` and `operation_parameters` are what a provider of this protocol is configured with,
    `reached_at(URL)` those of the first that say where the platform is; `warnings(provider)` are sentences about what
    is allowed and hardly meant. `keeping` is how the platform keeps what subscriptions have, and `words` how it calls
    that.
    `only_one_provider`: the platform takes one from us, and no more.

    `unfit_service(CA ID)` and `unfit_device(role, CA ID)` say what is wanted instead of an id that the platform could
    not read; nothing where it can. `service_there(CA ID)` is by what the platform tells one service from another.

    `utilities` are what agents and runs may ask of the platform, by name: send_message, set_pin, reset_pin, query,
    reauthorise_sector, pair.

    `ours` are capabilities that the engine offers and the platform's manual does not speak of, by the names of the
    table of capabilities.

    `subscriber_token(provider, account, now)` makes what a subscriber shows when he orders at a platform that
    `takes_orders`; it raises NotAllowedError where the provider lacks what that takes.
    """

    table: tuple[Row, ...]
    line: Calls | Files
    connection_parameters: Mapping[str, ProviderParameter]
    words: Mapping[Kind, str]
    keeping: Keeping = ON_ACCOUNTS
    operation_parameters: Mapping[str, ProviderParameter] = field(default_factory=dict)
    warnings: Callable[[Provider], Iterable[str]] = no_warnings
    only_one_provider: bool = False
    reached_at: Callable[[str], Mapping[str, str]] = as_end_point
    unfit_service: Callable[[str], str] = nothing_else
    unfit_device: Callable[[Role, str], str] = any_device
    service_there: Callable[[str], str] = str
    ours: frozenset[str] = frozenset()
    utilities: Mapping[str, Utility] = field(default_factory=dict)
    subscriber_token: Callable[[Provider, str, datetime], str] = no_orders

    @property
    def takes_files(self) -> bool:
        """Whether requests are sent to such a platform in files, and not in calls."""
        return isinstance(self.line, Files)

    @property
    def calls(self) -> Calls:
        """How such a platform is called. Raises TypeError for one that takes files: who calls it has not looked."""
        if not isinstance(self.line, Calls):
            raise TypeError("Such a platform takes files; it is not called.")
        return self.line

    @property
    def files(self) -> Files:
        """How such a platform takes files. Raises TypeError for one that is called."""
        if not isinstance(self.line, Files):
            raise TypeError("Such a platform is called; it takes no files.")
        return self.line

    @property
    def takes_orders(self) -> bool:
        """Whether subscribers order at such a platform."""
        return self.subscriber_token is not no_orders

    @property
    def changing(self) -> tuple[str, ...]:
        """The types of the requests that change what the platform holds."""
        return tuple(row.request for row in self.table if row.on_completed.changes_holdings)

    def about(self, request_type: str, parameters: Parameters) -> dict[str, str]:
        """What a request is about, by name, where it goes in a file; nothing, where it is a call."""
        return self.files.about(request_type, parameters)._asdict() if self.takes_files else {}

    def row(self, request_type: str) -> Row:
        """The row of this request type."""
        return next(row for row in self.table if row.request == request_type)
