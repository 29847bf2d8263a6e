"""What the calls about single devices have in common: they ask, and tell whether the request has ended."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.api.envelope import Later
from engine.api.models import ForLater, OneDevice
from engine.api.site import Site
from engine.domain.request import ProvisioningRequest, RequestState
from engine.service.asked import Asked

Done = ProvisioningRequest | Later


def ask(
    site: Site,
    utility: str,
    said: ForLater,
    words: Mapping[str, Any],
    serial_number: str,
    *,
    protocol: str,
    to_all: bool = False,
) -> Done:
    """The request, which has ended, or is left for later, or waits for its answer."""
    provider = said.provisioning_provider_identifier
    asked = Asked(
        utility,
        words,
        serial_number,
        to_all=to_all,
        provider=provider.alternative_code if provider else "",
        protocol=protocol,
        process_immediately=said.process_immediately if isinstance(said.process_immediately, bool) else None,
        scheduled_date=said.scheduled_date or None,
        priority=said.priority,
    )
    made = site.engine.ask(asked)
    return Later(made) if are_pending([made]) else made


def are_pending(made: Iterable[ProvisioningRequest]) -> bool:
    """Whether any of these has not ended."""
    return any(one.life_cycle_state is RequestState.PENDING for one in made)


def device(said: OneDevice) -> str:
    """The device's serial number."""
    return said.installed_item_identifier.serial_number
