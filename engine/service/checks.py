"""What a configuration must be, before anything of it is kept: each refusal names path, found and wanted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from engine.domain.archive import made_before
from engine.domain.catalogue import Product
from engine.domain.errors import InvalidError
from engine.domain.provider import Distributor, Provider
from engine.domain.run import Definition, RunKind
from engine.ports import Adapter
from engine.service import filters, timetable
from engine.service.configuration_files import File, located
from engine.service.difference import sounds_secret
from engine.service.distribution import check_rules
from engine.service.parameters import check_protocol

DATABASE = "the database"
ANY_TEXT = "00"  # which can be said in every mode
MESSAGES = "send_message"
TO_BE_EFFECTIVE = "at least one distributor and one service mapping"

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
    ("rate.requests_per_s",   0.0,    1_000_000.0),
)
# fmt: on


@dataclass(frozen=True)
class Known:
    """All that there will be, and the protocols that are spoken."""

    products: Mapping[str, Product]
    providers: Mapping[str, Provider]
    adapters: Mapping[str, Adapter]

    @cached_property
    def distributors(self) -> Mapping[str, Distributor]:
        """The distributors of all providers, by code."""
        return {one.code: one for provider in self.providers.values() for one in provider.distributors}


def check(files: Mapping[str, File], kept: File, adapters: Mapping[str, Adapter]) -> None:
    """Refuse files, by their names, that can't stand beside what is kept. Raises InvalidError, which names the file."""
    check_once(kept, files)
    everything = {DATABASE: kept, **files}
    known = Known(
        {one.code: one for file in everything.values() for one in file.products},
        {one.code: one for file in everything.values() for one in file.providers},
        adapters,
    )
    for name, file in everything.items():
        located(name, check_products, file.products, known.products)
        for provider in file.providers:
            located(name, check_rules, provider, known.products, known.distributors)
    for name, file in files.items():
        for provider in file.providers:
            located(name, check_provider, provider, known)
    for name, file in everything.items():
        for definition in file.definitions:
            located(name, check_definition, definition, known)


def secrecy(adapters: Mapping[str, Adapter]) -> Callable[[str], bool]:
    """Which names stand for secrets: those that a protocol declares, and those that sound so."""
    declared: dict[str, bool] = {}
    for adapter in adapters.values():
        for name, parameter in (*adapter.connection_parameters.items(), *adapter.operation_parameters.items()):
            declared[name] = declared.get(name, False) or parameter.secret
    return lambda name: declared.get(name, sounds_secret(name))


def check_once(kept: File, files: Mapping[str, File]) -> None:
    """Refuse a name that would stand for two things: in one file, in two, or in a file and in what is kept already."""
    seen = dict.fromkeys(names(kept), DATABASE)
    for path, file in files.items():
        for what, name in names(file):
            if not name:
                raise InvalidError(f"{path}: {what} is empty.", field=what)
            if (what, name) in seen:
                raise InvalidError(f"{path}: {what} {name!r} stands in {seen[what, name]} already.", field=what)
            seen[what, name] = path


def names(file: File) -> Iterator[tuple[str, str]]:
    """What a file names, and what it names it; products are known by their names too, in any case."""
    for product in file.products:
        yield "products.code", product.code
        yield "products.name", product.name.casefold()
    for provider in file.providers:
        yield "providers.code", provider.code
        for distributor in provider.distributors:
            yield "providers.distributors.code", distributor.code
    for definition in file.definitions:
        yield "definitions.code", definition.code


def check_products(products: Iterable[Product], known: Mapping[str, Product]) -> None:
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


def check_provider(provider: Provider, known: Known) -> None:
    """Refuse a provider that could not work."""
    where, adapters, products = f"providers[{provider.code}]", known.adapters, known.products
    if provider.protocol not in adapters:
        raise InvalidError(f"{where}.protocol: found {provider.protocol!r}; wanted: {', '.join(sorted(adapters))}.")
    check_only_one(provider, known)
    check_protocol(where, provider, adapters[provider.protocol])
    check_limits(where, provider)
    check_mapped(f"{where}.services", {one.product: one.ca_id for one in provider.services}, products)
    refuse_twice(f"{where}.services", [one.product for one in provider.services])
    check_mapped(f"{where}.hardware", {one.product: one.type for one in provider.hardware}, products)
    refuse_twice(f"{where}.hardware", [one.product for one in provider.hardware])
    lacking = lacks(provider)
    if provider.effective and lacking:
        raise InvalidError(
            f"{where}.effective: found true with {lacking}; wanted: {TO_BE_EFFECTIVE}.",
            field=f"{where}.effective",
        )


def lacks(provider: Provider) -> str:
    """What a provider lacks to be effective, in words; nothing, where it has all."""
    wanted = {"no distributor": provider.distributors, "no service mapping": provider.services}
    return " and ".join(name for name, found in wanted.items() if not found)


def check_only_one(provider: Provider, known: Known) -> None:
    """Refuse a provider beside another one of its protocol, where the platform takes only one."""
    others = [code for code, one in known.providers.items() if one.protocol == provider.protocol]
    others.remove(provider.code)
    if others and known.adapters[provider.protocol].only_one_provider:
        where = f"providers[{provider.code}].protocol"
        raise InvalidError(
            f"{where}: found {provider.protocol!r} a second time, beside {', '.join(others)}; wanted: once only.",
            field=where,
        )


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


def refuse_twice(where: str, products: list[str]) -> None:
    """Refuse two mappings of one product."""
    twice = [product for product, count in Counter(products).items() if count > 1]
    if twice:
        raise InvalidError(f"{where}: {', '.join(twice)} stands there more than once.", field=where)


def check_definition(definition: Definition, known: Known) -> None:
    """Refuse a definition of runs that could not be carried out."""
    where = f"definitions[{definition.code}]"
    timetable.check(definition.schedule, f"{where}.schedule")
    if definition.provider and definition.provider not in known.providers:
        wanted = ", ".join(sorted(known.providers)) or "none"
        raise InvalidError(
            f"{where}.provider: found {definition.provider!r}; wanted: one of {wanted}.", field=f"{where}.provider"
        )
    if definition.kind is RunKind.MAIL:
        check_messages(definition, known, where)
    else:
        if definition.kind is RunKind.ERROR_HANDLING:
            adapter_of(definition, known, f"{where}.provider", "takes files", lambda one: one.takes_files)
        filters.check(definition, f"{where}.filters", {})
    if definition.kind is RunKind.ARCHIVE:
        check_archive(definition, where)


def check_archive(definition: Definition, where: str) -> None:
    """Refuse an archive run that is for one provider, that would begin without its password, or has no end."""
    found = {"provider": definition.provider, "schedule": definition.schedule}
    why = {"provider": "requests of all are archived", "schedule": "it is begun by hand, with the archive password"}
    for name, value in found.items():
        if value:
            path = f"{where}.{name}"
            raise InvalidError(f"{path}: found {value!r}; wanted: none, for {why[name]}.", field=path)
    try:
        made_before(definition.filters, datetime.now(UTC))
    except InvalidError as refusal:
        path = f"{where}.filters.{refusal.field}".removesuffix(".")
        raise InvalidError(f"{path}: {refusal.message}", field=path) from refusal


def check_messages(definition: Definition, known: Known, where: str) -> None:
    """Refuse filters of a mail run with which the platform could be told nothing: one message is made by them."""
    field = f"{where}.provider"
    adapter = adapter_of(definition, known, field, "takes messages", lambda one: MESSAGES in one.utilities)
    utility = adapter.utilities[MESSAGES]
    filters.check(definition, f"{where}.filters", utility.fields)
    said = filters.values(definition, utility.fields)
    try:
        utility.parameters(known.providers[definition.provider], "", {**said, filters.ENTRY: ANY_TEXT})
    except InvalidError as refusal:
        if refusal.field in said:
            path = f"{where}.filters.{refusal.field}"
            raise InvalidError(f"{where}.filters.{refusal.message}", field=path) from refusal


def adapter_of(definition: Definition, known: Known, field: str, what: str, does: Callable[[Adapter], bool]) -> Adapter:
    """The adapter of the provider of a run, which is refused if its platform does not do what is wanted of it."""
    protocols = {code for code, adapter in known.adapters.items() if does(adapter)}
    able = sorted(code for code, one in known.providers.items() if one.protocol in protocols)
    if definition.provider not in able:
        found = repr(definition.provider) if definition.provider else "nothing"
        wanted = f"one that {what} ({', '.join(able) or 'there is none'})"
        raise InvalidError(f"{field}: found {found}; wanted: {wanted}.", field=field)
    return known.adapters[known.providers[definition.provider].protocol]
