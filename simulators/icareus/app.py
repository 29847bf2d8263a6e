"""The Icareus simulator: route, wire, token, state, wire. The only one who knows both the wire and the memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from simulators.icareus import wire
from simulators.icareus.codes import Action, Code
from simulators.icareus.contract import TOKEN
from simulators.icareus.openapi import PATH, document
from simulators.icareus.state import FIRST_USER, Catalogue, Memory, State, User
from simulators.icareus.tokens import Gate, Token, TokenError, token
from simulators.icareus.wire import BreachError, Instruction
from simulators.kit.gateway import plain_reply
from simulators.kit.platform import BODY_LIMIT, Call, Deed, Platform, Reply, Request, Violation
from simulators.kit.refusal import RefusedError

ORGANIZATION = "14806"
WINDOW_S = 300
APART = ("organizationId", "screenName")  # what is asked of addUser and is no part of the profile


class Done(NamedTuple):
    """What was done: whom it turned out to be about, and what the answer holds."""

    user: str
    members: Mapping[str, Any] = {}


Act = Callable[[State, Instruction], Done]


def _add_user(state: State, asked: Instruction) -> Done:
    profile = {name: value for name, value in asked.values.items() if name not in APART}
    id_ = state.add_user(asked.values.get("screenName", ""), profile)
    return Done(id_, {"userId": id_})


def _get_user(state: State, asked: Instruction) -> Done:
    id_, user = state.user(asked.subject)
    return Done(id_, {"user": _shown(id_, user)})


def _upon_user(act: Callable[[State, Instruction], None]) -> Act:
    """An act that answers with nothing."""

    def done(state: State, asked: Instruction) -> Done:
        act(state, asked)
        return Done(asked.subject)

    return done


# fmt: off
ACTS: dict[Action, Act] = {
    Action.ADD_USER:          _add_user,
    Action.REMOVE_USER:       _upon_user(lambda state, asked: state.remove_user(asked.subject)),
    Action.ACTIVATE_PRODUCTS: _upon_user(lambda state, asked: state.activate_products(asked.subject, asked.products)),
    Action.CANCEL_PRODUCTS:   _upon_user(lambda state, asked: state.cancel_products(asked.subject, asked.products)),
    Action.ADD_DEVICE:        _upon_user(lambda state, asked: state.add_device(asked.subject, asked.device)),
    Action.REMOVE_DEVICE:     _upon_user(lambda state, asked: state.remove_device(asked.subject, asked.device)),
    Action.GET_USER:          _get_user,
}
# fmt: on


def icareus(
    *,
    products: Iterable[str],
    devices: Iterable[str] | None = None,
    organization: str = ORGANIZATION,
    key: str = "headend",
    window_s: int = WINDOW_S,
    single_use_tokens: bool = False,
    seed: int = 0,
) -> Platform[State]:
    """Icareus Suite with a catalogue of products and, where somebody counts them, the devices in stock.

    A token is taken up to `window_s` seconds before and after its time. Raises ValueError, with a sentence, where no
    token ever could be.
    """
    return Platform(
        name="icareus",
        operations=tuple(Action),
        codes=tuple(Code),
        read=_Port(Gate(organization, key, window_s), single_use_tokens).read,
        fresh=lambda catalogue: State(Memory(catalogue, next_user=FIRST_USER + seed)),
        load=_load,
        seeded=_seeded,
        status_reply=lambda status: plain_reply(status, f"{status}"),
        catalogue=Catalogue(frozenset(products), None if devices is None else frozenset(devices)),
        sets=frozenset({"productIds"}),
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class _Port:
    """The way in: what isn't a call in order is turned away before the memory is asked."""

    gate: Gate
    single_use_tokens: bool

    def read(self, request: Request) -> Call[State] | Reply:
        if request.path == PATH and request.method == "GET" and request.query in {"openapi", "openapi="}:
            return Reply(200, document(request.origin), wire.JSON)
        # a token may be in any request, also in one that is turned away; the journal keeps none
        secrets = wire.secrets(request.body, request.content_type)
        return replace(self._call(request), secrets=secrets, hide=wire.without_tokens)

    def _call(self, request: Request) -> Call[State]:
        if request.path != PATH:
            return _turned_away("NOT_FOUND", plain_reply(404, f"there is nothing at {request.path}"))
        if request.method != "POST":
            return _not_allowed(request.method)
        if request.oversize:
            return _too_large()
        return self._asked(request.body) if wire.is_form(request.content_type) else _no_form()

    def _asked(self, body: bytes) -> Call[State]:
        try:
            asked = wire.read(body)
            shown = token(asked.token)
        except BreachError as breach:
            return _breach(breach)
        except TokenError as error:
            return _breach(BreachError(error.code, TOKEN.name, error.detail, asked.action))

        def perform(state: State, at: datetime) -> Deed:
            return _deed(lambda: self._let_in(state, asked, shown, at))

        return Call(
            operation=asked.action.value,
            perform=perform,
            refuse=lambda _, code, detail: _deed(partial(_refuse, code, detail)),
            subject=asked.subject,
            parameters=asked.parameters,
        )

    def _let_in(self, state: State, asked: Instruction, shown: Token, at: datetime) -> Done:
        """Act for whoever has a good token. Raises TokenError or RefusedError; then nothing was done."""
        self.gate.check(shown, asked.signed, asked.values["organizationId"], at)
        if self.single_use_tokens:
            state.use_token(blake2b(asked.token.encode(), digest_size=16).hexdigest())
        return ACTS[asked.action](state, asked)


def _breach(breach: BreachError) -> Call[State]:
    def perform(_: State, __: datetime) -> Deed:
        return _deed(partial(_refuse, breach.code, f"{breach}"))

    violation = Violation(f"/{breach.name}", breach.message)
    operation = breach.code if breach.action is None else breach.action
    return Call(operation=operation.value, perform=perform, violations=(violation,))


def _turned_away(operation: str, reply: Reply, *violations: Violation) -> Call[State]:
    deed = Deed(reply, code=str(reply.status))
    return Call(operation=operation, perform=lambda _, __: deed, violations=violations)


def _not_allowed(method: str) -> Call[State]:
    sentence = f"{method} is not allowed; POST is, and GET {PATH}?openapi"
    violation = Violation("/", f"{method} is not allowed")
    reply = plain_reply(405, sentence, ("Allow", "GET, POST"))
    return _turned_away("METHOD_NOT_ALLOWED", reply, violation)


def _too_large() -> Call[State]:
    reply = plain_reply(413, f"a call has at most {BODY_LIMIT} bytes", ("Connection", "close"))
    return _turned_away("TOO_LARGE", reply, Violation("/", f"more than {BODY_LIMIT} bytes"))


def _no_form() -> Call[State]:
    violation = Violation("/", f"the body is not {wire.FORM} in UTF-8")
    reply = plain_reply(415, f"{wire.FORM} in UTF-8 is wanted", ("Accept", wire.FORM))
    return _turned_away("UNSUPPORTED_MEDIA_TYPE", reply, violation)


def _refuse(code: str, detail: str) -> Done:
    raise RefusedError(code, detail)


def _deed(act: Callable[[], Done]) -> Deed:
    """What comes of an act, as an answer: a refusal is HTTP 200 too."""
    try:
        done = act()
    except TokenError as error:
        return Deed(_reply(wire.refused(error.code, error.detail, {})), error.code)
    except RefusedError as error:
        return Deed(_reply(wire.refused(error.code, error.detail, error.members)), error.code)
    return Deed(_reply(wire.done(done.members)), subject=done.user)


def _reply(body: bytes) -> Reply:
    return Reply(200, body, wire.JSON)


def _shown(id_: str, user: User) -> dict[str, Any]:
    names = {"screenName": user.screen_name} if user.screen_name else {}
    held = {"products": sorted(user.products), "devices": sorted(user.devices)}
    return {"userId": id_, **names, **user.profile, **held}


def _load(document: Any) -> State:
    try:
        return State(msgspec.convert(document, Memory))
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no memory of Icareus Suite's: {error}") from error


def _seeded(catalogue: Catalogue, additions: Mapping[str, Any]) -> Catalogue:
    try:
        return msgspec.convert({**msgspec.to_builtins(catalogue), **additions}, Catalogue)
    except msgspec.ValidationError as error:
        raise ValueError(f"this is no catalogue of Icareus Suite's: {error}") from error
