"""Icareus Suite's memory, and what it refuses. No HTTP, no clock of its own, no faults.

Users are values, replaced and never changed: a copy of the memory is a copy of its dictionaries. Every method either
does all of what it is asked or raises RefusedError and has done nothing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Any, Self

import msgspec

from simulators.icareus.codes import Code
from simulators.kit.refusal import RefusedError

Id = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x20\x7f-\xa0,\ud800-\udfff\ufffe\uffff]{1,64}$(?!\n)")]
UserId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}$(?!\n)")]
ScreenName = Annotated[str, msgspec.Meta(pattern=r"^$|^(?![0-9]+$)[^\x00-\x20\x7f-\xa0,\ud800-\udfff]{1,64}$(?!\n)")]
Fingerprint = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
FIRST_USER = 200_001
MOST_TOKENS = 100_000  # the oldest are forgotten, so that months of traffic fit


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The products that exist; and the devices in stock, where somebody counts them (None: any is welcome)."""

    products: frozenset[Id] = frozenset()
    devices: frozenset[Id] | None = None


class User(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user; one without a screen name has none that anybody could have again."""

    screen_name: ScreenName = ""
    profile: dict[str, str] = {}
    products: frozenset[Id] = frozenset()
    devices: frozenset[Id] = frozenset()


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """The whole memory as a document."""

    catalogue: Catalogue = Catalogue()
    users: dict[UserId, User] = {}
    used_tokens: list[Fingerprint] = []  # in the order of their coming
    next_user: int = FIRST_USER


class State:
    """Icareus Suite's memory."""

    def __init__(self, memory: Memory) -> None:
        """Raise ValueError when two users claim one screen name or one device."""
        self.catalogue = memory.catalogue
        self._users = memory.users
        self._used_tokens = dict.fromkeys(memory.used_tokens)
        self._next_user = memory.next_user
        names = ((user.screen_name, id_) for id_, user in memory.users.items() if user.screen_name)
        self._user_of = _index("screen name", names)
        self._holder_of = _index("device", ((each, id_) for id_, user in memory.users.items() for each in user.devices))

    def use_token(self, fingerprint: str) -> None:
        """Take a token that hasn't come before."""
        if fingerprint in self._used_tokens:
            raise RefusedError(Code.INVALID_TOKEN, "the token was used before")
        self._used_tokens[fingerprint] = None
        if len(self._used_tokens) > MOST_TOKENS:
            del self._used_tokens[next(iter(self._used_tokens))]

    def add_user(self, screen_name: str, profile: dict[str, str]) -> str:
        """Register a user whose screen name nobody has, and give them an id."""
        if screen_name in self._user_of:
            id_ = self._user_of[screen_name]
            raise RefusedError(Code.USER_EXISTS, f"the screen name {screen_name} is user {id_}'s", {"userId": id_})
        while (id_ := f"{self._next_user}") in self._users:  # a loaded memory may hold any user
            self._next_user += 1
        self._next_user += 1
        self._users[id_] = User(screen_name, profile)
        if screen_name:
            self._user_of[screen_name] = id_
        return id_

    def remove_user(self, id_: str) -> None:
        """Un-register a user for good, with all that is on them."""
        self._user(id_)
        self.forget(id_)

    def activate_products(self, id_: str, products: Iterable[str]) -> None:
        """Activate all of them or none; what is active stays so."""
        held = self._user(id_)
        self._known(products)
        self._put(id_, held, products=held.products.union(products))

    def cancel_products(self, id_: str, products: Iterable[str]) -> None:
        """Cancel all of them or none; what isn't active stays so."""
        held = self._user(id_)
        self._known(products)
        self._put(id_, held, products=held.products.difference(products))

    def add_device(self, id_: str, device: str) -> None:
        """Register a device; one that is there already stays."""
        held = self._user(id_)
        if self._holder_of.get(device, id_) != id_:
            raise RefusedError(Code.DEVICE_IN_USE, f"the device {device} is on another user")
        if self.catalogue.devices is not None and device not in self.catalogue.devices:
            raise RefusedError(Code.UNKNOWN_DEVICE, f"there is no device {device} in stock")
        self._holder_of[device] = id_
        self._put(id_, held, devices=held.devices | {device})

    def remove_device(self, id_: str, device: str) -> None:
        """Take a device off a user; one that isn't there is off already."""
        held = self._user(id_)
        if device in held.devices:
            del self._holder_of[device]
            self._put(id_, held, devices=held.devices - {device})

    def user(self, id_or_name: str) -> tuple[str, User]:
        """A user with their id, found by it or by their screen name."""
        id_ = self._user_of.get(id_or_name, id_or_name)
        return id_, self._user(id_)

    def subjects(self) -> Iterable[str]:
        """All users."""
        return self._users

    def holdings(self, subject: str, _at: datetime) -> frozenset[str]:
        """What a user, by id or by screen name, holds: themselves, products, devices."""
        id_ = self._user_of.get(subject, subject)
        held = self._users.get(id_)
        if held is None:
            return frozenset()
        products, devices = (f"product {each}" for each in held.products), (f"device {each}" for each in held.devices)
        return frozenset((f"account {id_}", *products, *devices))

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        """Lose a user with all that is on them, or only these products and devices; the devices are free again."""
        lost = self._users.get(subject)
        if lost is None:
            return False
        for device in lost.devices.intersection(things or lost.devices):
            del self._holder_of[device]
        if things:
            self._put(subject, lost, products=lost.products.difference(things), devices=lost.devices.difference(things))
        else:
            del self._users[subject]
            self._user_of.pop(lost.screen_name, None)
        return True

    def memory(self) -> Memory:
        """The memory as a document of its own."""
        return Memory(self.catalogue, dict(self._users), list(self._used_tokens), self._next_user)

    def copy(self) -> Self:
        """A memory of its own with the same content."""
        return type(self)(self.memory())

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON document."""
        document: dict[str, Any] = msgspec.to_builtins(self.memory(), order="deterministic")
        return document

    def _user(self, id_: str) -> User:
        if id_ not in self._users:
            raise RefusedError(Code.UNKNOWN_USER, f"there is no user {id_}")
        return self._users[id_]

    def _known(self, products: Iterable[str]) -> None:
        for product in products:
            if product not in self.catalogue.products:
                raise RefusedError(Code.UNKNOWN_PRODUCT, f"there is no product {product}")

    def _put(self, id_: str, user: User, **changes: Any) -> None:
        self._users[id_] = msgspec.structs.replace(user, **changes)


def _index(what: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    index: dict[str, str] = {}
    for key, user in pairs:
        if index.setdefault(key, user) != user:
            raise ValueError(f"{what} {key} is on {index[key]} and on {user}")
    return index
