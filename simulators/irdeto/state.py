"""Irdeto's memory, and what it refuses. No HTTP, no clock of its own, no faults.

Secure clients are values, replaced and never changed: a copy of the memory is a copy of its dictionaries. Every method
either does all of what it is asked or raises RefusedError and has done nothing.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec

from simulators.irdeto.client import FOUR_DIGITS, Entitlement, Id, SecureClient
from simulators.irdeto.codes import ALL, Code, Kind, MessageType, TextMode
from simulators.irdeto.queries import SECTIONS, Asked, Section
from simulators.irdeto.texts import TextError, readable
from simulators.kit.refusal import RefusedError
from simulators.kit.windows import Window

MOST_TRANSACTIONS = 100_000  # the oldest are forgotten, so that months of traffic fit


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The CA IDs that exist; and the devices and cards in stock, where somebody counts them (None: any is welcome)."""

    products: frozenset[Id] = frozenset()
    secure_clients: frozenset[Id] | None = None
    smartcards: frozenset[Id] | None = None


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was answered: done, with what was asked for, or refused with a code."""

    reference: str = ""
    code: Code | None = None
    detail: str = ""
    sections: tuple[Section, ...] = ()


class Remembered(msgspec.Struct, frozen=True):
    """The first answer to a transactionId, and the fingerprint of the body it was given to."""

    fingerprint: str
    answer: Answer


class Memory(msgspec.Struct, forbid_unknown_fields=True):
    """The whole memory as a document."""

    catalogue: Catalogue = Catalogue()
    clients: dict[Id, SecureClient] = {}
    answers: dict[Id, Remembered] = {}
    next_reference: Annotated[int, msgspec.Meta(ge=1)] = 1


class State:
    """Irdeto's memory."""

    def __init__(self, memory: Memory) -> None:
        """Raise ValueError when two secure clients claim one smartcard, or one has the name of all."""
        self.catalogue = memory.catalogue
        self._clients = memory.clients
        self._answers = OrderedDict(memory.answers)
        self._next_reference = memory.next_reference
        self._paired_with = _cards(memory.clients)

    def once(self, transaction: str, fingerprint: str, act: Callable[[], tuple[Section, ...] | None]) -> Answer:
        """Act on a transactionId's first coming and answer; on every later one with the same body, only answer."""
        first = self._answers.get(transaction)
        if first is None:
            answer = self._attempt(act)
            self._answers[transaction] = Remembered(fingerprint, answer)
            if len(self._answers) > MOST_TRANSACTIONS:
                self._answers.popitem(last=False)
            return answer
        if first.fingerprint != fingerprint:
            return Answer(code=Code.TRANSACTION_REUSED, detail=transaction)
        return first.answer

    def register(self, client: str, subscription: str, sector: str, at: datetime) -> None:
        """Register a secure client, or move it to another sector of its subscription."""
        stock, found = self.catalogue.secure_clients, self._clients.get(client)
        if found is None:
            if stock is not None and client not in stock:
                raise RefusedError(Code.UNKNOWN_SECURE_CLIENT, client)
            self._clients[client] = SecureClient(subscription, sector, at.replace(microsecond=0))
        elif found.subscription != subscription:
            raise RefusedError(Code.SECURE_CLIENT_IN_USE, f"{client} is on {found.subscription}")
        else:
            self._put(client, found, sector=sector)

    def deregister(self, client: str) -> None:
        """Take a secure client out with all that is on it."""
        self._client(client)
        self.forget(client)

    def pair(self, client: str, smartcard: str) -> None:
        """Pair a secure client with a card; two that are a pair already stay one."""
        found, stock = self._client(client), self.catalogue.smartcards
        if stock is not None and smartcard not in stock:
            raise RefusedError(Code.UNKNOWN_SMARTCARD, smartcard)
        if found.smartcard not in {None, smartcard}:
            raise RefusedError(Code.ALREADY_PAIRED, f"{client} with {found.smartcard}")
        holder = self._paired_with.setdefault(smartcard, client)
        if holder != client:
            raise RefusedError(Code.ALREADY_PAIRED, f"{smartcard} with {holder}")
        self._put(client, found, smartcard=smartcard)

    def unpair(self, client: str, smartcard: str) -> None:
        """End the pairing of a secure client with this card."""
        found = self._client(client)
        if found.smartcard != smartcard:
            raise RefusedError(Code.NOT_PAIRED, f"{client} and {smartcard}")
        del self._paired_with[smartcard]
        self._put(client, found, smartcard=None)

    def add_entitlements(self, client: str, entitlements: Mapping[str, Window | None]) -> None:
        """Entitle to all of them or none; the window given last is the one that counts."""
        found = self._client(client)
        self._known(entitlements)
        added = {ca_id: Entitlement(window) for ca_id, window in entitlements.items()}
        self._put(client, found, entitlements={**found.entitlements, **added})

    def remove_entitlements(self, client: str, ca_ids: Collection[str]) -> None:
        """Take all of them off or none; what isn't there is off already."""
        found, removed = self._client(client), frozenset(ca_ids)
        self._known(ca_ids)
        left = {ca_id: right for ca_id, right in found.entitlements.items() if ca_id not in removed}
        self._put(client, found, entitlements=left)

    def send_message(self, client: str, type_: str, mode: str, text: str) -> None:
        """Send a text to one secure client, or to all that are registered."""
        addressed = {client: self._client(client)} if client != ALL else dict(self._clients)
        try:
            read = readable(mode, text)
        except TextError as error:
            raise RefusedError(Code.INVALID_TEXT, f"{error}") from error
        message = MessageType(type_), TextMode(mode), read
        self._clients.update({id_: found.received(*message) for id_, found in addressed.items()})

    def change_pin(self, client: str, pin: str, how: Literal["set", "reset"]) -> None:
        """Set a PIN, or reset it to a default. A refusal doesn't say the PIN that was asked for."""
        found = self._client(client)
        if not FOUR_DIGITS.fullmatch(pin):
            raise RefusedError(Code.INVALID_PIN, client)
        self._put(client, found, pin=found.pin.changed(pin, how))

    def query(self, client: str, kinds: Sequence[str], at: datetime) -> tuple[Section, ...]:
        """A section for each kind, in the order asked."""
        asked = Asked(client, self._client(client), at, self._clients)
        for kind in kinds:
            if kind not in SECTIONS:
                raise RefusedError(Code.UNKNOWN_KIND, kind[:64])
        return tuple(Section(Kind(kind), SECTIONS[Kind(kind)](asked)) for kind in kinds)

    def reauthorise(self, client: str, at: datetime) -> None:
        """Refresh the sector of a secure client, and count it."""
        found = self._client(client)
        last = at.replace(microsecond=0)
        self._put(client, found, reauthorised=found.reauthorised + 1, reauthorised_at=last)

    def subjects(self) -> Iterable[str]:
        """All secure clients."""
        return self._clients

    def holdings(self, subject: str, at: datetime) -> frozenset[str]:
        """What a secure client holds at an instant: itself, its card, entitlements, messages, PIN and refreshes."""
        found = self._clients.get(subject)
        return frozenset(found.lines(subject, at)) if found else frozenset()

    def forget(self, subject: str, things: Collection[str] = ()) -> bool:
        """Lose a secure client with all that is on it, or only these entitlements and its card."""
        lost = self._clients.get(subject)
        if lost is None:
            return False
        if lost.smartcard and lost.smartcard in (things or {lost.smartcard}):
            del self._paired_with[lost.smartcard]
        if things:
            self._put(subject, lost, **lost.without(things))
        else:
            del self._clients[subject]
        return True

    def memory(self) -> Memory:
        """The memory as a document of its own."""
        return Memory(self.catalogue, dict(self._clients), dict(self._answers), self._next_reference)

    def copy(self) -> Self:
        """A memory of its own with the same content."""
        return type(self)(self.memory())

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON document."""
        document: dict[str, Any] = msgspec.to_builtins(self.memory(), order="deterministic")
        return document

    def _attempt(self, act: Callable[[], tuple[Section, ...] | None]) -> Answer:
        try:
            sections = act()
        except RefusedError as refused:
            return Answer(code=Code(refused.code), detail=refused.detail)
        self._next_reference += 1
        return Answer(f"KMS-{self._next_reference - 1}", sections=sections or ())

    def _client(self, id_: str) -> SecureClient:
        if id_ not in self._clients:
            raise RefusedError(Code.UNKNOWN_SECURE_CLIENT, id_)
        return self._clients[id_]

    def _known(self, ca_ids: Iterable[str]) -> None:
        for ca_id in ca_ids:
            if ca_id not in self.catalogue.products:
                raise RefusedError(Code.UNKNOWN_PRODUCT, ca_id)

    def _put(self, id_: str, client: SecureClient, **changes: Any) -> None:
        self._clients[id_] = msgspec.structs.replace(client, **changes)


def _cards(clients: Mapping[str, SecureClient]) -> dict[str, str]:
    if ALL in clients:
        raise ValueError(f"no secure client can be called {ALL}")
    cards: dict[str, str] = {}
    for id_, client in clients.items():
        if client.smartcard and cards.setdefault(client.smartcard, id_) != id_:
            raise ValueError(f"smartcard {client.smartcard} is paired with {cards[client.smartcard]} and with {id_}")
    return cards
