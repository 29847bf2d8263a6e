"""`headend table`: the manual's tables, printed from the rows that run."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from engine.adapters import ADAPTERS
from engine.domain.errors import UnknownError
from harness import capabilities, tables
from harness.cli import reach
from harness.cli.text import columns

Table = tuple[tuple[str, ...], list[dict[str, Any]]]
TABLES: Mapping[str, Callable[[], Table]] = {
    "actions": lambda: (tables.ACTION_COLUMNS, tables.actions()),
    "capabilities": lambda: (capabilities.columns(), capabilities.capabilities()),
}


@click.command()
@click.argument("name", metavar="PLATFORM|actions|capabilities")
@reach.as_json
def table(name: str, *, json_wanted: bool) -> None:
    """Print the request table of a PLATFORM, the table of actions, or what each platform can be asked for.

    \b
    headend table tucano
    headend table capabilities
    """  # noqa: D301 (a backspace is click's mark for lines to be kept as they are)
    if name not in {*TABLES, *ADAPTERS}:
        raise reach.CalledWronglyError(UnknownError("table", name, {*TABLES, *ADAPTERS}).message)
    names, rows = TABLES[name]() if name in TABLES else tables.requests(name)
    click.echo(json.dumps(rows, indent=2) if json_wanted else columns(rows, names))


def actions_table() -> str:
    """The table of actions, with the details that each takes."""
    rows: list[dict[str, Any]] = tables.actions()
    return columns(rows, tables.ACTION_COLUMNS)
