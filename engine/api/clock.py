"""The calls about the engine's time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from engine.api.models import Said
from engine.api.site import Site

LONGEST_ADVANCE_S = 100 * 366 * 86_400  # a century


@dataclass(frozen=True)
class Time:
    """The engine's present moment, and whether it can be put forward."""

    now: datetime
    movable: bool


class Advance(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By how many seconds the clock is put forward."""

    advance_s: Annotated[float, Meta(gt=0, le=LONGEST_ADVANCE_S)]


def show(site: Site) -> Time:
    """Show the engine's time."""
    return Time(*site.engine.time())


def advance(site: Site, said: Advance) -> Time:
    """Put the engine's clock forward, where it was started with one that can be."""
    site.engine.advance(said.advance_s)
    return show(site)
