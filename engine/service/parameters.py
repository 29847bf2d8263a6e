"""What a protocol wants of a provider: its parameters, and ids that the platform can read."""

from collections.abc import Mapping

from engine.domain.errors import InvalidError
from engine.domain.provider import Provider
from engine.ports import Adapter, ProviderParameter


def check_protocol(where: str, provider: Provider, adapter: Adapter) -> None:
    """Refuse parameters and ids with which the provider could not work."""
    check_parameters(f"{where}.connection", provider.connection, adapter.connection_parameters)
    check_parameters(f"{where}.operations", provider.operations, adapter.operation_parameters)
    for service in provider.services:
        instead = adapter.unfit_service(service.ca_id)
        if service.ca_id and instead:
            field = f"{where}.services[{service.product}].ca_id"
            raise InvalidError(f"{field}: found {service.ca_id!r}; wanted: {instead}.", field=field)
    check_services_apart(where, provider, adapter)


def check_services_apart(where: str, provider: Provider, adapter: Adapter) -> None:
    """Refuse two spellings of one id: here they would be two services, of which each would take the other's away."""
    spelt: dict[str, str] = {}
    for service in provider.services:
        before = spelt.setdefault(adapter.service_there(service.ca_id), service.ca_id)
        if before != service.ca_id:
            field = f"{where}.services[{service.product}].ca_id"
            said = f"found {service.ca_id!r} beside {before!r}, which is the same there; wanted: one spelling"
            raise InvalidError(f"{field}: {said}.", field=field)


def check_parameters(where: str, found: Mapping[str, str], wanted: Mapping[str, ProviderParameter]) -> None:
    """Refuse parameters that are unknown, missing, or can't be used. A secret is never told."""
    for name, value in found.items():
        if name not in wanted:
            raise InvalidError(f"{where}: {name!r} is unknown; known: {', '.join(wanted) or 'none'}.", field=where)
        if not value:
            raise InvalidError(f"{where}.{name} is empty; a value is wanted, or no such line.", field=f"{where}.{name}")
        instead = wanted[name].wanted(value)
        if instead:
            said = "a secret" if wanted[name].secret else repr(value)
            raise InvalidError(f"{where}.{name}: found {said}; wanted: {instead}.", field=f"{where}.{name}")
    for name, parameter in wanted.items():
        if parameter.mandatory and not found.get(name):
            raise InvalidError(f"{where}: {name} is wanted.")
