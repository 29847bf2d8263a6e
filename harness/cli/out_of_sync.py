"""What `headend show --out-of-sync` tells: who differs at which provider, and how many do."""

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

import click

from harness.cli.text import columns, minute
from harness.clients import EngineClient, Json

LIST, COUNT = "/provisioning/out_of_sync/list", "/provisioning/out_of_sync/count"
TOGETHER = 50_000  # ids that are counted by one call
COLUMNS, COUNT_COLUMNS = ("subscription", "provider", "since", "pending", "differences"), ("provider", "out_of_sync")


class Chosen(NamedTuple):
    """At which provider (none: all), made from when to when, of which types."""

    provider: str | None = None
    created_from: str | None = None
    created_to: str | None = None
    subscription_types: str | None = None


def listed(client: EngineClient, chosen: Chosen, limit: int, after: int) -> Json:
    """Some of them, and how many there are at each provider."""
    found = client.look(LIST, number_of_results=limit, after=after, **chosen._asdict())
    return {**found, "counts": counted(client, chosen)}


def counted(client: EngineClient, chosen: Chosen) -> dict[str, int]:
    """How many there are, by provider, counted in parts: somebody may look on."""
    first = client.look(COUNT, last_id=1, **chosen._asdict())
    return {code: counted_at(client, chosen._replace(provider=code), first["newest_id"]) for code in first["providers"]}


def counted_at(client: EngineClient, chosen: Chosen, newest: int) -> int:
    """How many there are at a provider."""
    number, soon = 0, newest <= TOGETHER or not sys.stderr.isatty()
    with click.progressbar(
        range(1, newest + 1, TOGETHER), label=chosen.provider, file=sys.stderr, hidden=soon
    ) as parts:
        for first in parts:
            part = client.look(COUNT, first_id=first, last_id=first + TOGETHER - 1, **chosen._asdict())
            number += sum(part["providers"].values())
    return number


def list_text(found: Json) -> str:
    """Subscriptions, one a line for each provider; then how many there are."""
    rows = [{**one, "since": minute(one["since"])} for one in found["results"]]
    more = [f"\nMore: --after {found['after']}"] if found["after"] else []
    table = [columns(rows, COLUMNS)] if rows else []
    return "\n".join([*table, *([""] if rows else []), count_text(found["counts"]), *more])


def count_text(found: Mapping[str, int]) -> str:
    """How many there are, a provider a line."""
    rows: list[Mapping[str, Any]] = [{"provider": code, "out_of_sync": number} for code, number in found.items()]
    return columns(rows, COUNT_COLUMNS) if rows else "No provider is EFFECTIVE."
