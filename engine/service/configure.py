"""The configuration: read out of the database, changed by files and by the life cycle of providers.

Whoever changes it waits for whoever does already; the engine works with the new one as soon as it stands.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from sqlalchemy import Connection

from engine.domain.errors import NotAllowedError
from engine.domain.provider import Provider
from engine.service import checks, configuration_files
from engine.service.configuration_files import File, Files, located
from engine.service.configured import current, stored
from engine.service.context import Configuration, Context
from engine.service.difference import Difference, differences
from engine.store import configuration, requests
from engine.store.connecting import alone


@dataclass(frozen=True)
class Loaded:
    """What loading files changes, and sentences about what in them is allowed and hardly meant."""

    differences: list[Difference]
    warnings: list[str]


@dataclass(frozen=True)
class Plan:
    """What loading files comes to: what they name, as it shall be; the distributors that go; and what is told."""

    wanted: File
    gone: frozenset[str]
    told: Loaded


def load(context: Context) -> None:
    """Read the configuration out of the database."""
    with context.database.reading() as connection:
        context.configuration = current(context, connection)


def configure(context: Context, paths: Iterable[Path]) -> Loaded:
    """Load files, or folders of them, into the database. Gives what has changed: nothing, the second time.

    Raises DomainError with file, path and what was expected; then nothing has changed.
    """
    return load_texts(context, configuration_files.texts(paths))


def load_texts(context: Context, texts: Mapping[str, str]) -> Loaded:
    """As `configure`, with the contents of the files by their names."""
    found = configuration_files.read(texts, context.adapters)
    with changing(context) as connection:
        plan = planned(context, connection, found)
        wanted = plan.wanted
        configuration.save(connection, wanted.products, wanted.providers, wanted.definitions, plan.gone)
        if plan.told.differences:
            configuration.advance(connection)
    return plan.told


def preview_texts(context: Context, texts: Mapping[str, str]) -> Loaded:
    """What loading these would change, or be refused for."""
    wanted = configuration_files.read(texts, context.adapters)
    with context.database.reading() as connection:
        return planned(context, connection, wanted).told


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
        if provider.effective is not effective:
            configuration.set_effective(connection, code, effective=effective)
            configuration.advance(connection)


@contextmanager
def changing(context: Context) -> Iterator[Connection]:
    """A transaction that changes the configuration, which the engine then works with; one at a time.

    It is taken over before others can write, so that no action begins with the old one on the new database.
    """
    before = context.configuration
    try:
        with context.database.transaction() as connection:
            alone(connection)
            before = context.configuration
            yield connection
            context.configuration = current(context, connection)
    except BaseException:
        context.configuration = before
        raise


def planned(context: Context, connection: Connection, wanted: Files) -> Plan:
    """What the files come to on this database. Raises DomainError."""
    old = stored(connection)
    by_name = {name: decided(file, wanted.undecided, old) for name, file in wanted.by_name.items()}
    new, kept = whole(by_name.values()), as_file(old)
    checks.check(by_name, pick(kept, new, named=False), context.adapters)
    gone: set[str] = set()
    for name, file in by_name.items():
        for provider in file.providers:
            known = old.providers.get(provider.code)
            located(name, check_protocol, connection, known, provider)
            gone |= located(name, distributors_gone, connection, known, provider)
    before = pick(kept, new, named=True)
    changes = list(differences(asdict(before), asdict(new), checks.secrecy(context.adapters)))
    warnings = [said for one in new.providers for said in context.adapters[one.protocol].warnings(one)]
    return Plan(new, frozenset(gone), Loaded(changes, warnings))


def decided(file: File, undecided: frozenset[tuple[str, str]], old: Configuration) -> File:
    """The file, with the state in the database where it does not say if something is effective; what is new is not."""
    effective = {("providers", one.code) for one in old.providers.values() if one.effective}
    effective |= {("definitions", one.code) for one in old.definitions.values() if one.effective}
    said = {
        kind: tuple(
            replace(one, effective=(kind, one.code) in effective) if (kind, one.code) in undecided else one
            for one in getattr(file, kind)
        )
        for kind in configuration_files.WITH_A_STATE
    }
    return replace(file, **said)


def check_protocol(connection: Connection, old: Provider | None, new: Provider) -> None:
    """Refuse another protocol where requests were made: they, and what is believed, are in the old one."""
    if old and old.protocol != new.protocol and requests.count(connection, {"provider": new.code}):
        where = f"providers[{new.code}].protocol"
        raise NotAllowedError(
            f"{where}: found {new.protocol!r}, and requests in {old.protocol}; wanted: that, or a new provider.",
            field=where,
        )


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


def as_file(kept: Configuration) -> File:
    """A configuration in the form of a file."""
    return File(
        tuple(kept.catalogue.products.values()), tuple(kept.providers.values()), tuple(kept.definitions.values())
    )


def whole(parts: Iterable[File]) -> File:
    """Several files as one."""
    parts = list(parts)
    return File(
        **{one.name: tuple(itertools.chain(*(getattr(file, one.name) for file in parts))) for one in fields(File)}
    )


def pick(kept: File, new: File, *, named: bool) -> File:
    """Of what is kept already, what the files name, or what they do not: that stays as it is."""
    picked = {}
    for kind in (one.name for one in fields(File)):
        codes = {one.code for one in getattr(new, kind)}
        picked[kind] = tuple(one for one in getattr(kept, kind) if (one.code in codes) is named)
    return File(**picked)
