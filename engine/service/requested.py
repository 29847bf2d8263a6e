"""Provisioning requests, as users see them: by the page, and without what nobody is shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.domain.request import ProvisioningRequest, RequestState
from engine.service import transcript
from engine.service.act import find
from engine.service.context import Context
from engine.service.reading import check_filters
from engine.service.views import Page
from engine.store import requests


def list_requests(context: Context, filters: Mapping[str, Any], limit: int, offset: int) -> Page[ProvisioningRequest]:
    """A page of requests, in the order of their making. Raises for a filter, a state or a subscription not known."""
    check_filters(filters, requests.FILTERS, "life_cycle_state", RequestState)
    if "provider" in filters:
        context.provider(filters["provider"])
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
