"""`name=value` pairs of the command line, made into the details of an action."""

import dataclasses
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from harness.cli.reach import CalledWronglyError


def nest(kind: type[Any], pairs: Iterable[str]) -> dict[str, Any]:
    """The details that the pairs spell; what the names mean is read off the order's fields.

    `a=1`; `a.b=1` for a part; `a.0.b=1` for a part of the first of several; `a=1,2` for several.
    """
    details: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CalledWronglyError(f"Found {pair!r}; wanted is name=value, with one of: {', '.join(fields(kind))}.")
        try:
            place(details, kind, name.split("."), value)
        except (TypeError, AttributeError, RecursionError) as error:
            raise CalledWronglyError(f"{name} does not go with what stands before it.") from error
    return details


def fields(kind: Any) -> Mapping[str, Any]:
    """The fields of an order, with their types; none, where it is no order."""
    return typing.get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}


def place(details: dict[str, Any], kind: Any, path: list[str], value: str) -> None:
    """Put the value where the path says."""
    name, *rest = path
    inner = fields(kind).get(name)
    several = typing.get_origin(inner) is tuple
    if not rest:
        details[name] = [one for one in value.split(",") if one] if several else value
    elif several and rest[0].isdecimal() and len(rest) > 1:
        parts = details.setdefault(name, [])
        index = min(int(rest[0]), len(parts))
        if index == len(parts):
            parts.append({})
        place(parts[index], typing.get_args(inner)[0], rest[1:], value)
    elif several:
        parts_of = ", ".join(fields(typing.get_args(inner)[0]))
        raise CalledWronglyError(f"Found {'.'.join(path)}; wanted is {name}.0.NAME=VALUE, with one of: {parts_of}.")
    else:
        place(details.setdefault(name, {}), inner, rest, value)
