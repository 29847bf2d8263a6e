"""The configuration: read out of the database, changed by files and by the life cycle of providers.

Whoever changes it waits for whoever does already; the engine works with the new one as soon as it stands.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.service import checks, files
from engine.service.context import Configuration, Context
from engine.service.difference import Difference, differences
from engine.service.files import File, Files, located
from engine.store import configuration
from engine.store.connecting import alone

TURN = "configuration"


@dataclass(frozen=True)
class Plan:
    """What loading files comes to: what they name, as it shall be; the distributors that go; and what changes."""

    wanted: File
    gone: frozenset[str]
    differences: tuple[Difference, ...]


def load(context: Context) -> None:
    """Read the configuration out of the database."""
    with context.database.reading() as connection:
        context.configuration = current(context, connection)


def configure(context: Context, paths: Iterable[Path]) -> list[Difference]:
    """Load files, or folders of them, into the database. Gives what has changed: nothing, the second time.

    Raises DomainError with file, path and what was expected; then nothing has changed.
    """
    return load_texts(context, files.texts(paths))


def load_texts(context: Context, texts: Mapping[str, str]) -> list[Difference]:
    """As `configure`, with the contents of the files by their names."""
    wanted = files.read(texts, context.adapters)
    with changing(context) as connection:
        plan = planned(context, connection, wanted)
        configuration.save(connection, plan.wanted.products, plan.wanted.providers, plan.gone)
    return list(plan.differences)


def preview_texts(context: Context, texts: Mapping[str, str]) -> list[Difference]:
    """What loading these would change, or be refused for."""
    wanted = files.read(texts, context.adapters)
    with context.database.reading() as connection:
        return list(planned(context, connection, wanted).differences)


def set_effective(context: Context, code: str, *, effective: bool) -> None:
    """Let a provider be sent to, or not. Raises DomainError; what it lacks is said."""
    with changing(context) as connection:
        provider = Configuration(providers=configuration.load_providers(connection)).provider(code)
        lacking = checks.lacks(provider)
        if effective and lacking:
            raise NotAllowedError(
                f"Provider {code} can't be set as effective: found {lacking}; wanted: {checks.TO_BE_EFFECTIVE}.",
                field="provider",
            )
        configuration.set_effective(connection, code, effective=effective)


@contextmanager
def changing(context: Context) -> Iterator[Connection]:
    """A transaction that changes the configuration, which the engine then works with.

    It is taken over before others can write, so that no action begins with the old one on the new database.
    """
    with context.turns.of(TURN):
        before = context.configuration
        try:
            with context.database.transaction() as connection:
                alone(connection)
                yield connection
                context.configuration = current(context, connection)
        except BaseException:
            context.configuration = before
            raise


def current(context: Context, connection: Connection) -> Configuration:
    """What the database holds, with the connection parameters that are used instead until the engine ends."""
    providers = {
        code: replace(provider, connection={**provider.connection, **context.pointed.get(code, {})})
        for code, provider in configuration.load_providers(connection).items()
    }
    return Configuration(configuration.load_catalogue(connection), providers)


def planned(context: Context, connection: Connection, wanted: Files) -> Plan:
    """What the files come to on this database. Raises DomainError."""
    old = Configuration(configuration.load_catalogue(connection), configuration.load_providers(connection))
    by_name = {name: decided(file, wanted.undecided, old.providers) for name, file in wanted.by_name.items()}
    checks.check(by_name, unnamed(old, by_name.values()), context.adapters)
    gone: set[str] = set()
    for name, file in by_name.items():
        for provider in file.providers:
            gone |= located(name, distributors_gone, connection, old.providers.get(provider.code), provider)
    new = File(
        tuple(one for file in by_name.values() for one in file.products),
        tuple(one for file in by_name.values() for one in file.providers),
    )
    changes = differences(asdict(named(old, new)), asdict(new), checks.secrecy(context.adapters))
    return Plan(new, frozenset(gone), tuple(changes))


def decided(file: File, undecided: frozenset[str], old: Mapping[str, Provider]) -> File:
    """The file, with the state in the database where it does not say if a provider is effective; a new one is not."""
    providers = (
        replace(one, effective=one.code in old and old[one.code].effective) if one.code in undecided else one
        for one in file.providers
    )
    return replace(file, providers=tuple(providers))


def distributors_gone(connection: Connection, old: Provider | None, new: Provider) -> set[str]:
    """The distributors that the provider no longer has. Raises NotAllowedError if anything is on one of them."""
    had = {one.code for one in old.distributors} if old else set()
    gone = had - {one.code for one in new.distributors}
    for code in sorted(gone):
        used = configuration.subscriptions_on(connection, code)
        if used:
            subscriptions = f"{used} subscription{'s'[: used > 1]}"
            raise NotAllowedError(
                f"providers[{new.code}].distributors[{code}]: found on {subscriptions}; one that is left out is wanted "
                "on none.",
                field=f"providers[{new.code}].distributors",
            )
    return gone


def named(old: Configuration, new: File) -> File:
    """Of what is kept already, what the files name."""
    products = (old.catalogue.products.get(one.code) for one in new.products)
    providers = (old.providers.get(one.code) for one in new.providers)
    return File(tuple(one for one in products if one), tuple(one for one in providers if one))


def unnamed(old: Configuration, new: Iterable[File]) -> File:
    """Of what is kept already, what the files do not name: it stays as it is."""
    products = {one.code for file in new for one in file.products}
    providers = {one.code for file in new for one in file.providers}
    return File(
        tuple(one for one in old.catalogue.products.values() if one.code not in products),
        tuple(one for one in old.providers.values() if one.code not in providers),
    )
