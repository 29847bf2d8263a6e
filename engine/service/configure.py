"""Loading the catalogue and the providers from TOML files: checked whole before anything is kept."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.domain.catalogue import Product
from engine.domain.errors import DomainError, InvalidError
from engine.domain.provider import Provider
from engine.ports import Adapter
from engine.service.context import Configuration, Context
from engine.service.reading import convert
from engine.store import configuration

# fmt: off
LIMITS = (
    # setting               at least  at most
    ("retry.attempts",        1,      1_000),
    ("retry.first_pause_s",   0.0,    3600.0),
    ("retry.longest_pause_s", 0.0,    3600.0),
    ("retry.total_s",         0.0,    86400.0),
    ("breaker.failures",      1,      1_000_000),
    ("breaker.pause_s",       0.0,    86400.0),
    ("timeouts.connect_s",    0.001,  3600.0),
    ("timeouts.read_s",       0.001,  3600.0),
)
# fmt: on


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
    known = dict(context.catalogue.products) | {product.code: product for product in products}
    check_once(context, files)
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
        catalogue, providers = configuration.load_catalogue(connection), configuration.load_providers(connection)
    context.configuration = Configuration(catalogue, pointed(providers, context.pointed))


def pointed(providers: Mapping[str, Provider], instead: Mapping[str, Mapping[str, str]]) -> dict[str, Provider]:
    """The providers, with the connection parameters that are used instead."""
    return {
        code: replace(provider, connection={**provider.connection, **instead.get(code, {})})
        for code, provider in providers.items()
    }


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(f"{path}: not TOML: {error}.", field=str(path)) from error
    return located(path, convert, content, File)  # type: ignore[no-any-return]  # convert gives what it was asked for


def located(path: Path, check: Any, *arguments: Any) -> Any:
    """Do the check, and name the file in what it refuses."""
    try:
        return check(*arguments)
    except DomainError as error:
        raise InvalidError(f"{path}: {error.message}", field=error.field) from error


def check_once(context: Context, files: Mapping[Path, File]) -> None:
    """Refuse a name that would stand for two things: in one file, in two, or in a file and in what is kept already."""
    sold = {product.code for file in files.values() for product in file.products}
    used = {provider.code for file in files.values() for provider in file.providers}
    kept = File(
        tuple(product for product in context.catalogue.products.values() if product.code not in sold),
        tuple(provider for provider in context.providers.values() if provider.code not in used),
    )
    seen = dict.fromkeys(names(kept), "the database")
    for path, file in files.items():
        for what, name in names(file):
            if not name:
                raise InvalidError(f"{path}: {what} is empty.", field=what)
            if (what, name) in seen:
                raise InvalidError(f"{path}: {what} {name!r} stands in {seen[what, name]} already.", field=what)
            seen[what, name] = str(path)


def names(file: File) -> Iterator[tuple[str, str]]:
    """What a file names, and what it names it; products are known by their names too, in any case."""
    for product in file.products:
        yield "products.code", product.code
        yield "products.name", product.name.casefold()
    for provider in file.providers:
        yield "providers.code", provider.code
        for distributor in provider.distributors:
            yield "providers.distributors.code", distributor.code


def check_products(products: tuple[Product, ...], known: Mapping[str, Product]) -> None:
    """Refuse products whose components do not exist, or whose choice can't be met."""
    for product in products:
        where = f"products[{product.code}]"
        for code in product.components:
            if code not in known or known[code].is_bundle:
                wanted = ", ".join(sorted(code for code, one in known.items() if not one.is_bundle))
                raise InvalidError(f"{where}.components: {code!r} is no flat product; known: {wanted}.")
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
    check_limits(where, provider)
    check_mapped(f"{where}.services", {one.product: one.ca_id for one in provider.services}, products)
    refuse_twice(f"{where}.services", [one.product for one in provider.services])
    check_mapped(f"{where}.hardware", {one.product: one.type for one in provider.hardware}, products)
    refuse_twice(f"{where}.hardware", [one.product for one in provider.hardware])
    if provider.effective and not (provider.distributors and provider.services):
        raise InvalidError(f"{where}: an effective provider has at least one distributor and one service mapping.")


def check_limits(where: str, provider: Provider) -> None:
    """Refuse settings that are no number to work with: an attempt too few, a pause without end."""
    for name, least, most in LIMITS:
        part, _, setting = name.partition(".")
        found = getattr(getattr(provider, part), setting)
        if not least <= found <= most:  # neither is what is not a number
            raise InvalidError(f"{where}.{name}: found {found}; wanted: {least} to {most}.", field=f"{where}.{name}")


def check_mapped(where: str, ids: Mapping[str, str], products: Mapping[str, Product]) -> None:
    """Refuse the mapping of what is no product, or to nothing."""
    for product, there in ids.items():
        if product not in products:
            raise InvalidError(f"{where}: {product!r} is no product; known: {', '.join(sorted(products))}.")
        if not there:
            raise InvalidError(f"{where}: the platform's name of {product} is empty.")


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
        raise InvalidError(
            f"{where}.connection.character_set_encoding: {charset!r} is unknown; wanted is one such as UTF-8."
        ) from error


def refuse_twice(where: str, products: list[str]) -> None:
    """Refuse two mappings of one product."""
    twice = [product for product, count in Counter(products).items() if count > 1]
    if twice:
        raise InvalidError(f"{where}: {', '.join(twice)} stands there more than once.", field=where)
