"""A story as values: each step, and all that the manual says must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OUTAGE_BEGINS, OUTAGE_ENDS, RESET = "OUTAGE_BEGINS", "OUTAGE_ENDS", "RESET"
Person = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as it must be: the parameters named are those that matter.

    `operation` and `received` are the same in the platform's words, where these are others.
    """

    command: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    life_cycle_state: str = "COMPLETED"
    operation: str = ""
    received: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Step:
    """One thing that happens, and what must come of it at the platform.

    `refused` is the sentence of an action that must not be carried out; `in_sync` is None where nobody subscribes yet.
    """

    title: str
    action: str
    subscription: str
    details: Mapping[str, Any] = field(default_factory=dict)
    requests: tuple[Request, ...] = ()
    effects: tuple[str, ...] = ()
    in_sync: bool | None = True
    platform: str = "tucano"
    refused: str = ""
