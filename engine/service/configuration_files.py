"""Configuration files: TOML, from paths or as texts, read into what they hold."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from engine.domain.catalogue import Product
from engine.domain.errors import DomainError, InvalidError, NotAllowedError
from engine.domain.provider import Provider
from engine.domain.run import Definition
from engine.ports import Adapter, ProviderParameter
from engine.service.reading import convert

P = ParamSpec("P")
R = TypeVar("R")
WITH_A_STATE = ("providers", "definitions")


@dataclass(frozen=True)
class File:
    """What a configuration file may hold."""

    products: tuple[Product, ...] = ()
    providers: tuple[Provider, ...] = ()
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True)
class Files:
    """What files hold, by their names.

    `undecided`: providers and definitions (kind, code) of which they do not say whether they are effective.
    """

    by_name: Mapping[str, File]
    undecided: frozenset[tuple[str, str]] = frozenset()


def texts(paths: Iterable[Path]) -> dict[str, str]:
    """The contents of these files, by name; folders stand for the TOML files in them. Raises InvalidError."""
    return {str(path): text(path) for path in expand(paths)}


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files meant by these paths. Raises InvalidError if there is none."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.toml")) if path.is_dir() else [path] if path.is_file() else []
        if not inside:
            raise InvalidError(f"{path}: neither a TOML file nor a folder with TOML files.", field=str(path))
        found += inside
    return found


def text(path: Path) -> str:
    """The file's text. Raises InvalidError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{path}: not TOML: {error}.", field=str(path)) from error


def read(contents: Mapping[str, str], adapters: Mapping[str, Adapter]) -> Files:
    """What the texts hold, of the right shape. Raises InvalidError with the line or the path of what is wrong."""
    tables = {name: parsed(name, content) for name, content in contents.items()}
    for table in tables.values():
        for provider in things(table, "providers"):
            spell(provider, adapters)
        for definition in things(table, "definitions"):
            spell_filters(definition)
    by_name = {name: located(name, convert, table, File) for name, table in tables.items()}
    undecided = (
        (kind, one["code"])
        for table in tables.values()
        for kind in WITH_A_STATE
        for one in things(table, kind)
        if "effective" not in one
    )
    return Files(by_name, frozenset(undecided))


def parsed(name: str, content: str) -> dict[str, Any]:
    """The text as a TOML document. Raises InvalidError."""
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidError(f"{name}: not TOML: {error}.", field=name) from error


def things(table: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The things of a kind in a document, as far as they have the shape of one."""
    found = table.get(kind, [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def spell(provider: Mapping[str, Any], adapters: Mapping[str, Adapter]) -> None:
    """Make texts of whole numbers, and of true and false, in the parameters for which the protocol has these."""
    protocol = provider.get("protocol")
    if not (isinstance(protocol, str) and protocol in adapters):
        return
    adapter = adapters[protocol]
    spell_parameters(provider.get("connection"), adapter.connection_parameters)
    spell_parameters(provider.get("operations"), adapter.operation_parameters)


def spell_parameters(found: Any, parameters: Mapping[str, ProviderParameter]) -> None:
    """Likewise in parameters of one kind, as far as they are a table. What is unknown is refused by its name, later."""
    for name, value in found.items() if isinstance(found, dict) else ():
        known = parameters.get(name, ProviderParameter(truth=True))
        if (known.truth and isinstance(value, int)) or (known.whole_number and type(value) is int):
            found[name] = str(value).lower()


def spell_filters(definition: Mapping[str, Any]) -> None:
    """Make texts of true and false, whole numbers and days in the filters of a definition."""
    found = definition.get("filters")
    if isinstance(found, dict):
        found |= {name: str(value).lower() for name, value in found.items() if isinstance(value, int) or is_day(value)}


def is_day(value: object) -> bool:
    """Whether it is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def located(name: str, check: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """Do the check, and name the file in what it refuses, and the path where the refusal doesn't."""
    try:
        return check(*arguments, **options)
    except DomainError as error:
        kind = NotAllowedError if isinstance(error, NotAllowedError) else InvalidError
        path = "" if error.field.partition(".")[0] in error.message else f"{error.field}: "
        raise kind(f"{name}: {path}{error.message}", field=error.field) from error
