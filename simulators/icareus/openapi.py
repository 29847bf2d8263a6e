"""The published contract as an OpenAPI document, made from the table that requests are read by."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

from simulators.icareus.codes import Action, Code
from simulators.icareus.contract import EXACTLY_ONE, NUMBER, TAKES, TOKEN, Field
from simulators.kit.platform import BODY_LIMIT

PATH = "/delegate/account"
FORM, JSON, PLAIN = "application/x-www-form-urlencoded", "application/json", "text/plain"
_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_USER_ID = {**_TEXT, "pattern": f"^{NUMBER.pattern}$", "maxLength": NUMBER.most}
_ERROR = "Error"

# fmt: off
SUMMARIES = {
    Action.ADD_USER:          "Registers a user",
    Action.REMOVE_USER:       "Un-registers a user for good",
    Action.ACTIVATE_PRODUCTS: "Activates a set of products",
    Action.CANCEL_PRODUCTS:   "Cancels a set of products",
    Action.ADD_DEVICE:        "Registers a device to a user",
    Action.REMOVE_DEVICE:     "Takes a device off a user",
    Action.GET_USER:          "Shows a user",
}
DONE: dict[str, dict[str, str]] = {
    # answer to what was carried out: what it holds besides its status, and the schema of that
    "Done":      {},
    "UserAdded": {"userId": "UserId"},
    "UserShown": {"user": "User"},
}
TURNED_AWAY = {
    "405": "Another method than POST",
    "413": f"More than {BODY_LIMIT} bytes",
    "415": "Another type than a form in UTF-8",
}
# fmt: on


@lru_cache(maxsize=64)  # callers name the origin: any number of them
def document(origin: str) -> bytes:
    """The document as it is published to who asked for it there: a workspace is part of the origin."""
    return msgspec.json.encode(described(origin))


def described(origin: str) -> dict[str, Any]:
    """The OpenAPI document."""
    forms = {str(action): _form(action) for action in Action}
    answers = {name: _done(members) for name, members in DONE.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Icareus Suite, simulated: account management", "version": "1"},
        "servers": [{"url": origin}],
        "paths": {PATH: {"post": _account(), "get": _contract()}},
        "components": {"schemas": {**forms, **answers, _ERROR: _error(), "UserId": _USER_ID, "User": _user()}},
    }


def _account() -> dict[str, Any]:
    return {
        "operationId": "account",
        "summary": "Everything that can be done; the parameter `action` says what",
        "requestBody": {"required": True, "content": {FORM: {"schema": _one_of(Action)}}},
        "responses": {
            "200": _answer("Done, or refused", JSON, _one_of((*DONE, _ERROR))),
            **{status: _answer(said, PLAIN, _TEXT) for status, said in TURNED_AWAY.items()},
        },
    }


def _contract() -> dict[str, Any]:
    query = {"name": "openapi", "in": "query", "required": True, "allowEmptyValue": True, "schema": {"const": ""}}
    return {
        "operationId": "contract",
        "summary": "This description",
        "parameters": [query],
        "responses": {
            "200": _answer("The description", JSON, {"type": "object"}),
            "405": _answer(TURNED_AWAY["405"], PLAIN, _TEXT),
        },
    }


def _form(action: Action) -> dict[str, Any]:
    fields = TAKES[action]
    form = _object(
        {"action": {"const": action.value}, **{each.name: _field(each) for each in fields}},
        optional=[each.name for each in fields if not each.needed],
    )
    form["title"] = SUMMARIES[action]
    signed = ":".join(each.name if each.needed else f"[{each.name}]" for each in fields if each.signed)
    form["description"] = f"The token is of {signed}, then :time:key."
    if action in EXACTLY_ONE:
        form["oneOf"] = [{"required": [name]} for name in EXACTLY_ONE[action]]
    return form


def _field(each: Field) -> dict[str, Any]:
    """A parameter; that products are sorted, and none is there twice, only the words can say."""
    kind = each.kind
    most = {} if kind.most is None else {"maxLength": kind.most}
    return {**_TEXT, "pattern": f"^(?:{kind.pattern})$", **most, "description": kind.words}


def _done(members: dict[str, str]) -> dict[str, Any]:
    return _object({"status": {"const": "ok"}, **{name: _reference(schema) for name, schema in members.items()}})


def _error() -> dict[str, Any]:
    code = {"enum": [each.value for each in Code]}
    members = {"status": {"const": "error"}, "code": code, "message": _TEXT, "userId": _reference("UserId")}
    return _object(members, optional=["userId"])


def _user() -> dict[str, Any]:
    profile = [each.name for each in TAKES[Action.ADD_USER] if each.name not in {"organizationId", TOKEN.name}]
    members = {"userId": _reference("UserId"), **dict.fromkeys(profile, _TEXT), "products": _TEXTS, "devices": _TEXTS}
    return _object(members, optional=profile)


def _object(properties: dict[str, Any], optional: Iterable[str] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _answer(description: str, content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}


def _one_of(names: Iterable[str]) -> dict[str, Any]:
    return {"oneOf": [_reference(name) for name in names]}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
