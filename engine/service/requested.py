"""Provisioning requests, as users see them: by the page, and without what nobody is shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.domain.errors import UnknownError
from engine.domain.request import ProvisioningRequest, RequestState
from engine.service import transcript
from engine.service.act import find
from engine.service.context import Context
from engine.service.reading import check_filters
from engine.service.views import Page
from engine.store import requests


def list_requests(
    context: Context, filters: Mapping[str, Any], limit: int, offset: int, *, protocol: str = ""
) -> Page[ProvisioningRequest]:
    """A page of requests, in the order of their making; with a protocol, of providers that speak it.

    Raises for a filter, a state, a provider or a subscription not known.
    """
    check_filters(filters, requests.FILTERS, "life_cycle_state", RequestState)
    codes = [code for code, one in context.providers.items() if protocol in {"", one.protocol}]
    if "provider" in filters and filters["provider"] not in codes:
        raise UnknownError("provider", filters["provider"], codes)
    if protocol:
        filters = {"provider": codes, **filters}  # a list: any of them
    with context.database.reading() as connection:
        if "subscription" in filters:
            find(connection, filters["subscription"])
        total = requests.count(connection, filters)
        found = requests.find(connection, filters, limit=limit, offset=offset)
    return Page(total, [veiled(context, one) for one in found])


def veiled(context: Context, request: ProvisioningRequest) -> ProvisioningRequest:
    """A request as it may be seen: what is secret in it is masked, which has not been sent yet."""
    row = context.adapter(context.provider(request.provider)).row(request.type)
    return (
        replace(request, parameters_set=transcript.of_parameters(row, request.parameters_set))
        if row.secrets
        else request
    )
