"""The Tucano simulator: route, token, wire, state, wire. The only one who knows both the wire and the memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec

from simulators.kit.credentials import basic, same
from simulators.kit.gateway import plain_reply
from simulators.kit.platform import BODY_LIMIT, Call, Deed, Platform, Reply, Request, Violation
from simulators.kit.refusal import RefusedError
from simulators.kit.xml import BreachError, CharsetError, answering_charset
from simulators.tucano import wire
from simulators.tucano.codes import CODES, ORDER, Code, Command, TokenCode
from simulators.tucano.state import FIRST_ACCOUNT, Answer, Catalogue, Memory, State, View
from simulators.tucano.tokens import Issuer, Token, TokenError, issuer, token
from simulators.tucano.wire import Instruction

PATH = "/tucano"
ORDERS = f"{PATH}/orders"
STRANGER = (401, (("WWW-Authenticate", 'Bearer realm="Tucano"'),))
Act = Callable[[State, Instruction, datetime], View | None]


def _account(state: State, asked: Instruction) -> str:
    """The account that is asked for, by its id or by its subscriber."""
    return asked.account or state.account_of(asked.subscriber)


# fmt: off
ACTS: dict[Command, Act] = {
    Command.CREATE_ACCOUNT:   lambda state, asked, _:  state.create_account(asked.subscriber, asked.profile),
    Command.ADD_MATERIAL:     lambda state, asked, _:  state.add_material(asked.account, asked.material, asked.type),
    Command.REMOVE_MATERIAL:  lambda state, asked, _:  state.remove_material(asked.account, asked.material),
    Command.SUSPEND_OPTIONS:  lambda state, asked, at: state.suspend_options(asked.account, asked.options, at),
    Command.ACTIVATE_OPTIONS: lambda state, asked, _:  state.activate_options(asked.account, asked.options),
    Command.GET_ACCOUNT:      lambda state, asked, at: state.view(_account(state, asked), at),
}
# fmt: on


def tucano(
    *,
    options: Iterable[str],
    materials: Iterable[str] | None = None,
    user: str = "headend",
    password: str = "headend",  # noqa: S107 - a simulator's, for all to know
    jwt_secret: str | None = None,
    api_provider: str | None = None,
    seed: int = 0,
) -> Platform[State]:
    """Tucano with a catalogue of options and, where somebody counts them, the materials in stock.

    Orders are taken with tokens that are signed with the secret and name the API provider; without these two, none is.
    Raises ValueError, with a sentence, where one is without the other, or the secret is too short.
    """
    return Platform(
        name="tucano",
        operations=(*Command, ORDER),
        codes=CODES,
        read=_Port(basic(user, password), issuer(jwt_secret, api_provider)).read,
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

    authorization: str = field(repr=False)
    issuer: Issuer | None

    def read(self, request: Request) -> Call[State] | Reply:
        if request.path == PATH:
            return self._of_the_crm(request)
        if request.path == ORDERS:
            return self._of_a_subscriber(request)
        return _turned_away("NOT_FOUND", plain_reply(404, f"there is nothing at {request.path}"))

    def _of_the_crm(self, request: Request) -> Call[State] | Reply:
        if request.method == "GET" and request.query == "xsd":
            return Reply(200, wire.schema().text, "text/xml; charset=utf-8")
        if request.method != "POST":
            return _not_allowed(request, f"POST is, and GET {PATH}?xsd", "GET, POST")
        if not same(request.authorization, self.authorization):
            challenge = ("WWW-Authenticate", 'Basic realm="Tucano", charset="UTF-8"')
            return _turned_away("UNAUTHENTICATED", plain_reply(401, "credentials are missing or wrong", challenge))
        return _too_large("a command") if request.oversize else _command(request)

    def _of_a_subscriber(self, request: Request) -> Call[State]:
        if request.method != "POST":
            return _not_allowed(request, "POST is", "POST")
        try:
            found = token(request.authorization, self.issuer)
        except TokenError as error:
            return _untrusted(error, request.content_type)
        return _while_valid(found, _too_large("an order") if request.oversize else _order(found, request), request)


def _command(request: Request) -> Call[State]:
    try:
        asked = wire.read(request.body, request.content_type)
    except BreachError as breach:
        return _breach(breach, "", request.content_type)
    fingerprint = blake2b(request.body, digest_size=16).hexdigest()

    def answer(state: State, act: Callable[[], View | None]) -> Deed:
        return _deed(asked.reference, state.once(asked.reference, fingerprint, act), request.content_type)

    return Call(
        operation=asked.command.value,
        perform=lambda state, at: answer(state, lambda: ACTS[asked.command](state, asked, at)),
        refuse=lambda state, code, detail: answer(state, partial(_refuse, code, detail)),
        subject=asked.subject,
        parameters=asked.parameters,
        reference=asked.reference,
    )


def _order(by: Token, request: Request) -> Call[State]:
    try:
        content = wire.read_order(request.body, request.content_type)
    except BreachError as breach:
        return _breach(breach, None, request.content_type)

    def answer(state: State, act: Callable[[], View | None]) -> Deed:
        return _deed(None, state.attempt(act), request.content_type)

    return Call(
        operation=ORDER,
        perform=lambda state, at: answer(state, lambda: state.order(by.account, content, at)),
        refuse=lambda state, code, detail: answer(state, partial(_refuse, code, detail)),
        subject=by.account,
        parameters={"account": by.account, "content": content},
    )


def _while_valid(by: Token, call: Call[State], request: Request) -> Call[State]:
    """The same call, refused once the token has ended: only the workspace's clock knows when that is."""

    def perform(state: State, at: datetime) -> Deed:
        try:
            by.check(at)
        except TokenError as error:
            return _deed(None, state.refusal(error.code, error.detail), request.content_type)
        return call.perform(state, at)

    return replace(call, perform=perform)


def _untrusted(error: TokenError, content_type: str) -> Call[State]:
    """An order of nobody knows whom."""
    return Call(
        operation=ORDER,
        perform=lambda state, _: _deed(None, state.refusal(error.code, error.detail), content_type),
    )


def _breach(breach: BreachError, reference: str | None, content_type: str) -> Call[State]:
    code = Code.UNSUPPORTED_ENCODING if isinstance(breach, CharsetError) else Code.MALFORMED
    return Call(
        operation=code.value,
        perform=lambda state, _: _deed(reference, state.refusal(code, str(breach)), content_type),
        violations=(Violation(breach.path, breach.message),),
    )


def _turned_away(operation: str, reply: Reply, *violations: Violation) -> Call[State]:
    deed = Deed(reply, code=str(reply.status))
    return Call(operation=operation, perform=lambda _, __: deed, violations=violations)


def _too_large(what: str) -> Call[State]:
    reply = plain_reply(413, f"{what} has at most {BODY_LIMIT} bytes", ("Connection", "close"))
    return _turned_away("TOO_LARGE", reply, Violation("/", f"more than {BODY_LIMIT} bytes"))


def _not_allowed(request: Request, what_is: str, methods: str) -> Call[State]:
    reply = plain_reply(405, f"{request.method} is not allowed; {what_is}", ("Allow", methods))
    return _turned_away("METHOD_NOT_ALLOWED", reply)


def _refuse(code: str, detail: str) -> View | None:
    raise RefusedError(code, detail)


def _deed(reference: str | None, answer: Answer, content_type: str) -> Deed:
    """An answer of the memory's as bytes in the request's character set."""
    if answer.code is not None:
        body = wire.rejected(reference, answer.transaction, answer.code, answer.detail, content_type)
    elif reference is None:
        body = wire.ordered(answer.transaction, answer.account.orders if answer.account else {}, content_type)
    else:
        body = wire.accepted(reference, answer.transaction, _part(answer.account), content_type)
    status, headers = STRANGER if answer.code in set(TokenCode) else (200, ())
    reply = Reply(status, body, f"text/xml; charset={answering_charset(content_type)}", headers)
    created = answer.account is not None and answer.account.options is None
    return Deed(reply, answer.code, answer.account.id if answer.account and created else "")


def _part(view: View | None) -> wire.AccountPart | None:
    if view is None:
        return None
    options = None if view.options is None else [wire.HeldOption(*option) for option in view.options]
    return wire.AccountPart(view.id, view.subscriber, options, view.materials, view.orders)


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
