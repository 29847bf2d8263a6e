"""What a question about a secure client shows, kind by kind: never its PIN."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from simulators.irdeto.client import SecureClient
from simulators.irdeto.codes import Kind
from simulators.kit.windows import instant, span

Properties = tuple[tuple[str, str], ...]
WITHOUT_END = "without end"


class Section(NamedTuple):
    """What is answered of one kind."""

    kind: Kind
    properties: Properties


class Asked(NamedTuple):
    """Whom a question is about, when, and who else is there."""

    id: str
    client: SecureClient
    at: datetime
    clients: Mapping[str, SecureClient]


def _pairing(asked: Asked) -> Properties:
    card = asked.client.smartcard
    return (("paired", "yes"), ("smartcard", card)) if card else (("paired", "no"),)


def _entitlements(asked: Asked) -> Properties:
    held = asked.client.entitled(asked.at)
    return tuple((ca_id, span(right.window) or WITHOUT_END) for ca_id, right in held.items())


def _basic(asked: Asked) -> Properties:
    client = asked.client
    return (
        ("secureClient", asked.id),
        ("subscription", client.subscription),
        ("registered", instant(client.registered)),
    )


def _sector(asked: Asked) -> Properties:
    client = asked.client
    last = client.reauthorised_at
    counted = ("sector", client.sector), ("reauthorised", str(client.reauthorised))
    return (*counted, ("reauthorisedAt", instant(last))) if last else counted


def _device_domain(asked: Asked) -> Properties:
    """The devices of one subscription."""
    shared = asked.client.subscription
    members = sorted(id_ for id_, client in asked.clients.items() if client.subscription == shared)
    return (("domain", shared), *(("member", id_) for id_ in members))


# fmt: off
SECTIONS: dict[Kind, Callable[[Asked], Properties]] = {
    Kind.PAIRING:       _pairing,
    Kind.ENTITLEMENTS:  _entitlements,
    Kind.BASIC:         _basic,
    Kind.SECURITY:      lambda asked: (("pin", asked.client.pin.how or "as delivered"),),
    Kind.ANCHORING:     lambda _: (("anchored", "no"),),
    Kind.TMS_ATTRIBUTE: lambda _: (),
    Kind.SECTOR:        _sector,
    Kind.PVR:           lambda _: (("enabled", "no"),),
    Kind.DEVICE_DOMAIN: _device_domain,
}
# fmt: on
