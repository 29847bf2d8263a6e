"""What separates two configurations, as values: what is added, changed and removed, path by path, secrets masked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

MASK = "***"
SECRET_WORDS = frozenset({"password", "secret", "key", "token", "pin"})
Thing = Mapping[str, Any]

# Lists of things that have a name: by this field the same thing is found again.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "products": "code",
        "providers": "code",
        "providers.distributors": "code",
        "providers.services": "product",
        "providers.hardware": "product",
        "definitions": "code",
    }
)
IN_ORDER = frozenset({"providers.distributors"})


class Change(StrEnum):
    """What becomes of a thing or of a value."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Difference:
    """One difference: its path, such as `providers[tucano].connection.end_point`, what was found and what is wanted."""

    path: str
    change: Change
    found: Any = None
    wanted: Any = None


def differences(found: Thing, wanted: Thing, is_secret: Callable[[str], bool]) -> list[Difference]:
    """What makes one configuration of the other: both hold lists of things by kind."""
    return [
        Difference(
            one.path, one.change, masked(one.path, one.found, is_secret), masked(one.path, one.wanted, is_secret)
        )
        for kind in wanted
        for one in of_list(kind, kind, found[kind], wanted[kind])
    ]


def of_list(kind: str, path: str, found: Sequence[Thing], wanted: Sequence[Thing]) -> Iterator[Difference]:
    """The differences of two lists of things, each found again by its name."""
    name = NAMES[kind]
    old, new = ({one[name]: one for one in things} for things in (found, wanted))
    for key in [*old, *(key for key in new if key not in old)]:
        where = f"{path}[{key}]"
        if key not in new:
            yield Difference(where, Change.REMOVED, found=own(kind, old[key]))
        elif key not in old:
            yield Difference(where, Change.ADDED, wanted=own(kind, new[key]))
            for part in parts(kind):
                yield from of_list(f"{kind}.{part}", f"{where}.{part}", (), new[key][part])
        else:
            yield from of_fields(kind, where, old[key], new[key])
    kept = [[key for key in keys if key in old and key in new] for keys in (old, new)]
    if kind in IN_ORDER and kept[0] != kept[1]:
        yield Difference(path, Change.CHANGED, *kept)


def of_fields(kind: str, path: str, found: Thing, wanted: Thing) -> Iterator[Difference]:
    """The differences of two things, or of two tables in them, field by field."""
    for field in [*found, *(field for field in wanted if field not in found)]:
        where, inner = f"{path}.{field}", f"{kind}.{field}"
        if field not in wanted:
            yield Difference(where, Change.REMOVED, found=found[field])
        elif field not in found:
            yield Difference(where, Change.ADDED, wanted=wanted[field])
        elif inner in NAMES:
            yield from of_list(inner, where, found[field], wanted[field])
        elif isinstance(found[field], Mapping) and isinstance(wanted[field], Mapping):
            yield from of_fields(inner, where, found[field], wanted[field])
        elif found[field] != wanted[field]:
            yield Difference(where, Change.CHANGED, found[field], wanted[field])


def parts(kind: str) -> list[str]:
    """The lists of things that a thing of this kind has."""
    return [one.removeprefix(f"{kind}.") for one in NAMES if one.startswith(f"{kind}.")]


def own(kind: str, thing: Thing) -> dict[str, Any]:
    """What a thing is by itself, without its lists of things."""
    return {field: value for field, value in thing.items() if field not in parts(kind)}


def masked(path: str, value: Any, is_secret: Callable[[str], bool]) -> Any:
    """The value, with whatever has a secret name masked."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {name: masked(name, part, is_secret) for name, part in value.items()}
    return MASK if is_secret(path.rpartition(".")[2]) else value


def sounds_secret(name: str) -> bool:
    """Whether a name speaks of something that nobody should read."""
    return not SECRET_WORDS.isdisjoint(name.casefold().replace("-", "_").split("_"))
