"""Loading the catalogue and the providers from TOML files: checked whole before anything is kept."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.catalogue import Product
from engine.domain.errors import DomainError, InvalidError
from engine.domain.provider import Provider
from engine.ports import Adapter
from engine.service.context import Context
from engine.service.reading import convert
from engine.store import configuration


@dataclass(frozen=True)
class File:
    """What a configuration file may hold."""

    products: tuple[Product, ...] = ()
    providers: tuple[Provider, ...] = ()


def configure(context: Context, paths: Iterable[Path]) -> None:
    """Load files (folders stand for the TOML files in them) into the database. Twice changes nothing.

    Raises InvalidError with file, path and what was expected; then nothing has changed.
    """
    files = {path: read(path) for path in expand(paths)}
    products = [product for file in files.values() for product in file.products]
    known = {product.code: product for product in products} | dict(context.catalogue.products)
    for path, file in files.items():
        located(path, check_products, file.products, known)
        for provider in file.providers:
            located(path, check_provider, provider, known, context.adapters)
    with context.database.transaction() as connection:
        configuration.save(connection, products, [one for file in files.values() for one in file.providers])
    load(context)


def load(context: Context) -> None:
    """Read the configuration out of the database."""
    with context.database.reading() as connection:
        context.catalogue = configuration.load_catalogue(connection)
        context.providers = configuration.load_providers(connection)


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files meant by these paths. Raises InvalidError if there is none."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.toml")) if path.is_dir() else [path] if path.is_file() else []
        if not inside:
            raise InvalidError(f"{path}: neither a TOML file nor a folder with TOML files.", field=str(path))
        found += inside
    return found


def read(path: Path) -> File:
    """The file's content, of the right shape. Raises InvalidError with the line or the path of what is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidError(f"{path}: not TOML: {error}.", field=str(path)) from error
    return located(path, convert, content, File)  # type: ignore[no-any-return]  # convert gives what it was asked for


def located(path: Path, check: Any, *arguments: Any) -> Any:
    """Do the check, and name the file in what it refuses."""
    try:
        return check(*arguments)
    except DomainError as error:
        raise InvalidError(f"{path}: {error.message}", field=error.field) from error


def check_products(products: tuple[Product, ...], known: Mapping[str, Product]) -> None:
    """Refuse products whose components do not exist, or whose choice can't be met."""
    refuse_twice("products", "code", [product.code for product in products])
    for product in products:
        where = f"products[{product.code}]"
        for code in product.components:
            if code not in known:
                raise InvalidError(f"{where}.components: {code!r} is no product; known: {', '.join(sorted(known))}.")
        if product.is_bundle != bool(product.components):
            wanted = "at least one component" if product.is_bundle else "no components"
            raise InvalidError(f"{where}: a {product.composition} product has {wanted}.", field=f"{where}.components")
        most = len(product.components) if product.maximum is None else product.maximum
        if not 0 <= product.minimum <= most:
            raise InvalidError(f"{where}: minimum {product.minimum} is wanted between 0 and the maximum {most}.")


def check_provider(provider: Provider, products: Mapping[str, Product], adapters: Mapping[str, Adapter]) -> None:
    """Refuse a provider that could not work."""
    where = f"providers[{provider.code}]"
    if provider.protocol not in adapters:
        raise InvalidError(f"{where}.protocol: found {provider.protocol!r}; wanted: {', '.join(sorted(adapters))}.")
    check_connection(where, provider.connection, adapters[provider.protocol].connection_parameters)
    refuse_twice(f"{where}.distributors", "code", [one.code for one in provider.distributors])
    refuse_twice(f"{where}.services", "product", [one.product for one in provider.services])
    for product in [one.product for one in provider.services] + [one.product for one in provider.hardware]:
        if product not in products:
            raise InvalidError(
                f"{where}: {product!r} is mapped and is no product; known: {', '.join(sorted(products))}."
            )
    if provider.effective and not (provider.distributors and provider.services):
        raise InvalidError(f"{where}: an effective provider has at least one distributor and one service mapping.")


def check_connection(where: str, found: Mapping[str, str], wanted: Mapping[str, bool]) -> None:
    """Refuse connection parameters that are unknown, missing, or name a character set that does not exist."""
    for name in found:
        if name not in wanted:
            raise InvalidError(f"{where}.connection: {name!r} is unknown; known: {', '.join(wanted)}.")
    for name, mandatory in wanted.items():
        if mandatory and not found.get(name):
            raise InvalidError(f"{where}.connection: {name} is wanted.")
    charset = found.get("character_set_encoding", "UTF-8")
    try:
        "".encode(charset)
    except (LookupError, UnicodeError) as error:
        raise InvalidError(f"{where}.connection.character_set_encoding: {charset!r} is unknown.") from error


def refuse_twice(where: str, field: str, values: list[str]) -> None:
    """Refuse two entries of the same name."""
    twice = [value for value, count in Counter(values).items() if count > 1]
    if twice:
        raise InvalidError(f"{where}: {field} {', '.join(twice)} stands there more than once.")
