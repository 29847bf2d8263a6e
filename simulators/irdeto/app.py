"""The Irdeto simulator: route, wire, state, wire. The only one who knows both the wire and the memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from simulators.irdeto import wire
from simulators.irdeto.codes import ALL, Code, Operation
from simulators.irdeto.queries import Section
from simulators.irdeto.state import Answer, Catalogue, Memory, State
from simulators.irdeto.wire import Instruction, RequestError
from simulators.kit.credentials import basic, same
from simulators.kit.gateway import plain_reply
from simulators.kit.platform import BODY_LIMIT, Call, Deed, Platform, Reply, Request, Violation
from simulators.kit.refusal import RefusedError
from simulators.kit.xml import answering_charset

PATH = "/irdeto"
XML = "text/xml; charset=utf-8"
SERVER_ERROR = 500
Sections = tuple[Section, ...]
Act = Callable[[State, Instruction, datetime], Sections | None]

# fmt: off
ACTS: dict[Operation, Act] = {
    Operation.REGISTER_SECURE_CLIENT:   lambda state, it, at: state.register(it.client, it.subscription, it.sector, at),
    Operation.DEREGISTER_SECURE_CLIENT: lambda state, it, _:  state.deregister(it.client),
    Operation.PAIR:                     lambda state, it, _:  state.pair(it.client, it.smartcard),
    Operation.UNPAIR:                   lambda state, it, _:  state.unpair(it.client, it.smartcard),
    Operation.ADD_ENTITLEMENTS:         lambda state, it, _:  state.add_entitlements(it.client, it.entitlements),
    Operation.REMOVE_ENTITLEMENTS:      lambda state, it, _:  state.remove_entitlements(it.client, it.entitlements),
    Operation.SEND_MESSAGE:             lambda state, it, _:  state.send_message(it.client, it.type, it.mode, it.text),
    Operation.SET_PIN:                  lambda state, it, _:  state.change_pin(it.client, it.pin, "set"),
    Operation.RESET_PIN:                lambda state, it, _:  state.change_pin(it.client, it.pin, "reset"),
    Operation.QUERY_SECURE_CLIENT:      lambda state, it, at: state.query(it.client, it.kinds, at),
    Operation.REAUTHORISE_SECTOR:       lambda state, it, at: state.reauthorise(it.client, at),
}
# fmt: on


def irdeto(
    *,
    products: Iterable[str],
    secure_clients: Iterable[str] | None = None,
    smartcards: Iterable[str] | None = None,
    user: str = "headend",
    password: str = "headend",  # noqa: S107 - a simulator's, for all to know
    seed: int = 0,
) -> Platform[State]:
    """Irdeto with a catalogue of CA IDs and, where somebody counts them, the secure clients and smartcards in stock."""
    stocks = [None if stock is None else frozenset(stock) for stock in (secure_clients, smartcards)]
    return Platform(
        name="irdeto",
        operations=tuple(Operation),
        codes=tuple(Code),
        read=_Port(basic(user, password)).read,
        fresh=lambda catalogue: State(Memory(catalogue, next_reference=1 + seed)),
        load=_load,
        seeded=_seeded,
        status_reply=_status_reply,
        catalogue=Catalogue(frozenset(products), *stocks),
        sets=frozenset({"caIds"}),
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Port:
    """The way in: what isn't a request in order is turned away before the memory is asked."""

    authorization: str = field(repr=False)

    def read(self, request: Request) -> Call[State] | Reply:
        if request.path == PATH and request.method == "GET" and request.query.lower() == "wsdl":
            return Reply(200, wire.wsdl(f"{request.origin}{PATH}"), XML)
        # a PIN may be in any body, also in one that is turned away; the journal keeps none
        call = self._call(request)
        return call if call.hide else replace(call, hide=wire.without_digits)

    def _call(self, request: Request) -> Call[State]:
        if request.path != PATH:
            return _turned_away("NOT_FOUND", plain_reply(404, f"there is nothing at {request.path}"))
        if request.method != "POST":
            sentence = f"{request.method} is not allowed; POST is, and GET {PATH}?wsdl"
            return _turned_away("METHOD_NOT_ALLOWED", plain_reply(405, sentence, ("Allow", "GET, POST")))
        if not same(request.authorization, self.authorization):
            challenge = ("WWW-Authenticate", 'Basic realm="Irdeto KMS", charset="UTF-8"')
            return _turned_away("UNAUTHENTICATED", plain_reply(401, "credentials are missing or wrong", challenge))
        return _too_large() if request.oversize else _asked(request)


def _asked(request: Request) -> Call[State]:
    try:
        asked = wire.read(request.body, request.content_type)
    except RequestError as error:
        return _breach(error, request.content_type)

    def answer(state: State, act: Callable[[], Sections | None]) -> Deed:
        return _deed(asked, state.once(asked.transaction, asked.fingerprint, act), request.content_type)

    return Call(
        operation=asked.operation.value,
        perform=lambda state, at: answer(state, lambda: ACTS[asked.operation](state, asked, at)),
        refuse=lambda state, code, detail: answer(state, partial(_refuse, code, detail)),
        subject=asked.client,
        about=State.subjects if asked.client == ALL else None,
        parameters=asked.parameters,
        reference=asked.transaction,
        hide=wire.without_pins,
    )


def _breach(error: RequestError, content_type: str) -> Call[State]:
    deed = Deed(_reply(SERVER_ERROR, wire.turned_away(error, content_type), content_type), Code.MALFORMED)
    return Call(
        operation=Code.MALFORMED.value,
        perform=lambda _, __: deed,
        violations=(Violation(error.path, error.message),),
    )


def _turned_away(operation: str, reply: Reply, *violations: Violation) -> Call[State]:
    deed = Deed(reply, code=str(reply.status))
    return Call(operation=operation, perform=lambda _, __: deed, violations=violations)


def _too_large() -> Call[State]:
    reply = plain_reply(413, f"a request has at most {BODY_LIMIT} bytes", ("Connection", "close"))
    return _turned_away("TOO_LARGE", reply, Violation("/", f"more than {BODY_LIMIT} bytes"))


def _refuse(code: str, detail: str) -> None:
    raise RefusedError(code, detail)


def _deed(asked: Instruction, answer: Answer, content_type: str) -> Deed:
    """An answer of the memory's as bytes in the request's character set."""
    if answer.code is not None:
        body = wire.refused(asked, answer.code, answer.detail, content_type)
        return Deed(_reply(SERVER_ERROR, body, content_type), answer.code)
    return Deed(_reply(200, wire.done(asked, answer.reference, answer.sections, content_type), content_type))


def _reply(status: int, body: bytes, content_type: str) -> Reply:
    return Reply(status, body, f"text/xml; charset={answering_charset(content_type)}")


def _status_reply(status: int) -> Reply:
    """What a fault of the kit's answers: with a SOAP fault where the platform itself is at fault."""
    if status < SERVER_ERROR:
        return plain_reply(status, f"{status}")
    return Reply(status, wire.unavailable(status), XML)


def _load(document: Any) -> State:
    try:
        return State(msgspec.convert(document, Memory))
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no memory of Irdeto's: {error}") from error


def _seeded(catalogue: Catalogue, additions: Mapping[str, Any]) -> Catalogue:
    try:
        return msgspec.convert({**msgspec.to_builtins(catalogue), **additions}, Catalogue)
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no catalogue of Irdeto's: {error}") from error
