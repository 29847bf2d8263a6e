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
    """The configuration with what the text says in TOML. `[providers.…]` speaks of the only provider.

    Raises DomainError for what can't be meant, tomllib.TOMLDecodeError for what is no TOML.
    """
    said = tomllib.loads(text)
    ((code, provider),) = configuration.providers.items()
    body = merged(msgspec.to_builtins(provider), said.pop("providers", {}))
    products = merged(
        [msgspec.to_builtins(one) for one in configuration.catalogue.products.values()], said.pop("products", [])
    )
    if said:
        raise ValueError(f"found {', '.join(said)}; wanted: products, providers")
    return replace(
        configuration,
        catalogue=Catalogue({one["code"]: convert(one, Product) for one in products}),
        providers={code: convert(body, Provider)},
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
