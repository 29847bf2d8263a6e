"""What the rules of distributors must be: nothing in them unknown, no bounds that can't be kept, no rings."""

from collections.abc import Iterable, Iterator, Mapping

from engine.domain.catalogue import Product
from engine.domain.errors import InvalidError
from engine.domain.provider import Distributor, Provider, Restriction


def check_rules(provider: Provider, products: Mapping[str, Product], distributors: Mapping[str, Distributor]) -> None:
    """Refuse rules of a provider's distributors that could not work. Raises InvalidError."""
    services = {code for code, product in products.items() if product.is_service}
    goods = products.keys() - services
    types = {provider.hardware_type(code) for code in goods}
    for one in provider.distributors:
        where, dependencies = f"providers[{provider.code}].distributors[{one.code}]", one.dependencies
        # fmt: off
        for field, kind, named, known in (
            ("allowed_services",                 "service",               one.allowed_services or (),       services),
            ("dependencies.services",            "service",               dependencies.services,            services),
            ("dependencies.physical_goods",      "physical good",         dependencies.physical_goods,      goods),
            ("dependencies.physical_good_types", "type of physical good", dependencies.physical_good_types, types),
        ):
            refuse_unknown(f"{where}.{field}", kind, named, known)
        # fmt: on
        for number, restriction in enumerate(one.restrictions):
            check_restriction(f"{where}.restrictions[{number}]", restriction, types)
        check_required(f"{where}.required_distributor", one, distributors)


def check_restriction(where: str, restriction: Restriction, types: Iterable[str]) -> None:
    """Refuse bounds that can't be kept, and what would count two kinds of things."""
    refuse_unknown(f"{where}.physical_good_types", "type of physical good", restriction.physical_good_types, types)
    if restriction.service_types and restriction.physical_good_types:
        raise InvalidError(
            f"{where}: found service_types and physical_good_types; wanted: one of the two.", field=where
        )
    least, most = restriction.minimum, restriction.maximum
    if least < 0 or (most is not None and least > most):
        wanted = "0 or more" if most is None else f"0 to the maximum {most}"
        raise InvalidError(f"{where}.minimum: found {least}; wanted: {wanted}.", field=f"{where}.minimum")


def check_required(where: str, one: Distributor, distributors: Mapping[str, Distributor]) -> None:
    """Refuse a required distributor that does not exist, and one that requires this one in the end."""
    if one.required_distributor:
        refuse_unknown(where, "distributor", [one.required_distributor], distributors)
    way = [one.code, *required_by(one, distributors)]
    if way[0] in way[1:]:
        ring = ", which requires ".join(way)
        raise InvalidError(f"{where}: found {ring}; wanted: no ring.", field=where)


def required_by(one: Distributor, distributors: Mapping[str, Distributor]) -> Iterator[str]:
    """The distributor that is required, the one that this requires, and so on until one comes again."""
    seen: set[str] = set()
    code = one.required_distributor
    while code in distributors and code not in seen:
        yield code
        seen.add(code)
        code = distributors[code].required_distributor


def refuse_unknown(where: str, kind: str, named: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a name that stands for nothing of this kind."""
    names = sorted(known)
    for name in named:
        if name not in names:
            raise InvalidError(
                f"{where}: found {name!r}, which is no {kind}; wanted: one of {', '.join(names) or 'none'}.",
                field=where,
            )
