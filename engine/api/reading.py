"""What a call says, checked before anything is done."""

import typing
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

import msgspec
from flask import Request, g
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from engine.api.models import HIGHEST_NUMBER, LARGEST_BODY_BYTES, ConfigurationFiles, Identifier, NewEntry, NewMessage
from engine.api.route import Route
from engine.domain.errors import InvalidError, UnknownFieldError, known
from engine.service.reading import check_texts, convert

DEEPEST = 16  # levels of a body
LONGEST_ECHO = 100  # characters of what a caller has said wrong
MOST_DIGITS = 19
FREE_TEXTS: Mapping[Any, tuple[str, ...]] = {  # read further on, whatever their length
    ConfigurationFiles: ("files",),
    NewEntry: ("text",),
    NewMessage: ("text",),
}
JSON = "application/json"
TOKEN = "token"  # noqa: S105 (the name of a field)


def number(text: str) -> int | float:
    """A number with a fraction or an exponent: a whole one is whole, however it is written."""
    found = float(text)
    return int(found) if found.is_integer() and abs(found) <= HIGHEST_NUMBER else found


DECODER = msgspec.json.Decoder(float_hook=number)


def said(request: Request, route: Route) -> list[Any]:
    """What the call's function is given besides the site. Raises InvalidError."""
    if route.query:
        return [query_of(request, route)]
    for name in request.args:
        raise UnknownFieldError(name, ())
    return [body_of(request, route.body)] if route.body else []


def document(request: Request) -> dict[str, Any]:
    """The body, a JSON object, read once. Raises InvalidError."""
    if "document" not in g:
        g.document = read(request)
    found: dict[str, Any] = g.document
    return found


def read(request: Request) -> dict[str, Any]:
    """The body, off the line."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    data = request.get_data(cache=False)
    if len(data) > LARGEST_BODY_BYTES:  # announced by nobody, so that it was cut one byte later
        raise RequestEntityTooLarge
    try:
        found = DECODER.decode(data)
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


def body_of(request: Request, model: Any) -> Any:
    """The body as a model. Raises InvalidError."""
    found = dict(document(request))
    if not isinstance(found.pop(TOKEN, ""), str):
        raise InvalidError(f"{TOKEN} is no text.", field=TOKEN)
    for name, (kind, are_several) in identifiers(model).items():
        if not are_several and name in found:
            check_identifier(name, found[name], kind)
        elif are_several and isinstance(found.get(name), list):
            for place, one in enumerate(found[name]):
                check_identifier(f"{name}[{place}]", one, kind)
    return convert(found, model, strict=True, free_texts=FREE_TEXTS.get(model, ()))


@cache
def identifiers(model: Hashable) -> Mapping[str, tuple[type[Identifier], bool]]:
    """The fields of a model that name something, or (True) some things."""
    parts = {name: (kind, *typing.get_args(kind)) for name, kind in typing.get_type_hints(model).items()}
    return {
        name: (kind, typing.get_origin(kinds[0]) is tuple)
        for name, kinds in parts.items()
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, Identifier)
    }


def check_identifier(name: str, found: Any, kind: type[Identifier]) -> None:
    """Refuse what is no object with exactly one key, such as `{"number": "S0000000329"}`."""
    try:
        identifier = msgspec.convert(found, kind)
    except msgspec.ValidationError:
        identifier = None
    if identifier is None or len(found) != 1:
        wanted = " or ".join(f'{{"{key}": …}}' for key in kind.__struct_fields__)
        raise InvalidError(f"{name}: found {repr(found)[:LONGEST_ECHO]}; wanted is {wanted}.", field=name)


def query_of(request: Request, route: Route) -> Any:
    """The query as a model. Raises InvalidError."""
    kinds = hints(route.query)
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in kinds:
            raise UnknownFieldError(name, kinds)
        if len(values) != 1:
            raise InvalidError(f"{name} stands {len(values)} times in the query; once is wanted.", field=name)
        found[name] = worth(name, values[0], kinds[name], route)
    return convert(found, route.query)


@cache
def hints(model: Hashable) -> Mapping[str, Any]:
    """The fields of a model, and their kinds with all that is said of them."""
    return typing.get_type_hints(model, include_extras=True)


def worth(name: str, text: str, kind: Any, route: Route) -> Any:
    """What a text in the query stands for."""
    if name == "fields_set":
        return fields_set(text, route)
    bounds = whole(kind)
    if bounds is None:
        check_texts(text, name)
        return text
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS else None
    if number is None or not bounds.ge <= number <= bounds.le:  # type: ignore[operator]  # every number in a query has bounds
        wanted = f"a whole number from {bounds.ge} to {bounds.le}"
        raise InvalidError(f"{name} is {text[:LONGEST_ECHO]!r}; {wanted} is wanted.", field=name)
    return number


@cache
def whole(kind: Any) -> msgspec.Meta | None:
    """The bounds of a whole number, if it is one."""
    kinds = (kind, *typing.get_args(kind))
    found = [one.__metadata__[0] for one in kinds if hasattr(one, "__metadata__") and one.__origin__ is int]
    return found[0] if found else None


def fields_set(text: str, route: Route) -> list[str]:
    """The fields of each result that are asked for."""
    names, allowed = text.split(","), typing.get_type_hints(route.result)
    for name in names:
        if name not in allowed:
            where = f"Unknown field {name!r}{known(name, allowed)}"
            raise InvalidError(f"fields_set: {where}.", field="fields_set")
    return names
