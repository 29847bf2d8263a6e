"""The Tucano simulator: route, wire, state, wire. The only one who knows both the wire and the memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec

from simulators.kit.credentials import basic, same
from simulators.kit.gateway import plain_reply
from simulators.kit.platform import BODY_LIMIT, Call, Deed, Platform, Reply, Request, Violation
from simulators.kit.xml import BreachError, CharsetError
from simulators.tucano import wire
from simulators.tucano.codes import Code, Command
from simulators.tucano.state import FIRST_ACCOUNT, Answer, Catalogue, Memory, RefusedError, State, View
from simulators.tucano.wire import Order

PATH = "/tucano"
Act = Callable[[State, Order, datetime], View | None]

# fmt: off
ACTS: dict[Command, Act] = {
    Command.CREATE_ACCOUNT:   lambda state, order, _:  state.create_account(order.subscriber, order.profile),
    Command.ADD_MATERIAL:     lambda state, order, _:  state.add_material(order.account, order.material, order.type),
    Command.REMOVE_MATERIAL:  lambda state, order, _:  state.remove_material(order.account, order.material),
    Command.SUSPEND_OPTIONS:  lambda state, order, at: state.suspend_options(order.account, order.options, at),
    Command.ACTIVATE_OPTIONS: lambda state, order, _:  state.activate_options(order.account, order.options),
    Command.GET_ACCOUNT:      lambda state, order, at: state.view(order.account, at),
}
# fmt: on


def tucano(
    *,
    options: Iterable[str],
    materials: Iterable[str] | None = None,
    user: str = "headend",
    password: str = "headend",  # noqa: S107 - a simulator's, for all to know
    seed: int = 0,
) -> Platform[State]:
    """Tucano with a catalogue of options and, where somebody counts them, the materials in stock."""
    return Platform(
        name="tucano",
        operations=tuple(Command),
        codes=tuple(Code),
        read=_Port(basic(user, password)).read,
        fresh=lambda catalogue: State(Memory(catalogue, next_account=FIRST_ACCOUNT + seed)),
        load=_load,
        seeded=_seeded,
        status_reply=lambda status: plain_reply(status, f"{status}"),
        catalogue=Catalogue(frozenset(options), None if materials is None else frozenset(materials)),
        sets=frozenset({"options"}),
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Port:
    """The way in: what isn't a command in order is turned away before the memory is asked."""

    authorization: str

    def read(self, request: Request) -> Call[State] | Reply:
        if request.path != PATH:
            return _turned_away("NOT_FOUND", plain_reply(404, f"there is nothing at {request.path}"))
        if request.method == "GET" and request.query == "xsd":
            return Reply(200, wire.schema().text, "text/xml; charset=utf-8")
        if request.method != "POST":
            sentence = f"{request.method} is not allowed; POST is, and GET {PATH}?xsd"
            return _turned_away("METHOD_NOT_ALLOWED", plain_reply(405, sentence, ("Allow", "GET, POST")))
        if not same(request.authorization, self.authorization):
            challenge = ("WWW-Authenticate", 'Basic realm="Tucano", charset="UTF-8"')
            return _turned_away("UNAUTHENTICATED", plain_reply(401, "credentials are missing or wrong", challenge))
        if request.oversize:
            reply = plain_reply(413, f"a command has at most {BODY_LIMIT} bytes", ("Connection", "close"))
            return _turned_away("TOO_LARGE", reply, Violation("/", f"more than {BODY_LIMIT} bytes"))
        return _command(request)


def _command(request: Request) -> Call[State]:
    try:
        order = wire.read(request.body, request.content_type)
    except BreachError as breach:
        return _breach(breach, request.content_type)
    fingerprint = blake2b(request.body, digest_size=16).hexdigest()

    def answer(state: State, act: Callable[[], View | None]) -> Deed:
        return _deed(order.reference, state.once(order.reference, fingerprint, act), request.content_type)

    return Call(
        operation=order.command.value,
        perform=lambda state, at: answer(state, lambda: ACTS[order.command](state, order, at)),
        refuse=lambda state, code, detail: answer(state, partial(_refuse, Code(code), detail)),
        subject=order.subject,
        parameters=order.parameters,
        reference=order.reference,
    )


def _breach(breach: BreachError, content_type: str) -> Call[State]:
    code = Code.UNSUPPORTED_ENCODING if isinstance(breach, CharsetError) else Code.MALFORMED
    return Call(
        operation=code.value,
        perform=lambda state, _: _deed("", state.refusal(code, str(breach)), content_type),
        violations=(Violation(breach.path, breach.message),),
    )


def _turned_away(operation: str, reply: Reply, *violations: Violation) -> Call[State]:
    deed = Deed(reply, code=str(reply.status))
    return Call(operation=operation, perform=lambda _, __: deed, violations=violations)


def _refuse(code: Code, detail: str) -> View | None:
    raise RefusedError(code, detail)


def _deed(reference: str, answer: Answer, content_type: str) -> Deed:
    """An answer of the memory's as bytes in the request's character set."""
    if answer.code is None:
        body = wire.accepted(reference, answer.transaction, _part(answer.account), content_type)
    else:
        body = wire.rejected(reference, answer.transaction, answer.code, answer.detail, content_type)
    reply = Reply(200, body, f"text/xml; charset={wire.answering_charset(content_type)}")
    created = answer.account is not None and answer.account.options is None
    return Deed(reply, answer.code, answer.account.id if answer.account and created else "")


def _part(view: View | None) -> wire.AccountPart | None:
    if view is None:
        return None
    options = None if view.options is None else [wire.HeldOption(*option) for option in view.options]
    return wire.AccountPart(view.id, view.subscriber, options, view.materials)


def _load(document: Any) -> State:
    try:
        return State(msgspec.convert(document, Memory))
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no memory of Tucano's: {error}") from error


def _seeded(catalogue: Catalogue, additions: Mapping[str, Any]) -> Catalogue:
    try:
        return msgspec.convert({**msgspec.to_builtins(catalogue), **additions}, Catalogue)
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no catalogue of Tucano's: {error}") from error
