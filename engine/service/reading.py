"""What callers say, made into details: every field checked, none unknown, each error with its field."""

import dataclasses
import re
import types
import typing
from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import datetime
from enum import EnumType, StrEnum
from functools import cache
from typing import Any

import msgspec

from engine.domain.actions import Action
from engine.domain.errors import InvalidError, UnknownError, UnknownFieldError, known
from engine.domain.rules import RULES

LONGEST_TEXT = 200
# What XML can't carry, no platform can be told.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SECONDS = re.compile(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?")
MISSING = re.compile(r"Object missing required field `(?P<name>.*)`$")
WHERE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*?)`)?$", re.DOTALL)


def read_action(name: str) -> Action:
    """The action of this code, in any case. Raises UnknownError."""
    allowed = {action.value for action in RULES}
    if name.upper() not in allowed:
        raise UnknownError("action", name, allowed)
    return Action(name.upper())


def check_filters(filters: Mapping[str, Any], names: Collection[str], state: str, states: type[StrEnum]) -> None:
    """Refuse filters that nothing has, and a state that there is not. Raises DomainError."""
    for name in filters:
        if name not in names:
            raise UnknownFieldError(name, names)
    found, known_states = filters.get(state), [one.value for one in states]
    if found is not None and found not in known_states:
        raise UnknownError(state.replace("_", " "), found, known_states)


def read_details(action: Action, details: Mapping[str, Any]) -> Any:
    """The details that go with the action. Raises InvalidError with the path of the field that is wrong."""
    return convert(details, RULES[action].details)


def convert(value: Any, kind: type[Any], *, strict: bool = False, free_texts: Collection[str] = ()) -> Any:
    """The value as a dataclass, checked in depth. Raises InvalidError.

    Unless `strict`, a text may stand for what it spells: from a command line, or from a table in a scenario.
    `free_texts` are fields whose texts may be of any length.
    """
    check_texts(named(value, free_texts) if free_texts else value, "")
    check_names(value, kind, "")
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error


def named(value: Mapping[str, Any], free_texts: Collection[str]) -> dict[str, Any]:
    """The value without the texts that are free; where they have names, with these."""
    return {
        name: part if name not in free_texts else list(part) if isinstance(part, Mapping) else []
        for name, part in value.items()
    }


def invalid(sentence: str) -> InvalidError:
    """What msgspec found wrong, with the path of the field first."""
    found = WHERE.match(sentence)
    what, where = (found["what"], found["where"] or "") if found else (sentence, "")
    missing = MISSING.match(what)
    if missing:
        path = f"{where}.{missing['name']}".lstrip(".")
        return InvalidError(f"{path} is wanted.", field=path)
    return InvalidError(f"{where or 'The whole'}: {what}.", field=where)


def check_names(value: Any, kind: Any, path: str) -> None:
    """Refuse fields that the kind does not have, and values that are none of it, in depth."""
    kind = known_part(kind)
    if has_fields(kind) and isinstance(value, Mapping):
        hints = hints_of(kind)
        for name, part in value.items():
            if name not in hints:
                raise UnknownFieldError(f"{path}{name}", hints)
            check_names(part, hints[name], f"{path}{name}.")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            for inner in typing.get_args(kind)[:1]:
                check_names(part, inner, f"{path[:-1]}[{index}].")
    else:
        check_value(value, kind, path.rstrip("."))


def known_part(kind: Any) -> Any:
    """The kind without what it may be instead, such as None."""
    parts = typing.get_args(kind) if isinstance(kind, types.UnionType) else ()
    return next((part for part in parts if part is not type(None)), kind)


def has_fields(kind: Any) -> bool:
    """Whether it is an object with fields of its own."""
    return dataclasses.is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


@cache
def hints_of(kind: Hashable) -> Mapping[str, Any]:
    """The fields of an object and their kinds, found once: Python takes long to find them."""
    return typing.get_type_hints(kind)


def check_value(value: Any, kind: Any, where: str) -> None:
    """Refuse words that an enumeration does not have, and seconds for a time."""
    if isinstance(kind, EnumType) and isinstance(value, str) and value not in list(kind):
        name = where.rpartition(".")[2].replace("_", " ")
        raise InvalidError(f"Unknown {name} {value!r}{known(value, list(kind))}.", field=where)
    if kind is datetime and (isinstance(value, int | float) or (isinstance(value, str) and SECONDS.fullmatch(value))):
        raise InvalidError(f"{where} is {value!r}; a time such as 2030-01-31T20:00:00Z is wanted.", field=where)


def check_texts(value: Any, path: str) -> None:
    """Refuse texts that are too long or hold characters that can't be sent."""
    for where, text in texts(value, path):
        if len(text) > LONGEST_TEXT:
            raise InvalidError(f"{where} has {len(text)} characters; at most {LONGEST_TEXT} are wanted.", field=where)
        check_printable(text, where)


def check_printable(text: str, where: str) -> None:
    """Refuse a text that holds characters that can't be sent."""
    unprintable = UNPRINTABLE.search(text)
    if unprintable:
        raise InvalidError(f"{where} holds the control character {unprintable[0]!r}.", field=where)


def texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield f"a name in {path or 'the whole'}", name
            yield from texts(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield from texts(part, f"{path}[{index}]")
