"""Tucano's memory, and what it refuses. No HTTP, no clock of its own, no faults.

Accounts are values, replaced and never changed: a copy of the memory is a copy of its dictionaries. Every method either
does all of what it is asked or raises RefusedError and has done nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self

import msgspec

from simulators.kit.refusal import RefusedError
from simulators.kit.windows import Instant, Window, check, odd, span
from simulators.tucano.codes import CODES, Code, OptionState

Id = Annotated[str, msgspec.Meta(pattern=r"^[^\s\x00-\x1f\ufffe\uffff]{1,64}$(?!\n)")]
Line = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\ufffe\uffff]{0,200}$(?!\n)")]
Content = Annotated[
    str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]{1,200}$(?!\n)")
]
FIRST_ACCOUNT = 100_001
MOST_REFERENCES = 100_000  # the oldest are forgotten, so that months of traffic fit


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The options that exist; and the materials in stock, where somebody counts them (None: any is welcome)."""

    options: frozenset[Id] = frozenset()
    materials: frozenset[Id] | None = None


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """An option that an account has, or once had."""

    suspended: bool = False
    window: Window | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a window that no command could have given."""
        check(self.window)

    def state(self, at: datetime) -> OptionState:
        """How it stands at an instant. A window that hasn't begun is active: the right has been given."""
        if self.suspended:
            return OptionState.SUSPENDED
        return OptionState.EXPIRED if self.window and self.window[1] <= at else OptionState.ACTIVE

    def held(self, id_: str) -> str:
        """The line of the holdings that this option is, while it is active."""
        return f"option {id_} {span(self.window)}".rstrip()


class Order(msgspec.Struct, frozen=True):
    """When a content was ordered."""

    at: Instant

    def __post_init__(self) -> None:
        """Raise ValueError for an instant that no order could have come at."""
        if odd(self.at):
            raise ValueError("an order comes at an instant in UTC, to the second")


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """A subscriber's account."""

    subscriber: Id
    profile: dict[str, Line] = {}
    materials: dict[Id, Line] = {}  # id to type
    options: dict[Id, Option] = {}
    orders: dict[Content, Order] = {}


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """An account as an answer shows it."""

    id: str
    subscriber: str = ""
    options: tuple[tuple[str, OptionState, Window | None], ...] | None = None
    materials: Mapping[str, str] | None = None
    orders: Mapping[str, datetime] = {}


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was answered: accepted, with an account where there is one to show, or refused with a code."""

    transaction: str
    code: str | None = None
    detail: str = ""
    account: View | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a code that is none of Tucano's."""
        if self.code is not None and self.code not in CODES:
            raise ValueError(f"there is no code {self.code!r}; there are {', '.join(CODES)}")


class Remembered(msgspec.Struct, frozen=True):
    """The first answer to a reference, and the fingerprint of the body it was given to."""

    fingerprint: str
    answer: Answer


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """The whole memory as a document."""

    catalogue: Catalogue = Catalogue()
    accounts: dict[Id, Account] = {}
    answers: dict[Id, Remembered] = {}
    next_account: int = FIRST_ACCOUNT
    next_transaction: int = 1


class State:
    """Tucano's memory."""

    def __init__(self, memory: Memory) -> None:
        """Raise ValueError when two accounts claim one subscriber or one material."""
        self.catalogue = memory.catalogue
        self._accounts = memory.accounts
        self._answers = OrderedDict(memory.answers)
        self._next_account = memory.next_account
        self._next_transaction = memory.next_transaction
        self._account_of = _index("subscriber", ((a.subscriber, id_) for id_, a in memory.accounts.items()))
        self._holder_of = _index("material", ((m, id_) for id_, a in memory.accounts.items() for m in a.materials))

    def once(self, reference: str, fingerprint: str, act: Callable[[], View | None]) -> Answer:
        """Act on a reference's first coming and answer; on every later one with the same body, only answer, alike."""
        first = self._answers.get(reference)
        if first is None:
            answer = self.attempt(act)
            self._answers[reference] = Remembered(fingerprint, answer)
            if len(self._answers) > MOST_REFERENCES:
                self._answers.popitem(last=False)
            return answer
        if first.fingerprint != fingerprint:
            return self.refusal(Code.REFERENCE_REUSED, reference)
        return first.answer

    def attempt(self, act: Callable[[], View | None]) -> Answer:
        """Act and answer, every time."""
        transaction = self._transaction()
        try:
            return Answer(transaction, account=act())
        except RefusedError as refused:
            return Answer(transaction, refused.code, refused.detail)

    def refusal(self, code: str, detail: str) -> Answer:
        """Refuse what can't be booked under a reference."""
        return Answer(self._transaction(), code, detail)

    def create_account(self, subscriber: str, profile: dict[str, str]) -> View:
        """Open an account for a subscriber who has none."""
        if subscriber in self._account_of:
            raise RefusedError(Code.ACCOUNT_EXISTS, self._account_of[subscriber])
        while (id_ := f"T{self._next_account}") in self._accounts:  # a loaded memory may hold any account
            self._next_account += 1
        self._next_account += 1
        self._accounts[id_] = Account(subscriber, profile)
        self._account_of[subscriber] = id_
        return View(id_)

    def add_material(self, account: str, material: str, type_: str) -> None:
        """Register a material to an account; one that is there already stays as it is."""
        held = self._account(account)
        if self._holder_of.get(material, account) != account:
            raise RefusedError(Code.MATERIAL_IN_USE, material)
        if self.catalogue.materials is not None and material not in self.catalogue.materials:
            raise RefusedError(Code.UNKNOWN_MATERIAL, material)
        if material not in held.materials:
            self._holder_of[material] = account
            self._put(account, held, materials={**held.materials, material: type_})

    def remove_material(self, account: str, material: str) -> None:
        """Take a material off an account; one that isn't there is off already."""
        held = self._account(account)
        if material in held.materials:
            del self._holder_of[material]
            left = {id_: type_ for id_, type_ in held.materials.items() if id_ != material}
            self._put(account, held, materials=left)

    def activate_options(self, account: str, options: Mapping[str, Window | None]) -> None:
        """Activate all of them or none; the window given last is the one that counts."""
        held = self._account(account)
        self._known(options)
        activated = {id_: Option(window=window) for id_, window in options.items()}
        self._put(account, held, options={**held.options, **activated})

    def suspend_options(self, account: str, options: Iterable[str], at: datetime) -> None:
        """Suspend all of them or none; what isn't active stays as it is."""
        held = self._account(account)
        self._known(options)
        active = {id_: held.options[id_] for id_ in options if id_ in held.options}
        suspended = {
            id_: msgspec.structs.replace(option, suspended=True)
            for id_, option in active.items()
            if option.state(at) is OptionState.ACTIVE
        }
        self._put(account, held, options={**held.options, **suspended})

    def order(self, account: str, content: str, at: datetime) -> View:
        """Order a content, and show it with the moment; one that has been ordered stays as it is, with its own."""
        held = self._account(account)
        if content not in held.orders:
            held = self._put(account, held, orders={**held.orders, content: Order(at.replace(microsecond=0))})
        return View(account, orders={content: held.orders[content].at})

    def view(self, account: str, at: datetime) -> View:
        """An account with everything on it, sorted."""
        held = self._account(account)
        options = tuple((id_, option.state(at), option.window) for id_, option in sorted(held.options.items()))
        orders = {content: order.at for content, order in sorted(held.orders.items())}
        return View(account, held.subscriber, options, dict(sorted(held.materials.items())), orders)

    def account_of(self, subscriber: str) -> str:
        """The account of a subscriber, who must have one."""
        if subscriber not in self._account_of:
            raise RefusedError(Code.UNKNOWN_ACCOUNT, subscriber)
        return self._account_of[subscriber]

    def subjects(self) -> Iterable[str]:
        """All accounts."""
        return self._accounts

    def holdings(self, subject: str, at: datetime) -> frozenset[str]:
        """What an account, or a subscriber's, holds at an instant: itself, materials, active options, orders."""
        subject = subject if subject in self._accounts else self._account_of.get(subject, subject)
        held = self._accounts.get(subject)
        if held is None:
            return frozenset()
        active = (o.held(id_) for id_, o in held.options.items() if o.state(at) is OptionState.ACTIVE)
        materials, orders = (f"material {id_}" for id_ in held.materials), (f"order {id_}" for id_ in held.orders)
        return frozenset((f"account {subject}", *materials, *active, *orders))

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        """Lose an account with all that is on it, or only these materials and options of it."""
        lost = self._accounts.get(subject)
        if lost is None:
            return False
        for material in frozenset(things or lost.materials).intersection(lost.materials):
            del self._holder_of[material]
        if things:
            left = {name: _without(things, getattr(lost, name)) for name in ("materials", "options")}
            self._put(subject, lost, **left)
        else:
            del self._accounts[subject], self._account_of[lost.subscriber]
        return True

    def memory(self) -> Memory:
        """The memory as a document of its own."""
        return Memory(
            self.catalogue, dict(self._accounts), dict(self._answers), self._next_account, self._next_transaction
        )

    def copy(self) -> Self:
        """A memory of its own with the same content."""
        return type(self)(self.memory())

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON document."""
        document: dict[str, Any] = msgspec.to_builtins(self.memory(), order="deterministic")
        return document

    def _transaction(self) -> str:
        self._next_transaction += 1
        return f"TX-{self._next_transaction - 1}"

    def _account(self, id_: str) -> Account:
        if id_ not in self._accounts:
            raise RefusedError(Code.UNKNOWN_ACCOUNT, id_)
        return self._accounts[id_]

    def _known(self, options: Iterable[str]) -> None:
        for id_ in options:
            if id_ not in self.catalogue.options:
                raise RefusedError(Code.UNKNOWN_OPTION, id_)

    def _put(self, id_: str, account: Account, **changes: Any) -> Account:
        self._accounts[id_] = changed = msgspec.structs.replace(account, **changes)
        return changed


def _without(lost: Collection[str], known: Mapping[str, Any]) -> dict[str, Any]:
    return {id_: what for id_, what in known.items() if id_ not in lost}


def _index(what: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    index: dict[str, str] = {}
    for key, account in pairs:
        if index.setdefault(key, account) != account:
            raise ValueError(f"{what} {key} is on {index[key]} and on {account}")
    return index
