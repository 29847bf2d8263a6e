"""The form of every answer, and the form in which calls name things."""

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Response, request

from engine.domain.errors import DomainError, InvalidError, NotAllowedError, UnknownError

HTTP_STATUS: Mapping[type[DomainError], int] = {InvalidError: 400, UnknownError: 404, NotAllowedError: 409}
DEEPEST = 16  # levels of a body
LONGEST_ECHO = 100  # characters of what a caller has said wrong


def answer(data: Any) -> Response:
    """What was asked for."""
    return envelope(200, {"code": "OK", "description": "", "message": ""}, data)


def refusal(status: int, code: str, message: str, field: str = "") -> Response:
    """Why it can't be had, and which field of the call is wrong."""
    return envelope(status, {"code": code, "description": field, "message": message}, {})


def refused(error: DomainError) -> Response:
    """The answer to a call that the domain refused."""
    status = next((number for kind, number in HTTP_STATUS.items() if isinstance(error, kind)), 400)
    return refusal(status, error.code, error.message, error.field)


def envelope(http_status: int, status: Mapping[str, str], data: Any) -> Response:
    """Status and data, as JSON."""
    body = msgspec.json.encode({"status": status, "data": data})
    return Response(body, http_status, mimetype="application/json")


def body() -> dict[str, Any]:
    """The call's body, a JSON object. Raises InvalidError."""
    if request.mimetype != "application/json":
        raise InvalidError(f"Content-Type is {request.mimetype!r}; application/json is wanted.", field="Content-Type")
    try:
        found = msgspec.json.decode(request.get_data() or b"{}")
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidError(f"The body is not JSON: {error}.", field="body") from error
    if not isinstance(found, dict):
        raise InvalidError("The body is not a JSON object.", field="body")
    if is_deeper(found, DEEPEST):
        raise InvalidError(f"The body is nested more than {DEEPEST} deep.", field="body")
    return found


def is_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects stand in each other more often than this."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inside is not None and (most == 0 or any(is_deeper(part, most - 1) for part in inside))


def identified(found: dict[str, Any], name: str, key: str, *, mandatory: bool = True) -> str:
    """Take an identifier such as `{"number": "S0000000329"}` out of a body. Raises InvalidError."""
    identifier = found.pop(name, None)
    if identifier is None and not mandatory:
        return ""
    said = identifier.get(key) if isinstance(identifier, dict) and len(identifier) == 1 else None
    if not isinstance(said, str) or not said:
        raise InvalidError(f'{name}: found {repr(identifier)[:LONGEST_ECHO]}; wanted is {{"{key}": "…"}}.', field=name)
    return said


def only(found: Mapping[str, Any], *allowed: str) -> None:
    """Refuse fields that the call does not have."""
    for name in found:
        if name not in allowed:
            raise UnknownError("field", name, allowed, field=name)


def wanted(name: str) -> str:
    """A text out of the query that must be there. Raises InvalidError."""
    text = request.args.get(name, "")
    if not text:
        raise InvalidError(f"{name} is wanted in the query.", field=name)
    return text


def number(name: str, otherwise: int, most: int = 2**31) -> int:
    """A whole number out of the query. Raises InvalidError."""
    text = request.args.get(name, str(otherwise))
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)) or int(text) > most:
        raise InvalidError(f"{name} is {text!r}; a whole number up to {most} is wanted.", field=name)
    return int(text)
