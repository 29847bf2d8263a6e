"""The operator's files, changed for one lab: what it says beside them."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from engine.domain.catalogue import Catalogue, Product
from engine.domain.provider import Provider
from engine.service.context import Configuration
from engine.service.reading import convert

NAMES = ("code", "product")
"""The fields by which an entry of a list is known."""


def changed(configuration: Configuration, text: str) -> Configuration:
    """The configuration with what the text says in TOML, of providers and products that are known by their codes.

    Raises DomainError for what can't be meant, tomllib.TOMLDecodeError for what is no TOML.
    """
    said = tomllib.loads(text)
    unknown = said.keys() - {"providers", "products"}
    if unknown or not all(isinstance(entries, list) for entries in said.values()):
        raise ValueError(f"found {', '.join(sorted(unknown or said))}; wanted: [[products]], [[providers]]")
    providers, products = (
        merged([msgspec.to_builtins(one) for one in known.values()], said.get(name, []))
        for name, known in (("providers", configuration.providers), ("products", configuration.catalogue.products))
    )
    return replace(
        configuration,
        catalogue=Catalogue({one["code"]: convert(one, Product) for one in products}),
        providers={one["code"]: convert(one, Provider) for one in providers},
    )


def merged(old: Any, new: Any) -> Any:
    """The old value with what is new: of tables each field, of lists of tables each entry of the same name."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**old, **{name: merged(old.get(name), value) for name, value in new.items()}}
    if isinstance(old, list | tuple) and all(name_of(one) for one in (*old, *new)):
        entries = {name_of(one): one for one in old}
        return list({**entries, **{name_of(one): merged(entries.get(name_of(one)), one) for one in new}}.values())
    return new


def name_of(entry: Any) -> Any:
    """What an entry of a list is known by; nothing, where it is no table with a name."""
    return next((entry[name] for name in NAMES if name in entry), None) if isinstance(entry, Mapping) else None
