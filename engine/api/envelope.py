"""The form of every answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from flask import Response

from engine.domain.errors import (
    DomainError,
    InvalidError,
    NotAllowedError,
    NotAuthenticatedError,
    PlatformError,
    TooEarlyError,
    UnknownError,
)
from engine.service.views import Page

HTTP_STATUS: Mapping[type[DomainError], int] = {
    InvalidError: 400,
    NotAuthenticatedError: 403,
    UnknownError: 404,
    NotAllowedError: 409,
    TooEarlyError: 429,
    PlatformError: 502,
}
FINE = {"code": "OK", "description": "", "message": ""}
OK, ACCEPTED = 200, 202


class Status(msgspec.Struct, frozen=True):
    """Whether a call was done: `code` is for programs, `description` the field that was wrong, `message` says why."""

    code: str
    description: str
    message: str


class Text(msgspec.Struct, frozen=True):
    """An answer that is no JSON in an envelope."""

    text: bytes
    content_type: str


class Blocks(msgspec.Struct, frozen=True):
    """A file as an answer, of whatever size: it goes out as it is read, and the call is in hand until then."""

    blocks: Iterator[bytes]
    content_type: str
    name: str


class Later(msgspec.Struct, frozen=True):
    """An answer about something that will be done, and is not yet."""

    data: Any


def answer(found: Any, fields: Iterable[str] | None = None) -> Response:
    """What was asked for; of each result, these fields."""
    if isinstance(found, Text):
        return Response(found.text, content_type=found.content_type)
    if isinstance(found, Blocks):
        attached = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return Response(found.blocks, headers=attached, content_type=found.content_type)
    if isinstance(found, Later):
        return envelope(ACCEPTED, FINE, found.data)
    return envelope(OK, FINE, found if fields is None else picked(found, fields))


def picked(found: Any, fields: Iterable[str]) -> Any:
    """The result, or each result of a page, with these fields only."""
    if isinstance(found, Page):
        return Page(found.total, [picked(one, fields) for one in found.results])
    return {name: getattr(found, name) for name in fields}


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
