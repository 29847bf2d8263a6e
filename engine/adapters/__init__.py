"""One folder per platform: its table, its trigger logic, its messages, its replies. Pure: no I/O, no clock."""

from collections.abc import Mapping

from engine.adapters.conax import CONAX
from engine.adapters.icareus import ICAREUS
from engine.adapters.irdeto import IRDETO
from engine.adapters.tucano import TUCANO
from engine.domain.errors import UnknownError
from engine.ports import Adapter

ADAPTERS: Mapping[str, Adapter] = {"tucano": TUCANO, "icareus": ICAREUS, "irdeto": IRDETO, "conax": CONAX}
"""All that there are, by protocol."""


def table(protocol: str) -> Adapter:
    """The adapter of a protocol, for printing its request table. Raises UnknownError."""
    if protocol not in ADAPTERS:
        raise UnknownError("platform", protocol, ADAPTERS)
    return ADAPTERS[protocol]
