"""What comes to the control port, checked before anything is done: bodies and queries into models."""

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from simulators.kit.control.models import Document
from simulators.kit.control.scene import ControlError
from simulators.kit.platform import BODY_LIMIT

DEEPEST = 32
WRONG_WORD = re.compile(r"^Invalid enum value .* - at `\$\.(\w+)`$")


def body_of(request: Request, model: type, named: Mapping[str, str]) -> Any:
    """The body as a model; what the path names already needn't be said again. Raises ControlError."""
    if request.mimetype != "application/json":
        raise ControlError(
            415, "not_json", f"the body's Content-Type must be application/json, not {request.mimetype!r}"
        )
    data = request.get_data()
    if len(data) > BODY_LIMIT:
        raise RequestEntityTooLarge
    document = _decoded(data)
    if not isinstance(document, dict):
        raise ControlError(400, "invalid", f"the body must be a JSON object, not {type(document).__name__}")
    if _depth(document) > DEEPEST:
        raise ControlError(400, "invalid", f"the body is nested deeper than {DEEPEST}")
    if model is Document:
        return document
    fields = msgspec.structs.fields(model)
    document = {name: value for name, value in named.items() if any(f.name == name for f in fields)} | document
    for name, value in named.items():
        if document.get(name, value) != value:
            raise ControlError(400, "invalid", f"{name} is {value!r} in the path and {document[name]!r} in the body")
    return _converted(document, model, strict=True)


def query_of(request: Request, model: type) -> Any:
    """The query as a model. Raises ControlError."""
    return _converted(request.args.to_dict(), model, strict=False)


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ControlError(400, "not_json", f"the body is not JSON: {error}") from error


def _converted(document: Any, model: type, *, strict: bool) -> Any:
    try:
        return msgspec.convert(document, model, strict=strict)
    except msgspec.ValidationError as error:
        raise ControlError(400, "invalid", f"{error}{_allowed(str(error), model)}") from error


def _allowed(sentence: str, model: type) -> str:
    """What may stand there, where a name or one of a few words was wrong; of other values the sentence says it."""
    if "unknown field" in sentence:
        return f"; {model.__name__} has {', '.join(field.name for field in msgspec.structs.fields(model))}"
    word = WRONG_WORD.search(sentence)
    return f"; there are {', '.join(_words(get_type_hints(model)[word[1]]))}" if word else ""


def _words(kind: Any) -> list[str]:
    """The words that a type allows, in whatever it is wrapped."""
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    return [word for inner in get_args(kind) for word in _words(inner)]


def _depth(document: Any) -> int:
    """How deep a document is nested, found without recursion."""
    deepest, level = 0, [document]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return deepest


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
